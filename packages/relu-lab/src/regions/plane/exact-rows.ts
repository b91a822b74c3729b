import { commonScale, toInteger } from "../arithmetic/integers";
import { layerAt, startsOf } from "../plan/places";
import { isLinear, type Plan } from "../plan/plan";
import { scalesOf } from "../plan/scales";
import type { CheckedDomain } from "./domain";
import type { StructuralZeros } from "./structural-zeros";

/** An affine function times a power of two that all rows of its layer share. */
export interface ExactRow {
  /** Different for each row that is made. */
  readonly id: number;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** A neuron's row, and what it was made from: the rows of its inputs that are on. */
interface Made {
  readonly row: ExactRow;
  readonly sources: readonly ExactRow[];
}

/**
 * Rows that reach so few others are looked at each time. For wider ones all states below are compared with those last
 * seen, which in a convolutional network takes as long as a hundred rows.
 */
const NARROW = 64;

/** How many of a neuron's rows are remembered: neighbouring cells switch to and fro between few. */
const REMEMBERED = 4;

/**
 * The rows of hidden neurons in exact integers, under the states that the walk has at the moment.
 *
 * A row is made anew only where a neuron that it reads has switched or has another row itself. In a convolutional
 * network that is rare: of thousands of neurons a row reads a few dozen.
 */
export class ExactRows {
  private readonly starts: Int32Array;
  readonly scales: readonly number[];
  private readonly steps: readonly number[];
  private readonly integers: ({ columns: Int32Array; weights: bigint[] } | undefined)[];
  private readonly made: (Made[] | undefined)[];
  private readonly reaches: Int32Array;
  /** For wide rows: the states as they were last seen; for each layer how often those below it have changed. */
  private readonly seen: Uint8Array;
  private readonly version: Int32Array;
  /** For each neuron the version of its layer at which its row, `made[neuron][0]`, was looked at. */
  private readonly checked: Int32Array;
  private nextId = 0;

  constructor(
    private readonly plan: Plan,
    private readonly domain: CheckedDomain,
  ) {
    this.starts = startsOf(plan.hidden);
    const neurons = this.starts[plan.hidden.length];
    this.integers = new Array<undefined>(neurons).fill(undefined);
    this.made = new Array<undefined>(neurons).fill(undefined);
    this.reaches = new Int32Array(neurons);
    this.seen = new Uint8Array(neurons);
    this.version = new Int32Array(plan.hidden.length);
    this.checked = new Int32Array(neurons).fill(-1);
    const { plane } = domain;
    const bits = plane ? commonScale(plane.u, commonScale(plane.v, commonScale(plane.origin))) : 0;
    ({ steps: this.steps, scales: this.scales } = scalesOf(plan.hidden, bits));
  }

  layerOf(neuron: number): number {
    return layerAt(this.starts, neuron);
  }

  /** The row of a hidden neuron under these states (one byte a neuron), times 2^scales[layer]. */
  row(neuron: number, states: Uint8Array, zeros: StructuralZeros | undefined): ExactRow {
    const layer = this.layerOf(neuron);
    if (this.reach(layer, neuron) > NARROW) this.follow(states, layer);
    return this.neuronRow(layer, neuron, states, zeros);
  }

  /** Where states of the layers below `layer` are not those last seen, wide rows above are looked at again. */
  private follow(states: Uint8Array, layer: number): void {
    const { seen, version, starts } = this;
    const end = starts[layer];
    const changed = firstDifference(states, seen, end);
    if (changed === end) return;
    seen.set(states.subarray(changed, end), changed);
    for (let l = this.layerOf(changed) + 1; l < version.length; l++) version[l]++;
  }

  /** How many rows have to be looked at for one, those of its inputs' inputs and so on counted as often as they are read. */
  private reach(layer: number, neuron: number): number {
    if (layer === 0) return 1;
    if (this.reaches[neuron] === 0) {
      const { columns } = (this.integers[neuron] ??= this.integersOf(layer, neuron));
      let sum = 1;
      for (let k = 0; k < columns.length && sum <= NARROW; k++)
        sum += this.reach(layer - 1, this.starts[layer - 1] + columns[k]);
      this.reaches[neuron] = sum;
    }
    return this.reaches[neuron];
  }

  private neuronRow(
    layer: number,
    neuron: number,
    states: Uint8Array,
    zeros: StructuralZeros | undefined,
  ): ExactRow {
    const made = (this.made[neuron] ??= []);
    if (layer === 0) {
      if (made.length === 0) made.push({ row: this.firstRow(neuron), sources: [] });
      return made[0].row;
    }
    if (this.reach(layer, neuron) > NARROW) {
      if (made.length > 0 && this.checked[neuron] === this.version[layer]) return made[0].row;
      this.checked[neuron] = this.version[layer];
    }
    const { columns, weights } = (this.integers[neuron] ??= this.integersOf(layer, neuron));
    const below = this.starts[layer - 1];
    const inputs = this.plan.hidden[layer - 1];
    const last = made.length > 0 ? made[0].sources : [];
    let same = 0;
    let sources: ExactRow[] | undefined; // made only where they are not the last ones: most questions change nothing
    for (let k = 0; k < columns.length; k++) {
      const input = below + columns[k];
      if (!(states[input] || isLinear(inputs, columns[k]) || zeros?.isSum(input))) continue;
      const row = this.neuronRow(layer - 1, input, states, zeros);
      if (sources) sources.push(row);
      else if (last[same] === row) same++;
      else sources = [...last.slice(0, same), row];
    }
    if (made.length > 0 && !sources && same === last.length) return made[0].row;
    sources ??= last.slice(0, same);
    for (let m = 1; m < made.length; m++) {
      if (!sameRows(made[m].sources, sources)) continue;
      made.unshift(...made.splice(m, 1));
      return made[0].row;
    }
    let a = 0n;
    let b = 0n;
    let c = toInteger(this.plan.hidden[layer].biases[neuron - this.starts[layer]], this.scales[layer]);
    let at = 0;
    for (let k = 0; k < columns.length; k++) {
      const input = below + columns[k];
      if (!(states[input] || isLinear(inputs, columns[k]) || zeros?.isSum(input))) continue;
      const row = sources[at++];
      a += weights[k] * row.a;
      b += weights[k] * row.b;
      c += weights[k] * row.c;
    }
    made.unshift({ row: { id: this.nextId++, a, b, c }, sources });
    if (made.length > REMEMBERED) made.pop();
    return made[0].row;
  }

  private integersOf(layer: number, neuron: number): { columns: Int32Array; weights: bigint[] } {
    const { inputs, rows } = this.plan.hidden[layer];
    const step = this.steps[layer];
    if (rows) {
      const [from, to] = [
        rows.starts[neuron - this.starts[layer]],
        rows.starts[neuron - this.starts[layer] + 1],
      ];
      return {
        columns: rows.columns.subarray(from, to),
        weights: Array.from(rows.values.subarray(from, to), (w) => toInteger(w, step)),
      };
    }
    const { weights } = this.plan.hidden[layer];
    const at = (neuron - this.starts[layer]) * inputs;
    const columns: number[] = [];
    for (let i = 0; i < inputs; i++) if (weights[at + i] !== 0) columns.push(i);
    return {
      columns: Int32Array.from(columns),
      weights: columns.map((i) => toInteger(weights[at + i], step)),
    };
  }

  private firstRow(neuron: number): ExactRow {
    const { inputs, biases, rows } = this.plan.hidden[0];
    const plane = this.domain.plane;
    const c = toInteger(biases[neuron], this.scales[0]);
    const step = this.steps[0];
    if (!plane) {
      const { weights } = this.plan.hidden[0];
      return {
        id: this.nextId++,
        a: toInteger(weights[2 * neuron], this.scales[0]),
        b: toInteger(weights[2 * neuron + 1], this.scales[0]),
        c,
      };
    }
    const planeScale = this.scales[0] - step;
    const sum = { id: this.nextId++, a: 0n, b: 0n, c };
    const weights = rows ? rows.values : this.plan.hidden[0].weights;
    const [from, to] = rows
      ? [rows.starts[neuron], rows.starts[neuron + 1]]
      : [neuron * inputs, (neuron + 1) * inputs];
    for (let k = from; k < to; k++) {
      const i = rows ? rows.columns[k] : k - from;
      const w = toInteger(weights[k], step);
      if (w === 0n) continue;
      sum.a += w * toInteger(plane.u[i], planeScale);
      sum.b += w * toInteger(plane.v[i], planeScale);
      sum.c += w * toInteger(plane.origin[i], planeScale);
    }
    return sum;
  }
}

function sameRows(p: readonly ExactRow[], q: readonly ExactRow[]): boolean {
  if (p.length !== q.length) return false;
  for (let i = 0; i < p.length; i++) if (p[i] !== q[i]) return false;
  return true;
}

/** The first of `end` bytes that differs in two arrays, or `end`. */
function firstDifference(a: Uint8Array, b: Uint8Array, end: number): number {
  let n = 0;
  if (a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0) {
    // Thousands of neurons are compared at every question: four at a time.
    const p = new Uint32Array(a.buffer, a.byteOffset, end >> 2);
    const q = new Uint32Array(b.buffer, b.byteOffset, end >> 2);
    while (n < p.length && p[n] === q[n]) n++;
    n *= 4;
  }
  while (n < end && a[n] === b[n]) n++;
  return n;
}
