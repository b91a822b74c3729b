import path from "node:path";
import process from "node:process";

interface WasmModule {
  setWasmPaths(prefix: string): void;
  version_wasm: string;
}

/**
 * Registers the WebAssembly backend and makes it the current one.
 *
 * @param tf the TensorFlow.js to work in
 * @returns the backend's version
 * @throws Error when the backend does not start
 */
export async function startWasm(tf: { setBackend(name: string): Promise<boolean> }): Promise<string> {
  const backend = require("@tensorflow/tfjs-backend-wasm") as WasmModule;
  const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  backend.setWasmPaths(path.join(folder, "dist") + path.sep);
  // Emscripten's start-up code adds handlers that rethrow every unhandled rejection of the host program: not its business.
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as "uncaughtException")));
  try {
    if (!(await tf.setBackend("wasm"))) throw new Error("tfjs-backend-wasm did not start");
  } finally {
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as "uncaughtException")) {
        if (!before[i].has(listener)) process.removeListener(event, listener);
      }
    }
  }
  return backend.version_wasm;
}
