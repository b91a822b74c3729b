import process from "node:process";
import { firstLine, loadNative } from "./native";
import { smokeTest, type SmokeTestable } from "./smoke";
import { startTrainingKernels } from "./training";
import { startWasm } from "./wasm";

/** The backends in order of preference. */
export const backendNames = ["native", "wasm", "cpu"] as const;
/** "native" is the C++ addon, "wasm" the WebAssembly backend, "cpu" plain JavaScript. */
export type BackendName = (typeof backendNames)[number];

/** Which backend runs, and why that one. */
export interface RuntimeState {
  readonly backend: BackendName;
  /** Why it was chosen, in one line. */
  readonly why: string;
  /** Version of TensorFlow.js. */
  readonly version: string;
}

/**
 * TensorFlow.js, loosely typed on purpose: its own types would cost every notebook cell seconds of checking.
 * Code that wants them writes `tensorflow<typeof import("@tensorflow/tfjs")>()`.
 */
export interface TensorFlow {
  readonly version_core: string;
  /** The name of the backend that computes. */
  getBackend(): string;
  /** What its tensors hold at the moment. */
  memory(): { numTensors: number; numBytes: number };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [name: string]: any;
}

type Tfjs = TensorFlow &
  SmokeTestable & {
    setBackend(name: string): Promise<boolean>;
    findBackend(name: string): { firstUse?: boolean } | null;
  };

let tf: Tfjs | undefined;
let state: RuntimeState | undefined;
let reasons: string[] = [];
let settled: Promise<RuntimeState> | undefined;

/** The backend that RELU_LAB_BACKEND asks for, or undefined. */
function forced(): BackendName | undefined {
  const value = process.env.RELU_LAB_BACKEND;
  if (value === undefined || value === "") return undefined;
  if ((backendNames as readonly string[]).includes(value)) return value as BackendName;
  throw new Error(`RELU_LAB_BACKEND is "${value}": it must be one of ${backendNames.join(", ")}, or not set`);
}

function refusal(backend: BackendName, error: unknown): Error {
  return new Error(
    `RELU_LAB_BACKEND asks for ${backend}, but ${firstLine(error)}. Unset it to let relu-lab choose.`,
    { cause: error },
  );
}

/** Makes the plain JavaScript backend current: the only one that starts without waiting. */
function useCpu(tfjs: Tfjs): void {
  void tfjs.setBackend("cpu"); // sets it at once; the promise has nothing left to do
  const backend = tfjs.findBackend("cpu");
  if (backend) backend.firstUse = false; // no banner that advertises another package
}

/**
 * The TensorFlow.js that everything in this process shares, at once.
 *
 * The native addon is tried here (it loads synchronously). Otherwise plain JavaScript computes until `ready()`
 * has switched to WebAssembly, which only starts asynchronously.
 *
 * @returns the module; the same object at every call
 * @throws Error when RELU_LAB_BACKEND has no valid value, or asks for an addon that does not work
 * @example
 * const tf = runtime.tensorflow<typeof import("@tensorflow/tfjs")>();
 */
export function tensorflow<T = TensorFlow>(): T {
  if (tf) return tf as unknown as T;
  const wanted = forced();
  const why: string[] = [];
  if (wanted === undefined || wanted === "native") {
    try {
      const native = loadNative() as Tfjs;
      try {
        smokeTest(native);
      } catch (error) {
        throw new Error(`the native addon does not work (${firstLine(error)})`, { cause: error });
      }
      tf = native;
      state = {
        backend: "native",
        why: wanted ? "RELU_LAB_BACKEND asks for it" : "the native addon works",
        version: native.version_core,
      };
      return tf as unknown as T;
    } catch (error) {
      if (wanted) throw refusal(wanted, error);
      why.push(firstLine(error));
    }
  }
  const tfjs = require("@tensorflow/tfjs") as Tfjs;
  useCpu(tfjs);
  reasons = why;
  tf = tfjs;
  return tf as unknown as T;
}

async function choose(): Promise<RuntimeState> {
  const wanted = forced();
  const tfjs = tensorflow<Tfjs>();
  if (state) return state; // native
  const because = () => (wanted ? "RELU_LAB_BACKEND asks for it" : reasons.join("; "));
  if (wanted !== "cpu") {
    try {
      await startWasm(tfjs);
      startTrainingKernels();
      smokeTest(tfjs);
      return (state = { backend: "wasm", why: because(), version: tfjs.version_core });
    } catch (error) {
      useCpu(tfjs);
      const line = `the WebAssembly backend does not work (${firstLine(error)})`;
      if (wanted) throw refusal(wanted, new Error(line, { cause: error }));
      reasons.push(line);
    }
  }
  useCpu(tfjs);
  smokeTest(tfjs);
  return (state = { backend: "cpu", why: because(), version: tfjs.version_core });
}

/**
 * Chooses the backend, once a process: the native addon, else WebAssembly, else plain JavaScript, each after a smoke
 * test. `RELU_LAB_BACKEND=native|wasm|cpu` asks for one; then nothing else is tried.
 *
 * @returns which backend runs, why, and the version of TensorFlow.js
 * @throws Error when RELU_LAB_BACKEND has no valid value, or the backend it asks for does not work
 * @example
 * const { backend, why } = await runtime.ready();
 */
export function ready(): Promise<RuntimeState> {
  return (settled ??= choose());
}

/**
 * One line for a report: which backend runs, and why. Loads nothing.
 *
 * A TensorFlow.js that was merely loaded (danfojs-node does) has computed nothing as long as nobody asked for a backend.
 */
export function describe(): string {
  if (state) return `TensorFlow.js ${state.version}, backend ${state.backend}: ${state.why}`;
  if (tf) return `none was asked for (TensorFlow.js ${tf.version_core} is loaded)`;
  return "TensorFlow.js: none loaded";
}
