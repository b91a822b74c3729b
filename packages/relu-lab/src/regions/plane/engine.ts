import { neuronClasses } from "../plan/classes";
import { isLinear, withWeights, type Plan } from "../plan/plan";
import { scaleLayers } from "../plan/scaling";
import type { WalkShare } from "../walk/count";
import type { CheckedDomain } from "./domain";
import { domainLines } from "./domain-lines";
import { ExactSigns } from "./exact";
import { giveBack, STOP, takeInstance, type EngineExports, type Instance } from "./instance";
import { firstRows } from "./rows";
import { sparseNetwork, type SparseNetwork } from "./sparse";

export type { EngineExports } from "./instance";

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

/** Between so many exact signs the host is asked whether to go on: they take up to some milliseconds each. */
const ASK_EVERY = 8;

/** The largest row a plan may have for the constants of exactness.md to hold. */
const MOST_COLUMNS = 1_000_000;

/** How an engine walks. */
export interface EngineOptions {
  readonly host?: EngineHost;
  /** Whether a sign that doubles leave in doubt is decided in integers (default true). */
  readonly certified?: boolean;
  /** Whether regions are only counted: then of the last layer's neurons on one line one is enough (default false). */
  readonly onlyCounts?: boolean;
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
  private view: Uint8Array | undefined;
  private sparse: SparseNetwork | undefined;

  readonly plan: Plan;

  constructor(
    given: Plan,
    readonly domain: CheckedDomain,
    options: EngineOptions = {},
  ) {
    const { host = {} } = options;
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
    let asked = 0;
    this.instance = takeInstance();
    this.exports = this.instance.exports;
    Object.assign(this.instance.calls, {
      exactSign: guard((neuron, p, q) => {
        // Signs may take so long that the walk itself does not come to ask whether it is to go on.
        if (
          ++asked % ASK_EVERY === 0 &&
          host.progress &&
          this.exports.regions() >= host.progress(this.exports.regions())
        )
          return STOP;
        return this.exact.sign(neuron, p, q);
      }, STOP),
      place: guard((p, q, axis) => this.exact.place(p, q, axis), 0),
      claim: guard((subtree) => (host.claim && !host.claim(subtree) ? 0 : 1), 0),
      progress: guard((regions) => host.progress?.(regions) ?? Infinity, 0),
      regions: guard((regions, edges) => (host.regions?.(regions, edges), 0), 0),
      joint: guard((at, corners) => (host.joint?.(at, corners), 0), 0),
      finished: guard((at, words) => (host.finished?.(at, words), 0), 0),
    });
    this.exact = new ExactSigns(plan, domain, () => this.states());
    this.build(options);
    if (this.sparse) this.exact.useSums(this.sparse);
  }

  /** One byte a hidden neuron, as the walk has it now. */
  states(): Uint8Array {
    const { buffer } = this.exports.memory;
    // Asked for with every exact sign: made anew only after the memory has grown.
    if (this.view?.buffer !== buffer)
      this.view = new Uint8Array(buffer, this.exports.statesPointer(), this.plan.neurons);
    return this.view;
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
    giveBack(this.instance);
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

  private build({ certified = true, withOutputs, onlyCounts, alwaysSparse = false }: EngineOptions): void {
    const { plan, domain, exports } = this;
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
    const classes = neuronClasses(plan);
    exports.setNeurons(this.place(Float64Array.from(slopes)), this.placeIntegers(classes));
    const { corners, values, diameter } = domainLines(domain.polygon);
    exports.setDomain(corners, this.place(values), diameter);
    const neurons = onlyCounts && !this.sparse ? oneOfEachClass(plan, classes) : undefined;
    const { errors } = scaled; // of the first layer's rows
    const some = neurons && layers.length === 1;
    exports.setErrors(this.place(some ? Float64Array.from(neurons, (neuron) => errors[neuron]) : errors));
    for (let l = 0; l < (this.sparse ? 1 : layers.length); l++) {
      const [weights, biases] = [scaled.weights[l], scaled.biases[l]];
      if (neurons && l === layers.length - 1) this.setRows(l, weights, biases, neurons);
      else exports.setLayer(l, layers[l].outputs, this.place(weights), this.place(biases), 0);
    }
    if (this.sparse) this.setSparseLayers(this.sparse, layers.length);
    exports.build(STACK_BYTES);
  }

  /** A layer of which only some neurons have rows. */
  private setRows(l: number, weights: Float64Array, biases: Float64Array, neurons: Int32Array): void {
    const first = this.plan.neurons - biases.length; // it is the last one
    const width = weights.length / biases.length;
    const rows = new Float64Array(neurons.length * width);
    neurons.forEach((neuron, i) => {
      rows.set(weights.subarray((neuron - first) * width, (neuron - first + 1) * width), i * width);
    });
    const constants = Float64Array.from(neurons, (neuron) => biases[neuron - first]);
    const at = this.placeIntegers(neurons);
    this.exports.setLayer(l, neurons.length, this.place(rows), this.place(constants), at);
  }

  /** The layers above the first one, as lists of non-zeros. */
  private setSparseLayers({ layers, sums, zeroable }: SparseNetwork, count: number): void {
    const { exports } = this;
    for (const [i, { starts, columns, values, biases, neurons }] of layers.slice(0, count - 1).entries()) {
      exports.setLayer(i + 1, neurons.length, 0, this.place(biases), this.placeIntegers(neurons));
      exports.setSparse(i + 1, this.placeIntegers(starts), this.placeIntegers(columns), this.place(values));
    }
    exports.setSums(
      this.placeIntegers(sums),
      sums.byteLength,
      this.placeIntegers(zeroable),
      zeroable.byteLength,
    );
  }
}

/** Of the last layer's neurons one of each class; undefined where there are no twins. */
function oneOfEachClass({ hidden, neurons }: Plan, classes: Int32Array): Int32Array | undefined {
  const first = neurons - hidden[hidden.length - 1].outputs;
  const kept = Int32Array.from({ length: neurons - first }, (_, j) => first + j).filter(
    (n) => classes[n] === n,
  );
  return kept.length < neurons - first ? kept : undefined;
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
