import { compileWasm, instantiateWasm } from "../../wasm";
import { neuronClasses } from "../plan/classes";
import { isLinear, withWeights, type Plan } from "../plan/plan";
import { scaleLayers } from "../plan/scaling";
import type { WalkShare } from "../walk/count";
import type { CheckedDomain } from "./domain";
import { domainLines } from "./domain-lines";
import { wasmBase64 } from "./engine-wasm.generated";
import { ExactSigns } from "./exact";
import { firstRows } from "./rows";
import { sparseNetwork, type SparseNetwork } from "./sparse";

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
  setLayer(layer: number, rows: number, weights: number, biases: number): void;
  setErrors(errors: number): void;
  setSparse(layer: number, starts: number, columns: number, values: number, neurons: number): void;
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

/** What a walk asks of its surroundings. */
export interface EngineHost {
  /** Whether this worker may take a subtree. */
  claim?(subtree: number): boolean;
  /** Called now and then; answers with the number of regions at which to ask again, and no more than `regions` stops. */
  progress?(regions: number): number;
  /** Takes over the regions and edges written since the last call (streaming). */
  regions?(regions: number, edges: number): void;
  /** A cut above the subtrees: its signs, one byte a corner, are at byte `at` of the memory. */
  joint?(at: number, corners: number): void;
  /** A claimed subtree is done; the edges along its sides are `words` words at byte `at` of the memory. */
  finished?(at: number, words: number): void;
}

/** Stack beside what the root itself takes; untouched pages cost nothing. */
const STACK_BYTES = 1 << 26;

let compiled: object | undefined;

/** A WebAssembly instance and where its calls go at present. */
interface Instance {
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

function takeInstance(): Instance {
  const known = idle.pop();
  if (known) {
    known.exports.reset();
    return known;
  }
  const calls: Instance["calls"] = {
    exactSign: () => 0,
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

/** The largest row a plan may have for the constants of exactness.md to hold. */
const MOST_COLUMNS = 1_000_000;

/** How an engine walks. */
export interface EngineOptions {
  readonly host?: EngineHost;
  /** Whether a sign that doubles leave in doubt is decided in integers (default true). */
  readonly certified?: boolean;
  /** Whether the outputs' rows are folded too, for the maps of regions (default false). */
  readonly withOutputs?: boolean;
  /** Whether rows are lists of non-zeros even where few numbers are zero (default false). */
  readonly alwaysSparse?: boolean;
}

/** One instance of the engine, ready to walk one network on one domain. */
export class Engine {
  readonly exports: EngineExports;
  private readonly instance: Instance;
  private readonly exact: ExactSigns;
  private failure: unknown;
  private sparse: SparseNetwork | undefined;

  readonly plan: Plan;

  constructor(
    given: Plan,
    readonly domain: CheckedDomain,
    { host = {}, certified = true, withOutputs = false, alwaysSparse = false }: EngineOptions = {},
  ) {
    const plan = withWeights(given);
    this.plan = plan;
    if (plan.neurons > MOST_COLUMNS) {
      throw new RangeError(
        `${plan.neurons} hidden neurons: the engine's error bound holds up to ${MOST_COLUMNS}`,
      );
    }
    // An exception must not unwind through WebAssembly and leave it half done: it is kept, and thrown after the walk.
    const guard =
      (call: (...args: number[]) => number, otherwise: number) =>
      (...args: number[]): number => {
        if (this.failure !== undefined) return otherwise;
        try {
          return call(...args);
        } catch (error) {
          this.failure = error;
          return otherwise;
        }
      };
    this.instance = takeInstance();
    this.exports = this.instance.exports;
    Object.assign(this.instance.calls, {
      exactSign: guard((neuron, p, q) => this.exact.sign(neuron, p, q), 0),
      place: guard((p, q, axis) => this.exact.place(p, q, axis), 0),
      claim: guard((subtree) => (host.claim && !host.claim(subtree) ? 0 : 1), 0),
      progress: guard((regions) => host.progress?.(regions) ?? Infinity, 0),
      regions: guard((regions, edges) => (host.regions?.(regions, edges), 0), 0),
      joint: guard((at, corners) => (host.joint?.(at, corners), 0), 0),
      finished: guard((at, words) => (host.finished?.(at, words), 0), 0),
    });
    this.exact = new ExactSigns(plan, domain, () => this.states());
    this.build(certified, withOutputs, alwaysSparse);
    if (this.sparse) this.exact.useSums(this.sparse);
  }

  /** One byte a hidden neuron, as the walk has it now. */
  states(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, this.exports.statesPointer(), this.plan.neurons);
  }

  /** Walks; afterwards the exported counters hold the result. */
  run(): void {
    this.failure = undefined;
    try {
      this.exports.run();
    } catch (error) {
      throw this.failure ?? new Error(`the region engine ran out of its stack`, { cause: error });
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Leaves the memory to the next engine. Call it when every result has been read, and use this one no more. */
  release(): void {
    if (idle.length < MOST_IDLE && this.exports.memory.buffer.byteLength <= MOST_IDLE_BYTES)
      idle.push(this.instance);
  }

  /** Cells of the first 1, 2, ... layers that have ReLUs. */
  cells(): number[] {
    const { hidden } = this.plan;
    const all = hidden.map((_, l) =>
      l + 1 < hidden.length ? this.exports.cellsAfter(l) : this.exports.regions(),
    );
    return all.filter((_, l) => hidden[l].slope !== 1);
  }

  /** What the walk has counted. */
  share(): WalkShare {
    const { exports } = this;
    return {
      regions: exports.regions(),
      cells: this.cells(),
      fallbacks: exports.fallbacks(),
      complete: exports.stopped() === 0,
    };
  }

  private place(values: Float64Array): number {
    const at = this.exports.reserve(values.byteLength);
    new Float64Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }

  private placeIntegers(values: Int32Array): number {
    const at = this.exports.reserve(values.byteLength);
    new Int32Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }

  private build(certified: boolean, withOutputs: boolean, alwaysSparse: boolean): void {
    const { plan, domain, exports } = this;
    const layers = withOutputs ? [...plan.hidden, plan.output] : plan.hidden;
    const scaled = scaleLayers(plan, firstRows(plan, domain));
    const constant = constantNeurons(plan, domain);
    this.sparse = sparseNetwork(plan, scaled.weights, scaled.biases, constant, alwaysSparse, scaled.rows);
    exports.prepare(
      plan.hidden.length,
      withOutputs ? 1 : 0,
      plan.neurons,
      this.sparse ? 1 : 0,
      certified ? 1 : 0,
    );
    const slopes = plan.hidden.flatMap((layer) =>
      Array.from(layer.biases, (_, j) => (isLinear(layer, j) ? 1 : 0)),
    );
    exports.setNeurons(this.place(Float64Array.from(slopes)), this.placeIntegers(neuronClasses(plan)));
    const { corners, values, diameter } = domainLines(domain.polygon);
    exports.setDomain(corners, this.place(values), diameter);
    exports.setErrors(this.place(scaled.errors));
    exports.setLayer(0, layers[0].outputs, this.place(scaled.weights[0]), this.place(scaled.biases[0]));
    if (this.sparse) this.setSparseLayers(this.sparse, layers.length);
    else {
      for (let l = 1; l < layers.length; l++) {
        exports.setLayer(l, layers[l].outputs, this.place(scaled.weights[l]), this.place(scaled.biases[l]));
      }
    }
    exports.build(STACK_BYTES);
  }

  /** The layers above the first one, as lists of non-zeros. */
  private setSparseLayers({ layers, sums, zeroable }: SparseNetwork, count: number): void {
    const { exports } = this;
    for (const [i, { starts, columns, values, biases, neurons }] of layers.slice(0, count - 1).entries()) {
      exports.setLayer(i + 1, neurons.length, 0, this.place(biases));
      exports.setSparse(
        i + 1,
        this.placeIntegers(starts),
        this.placeIntegers(columns),
        this.place(values),
        this.placeIntegers(neurons),
      );
    }
    exports.setSums(
      this.placeIntegers(sums),
      sums.byteLength,
      this.placeIntegers(zeroable),
      zeroable.byteLength,
    );
  }
}

/** Which neurons of the first layer have no weight on an input that is not zero all over the domain. */
function constantNeurons({ hidden }: Plan, { plane }: CheckedDomain): Uint8Array {
  const { inputs, outputs, rows } = hidden[0];
  const seen = Uint8Array.from({ length: inputs }, (_, i) =>
    !plane || plane.origin[i] !== 0 || plane.u[i] !== 0 || plane.v[i] !== 0 ? 1 : 0,
  );
  return Uint8Array.from({ length: outputs }, (_, j) => {
    if (rows)
      return rows.columns.subarray(rows.starts[j], rows.starts[j + 1]).some((i) => seen[i] === 1) ? 0 : 1;
    const row = hidden[0].weights.subarray(j * inputs, (j + 1) * inputs);
    return row.some((w, i) => w !== 0 && seen[i] === 1) ? 0 : 1;
  });
}
