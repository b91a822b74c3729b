import { compileWasm, instantiateWasm } from "../../wasm";
import { wasmBase64 } from "./engine-wasm.generated";

/** A constant that the module exports. */
interface WasmConstant {
  readonly value: number;
}

/** What the WebAssembly module exports (assembly/regions/engine.ts); flags are 0 or 1. */
export interface EngineExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  reset(): void;
  reserve(bytes: number): number;
  prepare(layers: number, outputs: number, neurons: number, sparse: number, certified: number): void;
  setNeurons(slopes: number, classes: number): void;
  setDomain(corners: number, edges: number, diameter: number): void;
  setLayer(layer: number, rows: number, weights: number, biases: number, neurons: number): void;
  setErrors(errors: number): void;
  setSparse(layer: number, starts: number, columns: number, values: number): void;
  setSums(sums: number, sumsBytes: number, zeroable: number, zeroableBytes: number): void;
  build(stackBytes: number): void;
  enumerate(maps: number, streaming: number, comparing: number): void;
  claimAt(depth: number, first: number): void;
  run(): void;
  regions(): number;
  fallbacks(): number;
  stopped(): number;
  cellsAfter(layer: number): number;
  statesPointer(): number;
  edgeCount(): number;
  // Where a chunk of half-edges has its arrays (assembly/regions/chunks.ts), and 2^EDGE_SHIFT edges a chunk.
  readonly EDGE_SHIFT: WasmConstant;
  readonly LABELS: WasmConstant;
  readonly TWINS: WasmConstant;
  readonly REGIONS: WasmConstant;
  readonly NEXTS: WasmConstant;
  /** In NEXTS: the maps on the two sides may be the same. */
  readonly DOUBTFUL: WasmConstant;
  edgeChunk(i: number): number;
  // The same for regions.
  regionShift(): number;
  hashesAt(): number;
  firstsAt(): number;
  patternsAt(): number;
  mapsAt(): number;
  errorsAt(): number;
  regionChunk(i: number): number;
  mismatches(): number;
}

/** The answer to a question for a sign that ends the walk. */
export const STOP = 3;

let compiled: object | undefined;

/** A WebAssembly instance and where its calls go at present. */
export interface Instance {
  readonly exports: EngineExports;
  readonly calls: Record<
    "exactSign" | "place" | "claim" | "progress" | "regions" | "joint" | "finished",
    (...args: number[]) => number
  >;
}

/** Instances that have done their walk: their memory serves the next one. */
const idle: Instance[] = [];
const MOST_IDLE = 2;
const MOST_IDLE_BYTES = 1 << 28;

/** An instance with nothing in it: one that has done its walk, or a new one. */
export function takeInstance(): Instance {
  const known = idle.pop();
  if (known) {
    known.exports.reset();
    return known;
  }
  const calls: Instance["calls"] = {
    exactSign: () => STOP,
    place: () => 0,
    claim: () => 1,
    progress: () => Infinity,
    regions: () => 0,
    joint: () => 0,
    finished: () => 0,
  };
  const exports = instantiateWasm<EngineExports>((compiled ??= compileWasm(wasmBase64)), {
    exactSign: (neuron, p, q) => calls.exactSign(neuron, p, q),
    place: (p, q, axis) => calls.place(p, q, axis),
    claim: (subtree) => calls.claim(subtree),
    progress: (regions) => calls.progress(regions),
    regions: (regions, edges) => calls.regions(regions, edges),
    joint: (at, corners) => calls.joint(at, corners),
    finished: (at, words) => calls.finished(at, words),
  });
  return { exports, calls };
}

/** Leaves an instance to the next walk. */
export function giveBack(instance: Instance): void {
  if (idle.length < MOST_IDLE && instance.exports.memory.buffer.byteLength <= MOST_IDLE_BYTES)
    idle.push(instance);
}
