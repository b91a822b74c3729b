import { Heap, type WasmBackend } from "./heap";
import { wasmBase64 } from "./training.generated";

/** The functions of assembly/index.ts; addresses are bytes from the start of the backend's memory. */
export interface Exports {
  product(
    a: number,
    rowA: number,
    columnA: number,
    b: number,
    rowB: number,
    columnB: number,
    c: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    relu: number,
    scratch: number,
  ): void;
  productScratch(n: number, k: number): number;
  setShape(...shape: number[]): void;
  setPooling(size: number, stride: number, pooledHeight: number, pooledWidth: number): void;
  convolutionScratch(): number;
  convolve(
    x: number,
    filter: number,
    bias: number,
    relu: number,
    y: number,
    places: number,
    batch: number,
    scratch: number,
  ): void;
  filterGradient(
    x: number,
    dy: number,
    y: number,
    places: number,
    relu: number,
    dFilter: number,
    dBias: number,
    batch: number,
    scratch: number,
  ): void;
  inputGradient(
    dy: number,
    y: number,
    places: number,
    relu: number,
    filter: number,
    dx: number,
    batch: number,
    scratch: number,
  ): void;
  maxPoolGradient(x: number, dy: number, dx: number, ...shape: number[]): void;
  activationGradient(
    dy: number,
    y: number,
    relu: number,
    dz: number,
    dBias: number,
    m: number,
    n: number,
  ): void;
  columnSums(x: number, out: number, m: number, n: number): void;
  scale(values: number, factor: number, out: number, n: number): void;
  softmaxCrossEntropy(
    logits: number,
    labels: number,
    loss: number,
    gradient: number,
    batch: number,
    classes: number,
  ): number;
  crossentropy(output: number, target: number, loss: number, batch: number, classes: number): void;
  crossentropyGradient(
    output: number,
    target: number,
    dy: number,
    gradient: number,
    batch: number,
    classes: number,
  ): void;
  countCorrect(logits: number, labels: number, batch: number, classes: number): number;
  copyRows(x: number, rows: number, rowBytes: number, indices: number, count: number, out: number): number;
  addRow(x: number, row: number, out: number, m: number, n: number, scratch: number): void;
  scaleBytes(bytes: number, out: number, n: number, factor: number): void;
  momentumStep(
    value: number,
    gradient: number,
    velocity: number,
    out: number,
    n: number,
    rate: number,
    momentum: number,
    nesterov: number,
  ): void;
  adamStep(
    value: number,
    gradient: number,
    first: number,
    second: number,
    out: number,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    rest1: number,
    rest2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
  ): void;
}

/** The kernels on one backend's memory. */
export interface Kernels {
  readonly heap: Heap;
  readonly call: Exports;
}

// Neither Node's types nor ES2023 declare WebAssembly; this is what is used of it.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
  Memory: new (descriptor: { initial: number }) => { buffer: ArrayBuffer };
};

const byBackend = new WeakMap<object, Kernels>();

/**
 * The kernels for a wasm backend, instantiated on its memory at the first call.
 *
 * @throws Error when the backend's internals are not as expected
 */
export function kernelsFor(backend: object): Kernels {
  const known = byBackend.get(backend);
  if (known) return known;
  const candidate = backend as WasmBackend;
  const memory = candidate.wasm?.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("the backend shows no WebAssembly memory");
  if (candidate.wasm.HEAPU8?.buffer !== memory.buffer)
    throw new Error("the backend's heap is not its memory");
  for (const [name, f] of [
    ["_malloc", candidate.wasm._malloc],
    ["makeOutput", candidate.makeOutput],
    ["incRef", candidate.incRef],
    ["refCount", candidate.refCount],
    ["dataIdMap.get", candidate.dataIdMap?.get],
  ] as const) {
    if (typeof f !== "function") throw new Error(`the backend has no ${name}`);
  }
  const bytes = Uint8Array.from(atob(wasmBase64), (letter) => letter.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const kernels = { heap: new Heap(candidate), call: instance.exports as Exports };
  byBackend.set(backend, kernels);
  return kernels;
}
