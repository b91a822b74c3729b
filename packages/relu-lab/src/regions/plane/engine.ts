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
import { sparseNetwork, type SparseLayer, type SparseNetwork } from "./sparse";

/** What the WebAssembly module exports (assembly/regions/engine.ts). */
export interface EngineExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  reset(): void;
  reserve(bytes: number): number;
  build(...args: number[]): void;
  enumerate(maps: number, streaming: number, comparing: number): void;
  claimAt(depth: number, first: number): void;
  run(): void;
  regions(): number;
  fallbacks(): number;
  stopped(): number;
  cellsAfter(layer: number): number;
  statesPointer(): number;
  edgeCount(): number;
  edgeChunk(i: number): number;
  regionChunk(i: number): number;
  regionShift(): number;
  regionArray(k: number): number;
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
    host: EngineHost = {},
    certified = true,
    withOutputs = false,
    alwaysSparse = false,
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

  private placeWords(values: readonly number[]): number {
    const at = this.exports.reserve(values.length * 4);
    new Uint32Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }

  private placeIntegers(values: Int32Array): number {
    const at = this.exports.reserve(values.byteLength);
    new Int32Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** Where the rows of a sparse layer stand. */
  private placeRows({ starts, columns, values, neurons }: SparseLayer): number[] {
    return [
      this.placeIntegers(starts),
      this.placeIntegers(columns),
      this.place(values),
      this.placeIntegers(neurons),
    ];
  }

  /** Sizes, biases and rows of a sparse network, as `build` takes them. */
  private placeSparse(sparse: SparseNetwork, first: Float64Array, firstBiases: Float64Array, layers: number) {
    const above = sparse.layers.slice(0, layers - 1);
    return {
      sizes: this.placeWords([firstBiases.length, ...above.map((layer) => layer.neurons.length)]),
      weights: this.placeWords([this.place(first)]),
      biases: this.placeWords([this.place(firstBiases), ...above.map((layer) => this.place(layer.biases))]),
      links: this.placeWords([0, 0, 0, 0, ...above.flatMap((layer) => this.placeRows(layer))]),
      sums: this.placeIntegers(sparse.sums),
      sumsBytes: sparse.sums.byteLength,
      zeroable: this.placeIntegers(sparse.zeroable),
      zeroableBytes: sparse.zeroable.byteLength,
    };
  }

  private build(certified: boolean, withOutputs: boolean, alwaysSparse: boolean): void {
    const { plan, domain } = this;
    const layers = withOutputs ? [...plan.hidden, plan.output] : plan.hidden;
    const scaled = scaleLayers(plan, firstRows(plan, domain));
    this.sparse = sparseNetwork(
      plan,
      scaled.weights,
      scaled.biases,
      constantNeurons(plan, domain),
      alwaysSparse,
      scaled.rows,
    );
    const placed = this.sparse
      ? this.placeSparse(this.sparse, scaled.weights[0], scaled.biases[0], layers.length)
      : {
          sizes: this.placeWords(layers.map((layer) => layer.outputs)),
          weights: this.placeWords(layers.map((_, l) => this.place(scaled.weights[l]))),
          biases: this.placeWords(layers.map((_, l) => this.place(scaled.biases[l]))),
          links: 0,
          sums: 0,
          sumsBytes: 0,
          zeroable: 0,
          zeroableBytes: 0,
        };
    const slopes = this.place(
      Float64Array.from(
        plan.hidden.flatMap((layer) => Array.from(layer.biases, (_, j) => (isLinear(layer, j) ? 1 : 0))),
      ),
    );
    const errors = this.place(scaled.errors);
    const { corners, values, diameter } = domainLines(domain.polygon);
    this.exports.build(
      plan.hidden.length,
      withOutputs ? 1 : 0,
      placed.sizes,
      placed.weights,
      placed.biases,
      slopes,
      this.placeWords([...neuronClasses(plan)]),
      errors,
      corners,
      this.place(values),
      diameter,
      certified ? 1 : 0,
      STACK_BYTES,
      plan.neurons,
      placed.links,
      placed.sums,
      placed.sumsBytes,
      placed.zeroable,
      placed.zeroableBytes,
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
