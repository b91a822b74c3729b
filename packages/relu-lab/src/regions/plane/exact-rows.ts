import type { CheckedDomain } from "./domain";
import { commonScale, toInteger } from "./integers";
import type { Plan, PlanLayer } from "./plan";
import type { StructuralZeros } from "./structural-zeros";

/** An affine function times a power of two that all rows of its layer share. */
export interface ExactRow {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** A neuron's row, and what it was made from: the rows of its inputs that are on. */
interface Made {
  readonly row: ExactRow;
  readonly sources: readonly ExactRow[];
}

/** How many of a neuron's rows are remembered: neighbouring cells switch to and fro between few. */
const REMEMBERED = 4;

/**
 * The rows of hidden neurons in exact integers, under the states that the walk has at the moment.
 *
 * A row is made anew only where a neuron that it reads has switched or has another row itself. In a convolutional
 * network that is rare: of thousands of neurons a row reads a few dozen.
 */
export class ExactRows {
  readonly starts: number[] = [];
  readonly scales: number[] = [];
  private readonly steps: number[] = [];
  private readonly integers: ({ columns: Int32Array; weights: bigint[] } | undefined)[];
  private readonly made: (Made[] | undefined)[];
  /** The states as they were last seen; for each layer how often those below it have changed. */
  private readonly seen: Uint8Array;
  private readonly version: Int32Array;
  /** For each neuron the version of its layer at which its row, `made[neuron][0]`, was looked at. */
  private readonly checked: Int32Array;

  constructor(
    private readonly plan: Plan,
    private readonly domain: CheckedDomain,
  ) {
    let start = 0;
    for (const layer of plan.hidden) {
      this.starts.push(start);
      start += layer.outputs;
    }
    this.integers = new Array<undefined>(start).fill(undefined);
    this.made = new Array<undefined>(start).fill(undefined);
    this.seen = new Uint8Array(start);
    this.version = new Int32Array(plan.hidden.length);
    this.checked = new Int32Array(start).fill(-1);
    this.makeScales();
  }

  layerOf(neuron: number): number {
    let layer = this.starts.length - 1;
    while (this.starts[layer] > neuron) layer--;
    return layer;
  }

  /** The row of a hidden neuron, times 2^scales[layer]. */
  row(neuron: number, states: Uint8Array, zeros: StructuralZeros | undefined): ExactRow {
    const layer = this.layerOf(neuron);
    this.follow(states, layer);
    return this.neuronRow(layer, neuron, states, zeros);
  }

  /** Compares the states of the layers below `layer` with those last seen: rows above a change are looked at again. */
  private follow(states: Uint8Array, layer: number): void {
    const { seen, version, starts } = this;
    let changed = false;
    for (let l = 0; l < layer; l++) {
      for (let n = starts[l]; n < starts[l + 1]; n++) {
        if (seen[n] === states[n]) continue;
        seen[n] = states[n];
        changed = true;
      }
      if (changed) version[l + 1]++;
    }
    if (changed) for (let l = layer + 1; l < version.length; l++) version[l]++;
  }

  private neuronRow(
    layer: number,
    neuron: number,
    states: Uint8Array,
    zeros: StructuralZeros | undefined,
  ): ExactRow {
    const made = (this.made[neuron] ??= []);
    if (made.length > 0 && this.checked[neuron] === this.version[layer]) return made[0].row;
    this.checked[neuron] = this.version[layer];
    if (layer === 0) {
      if (made.length === 0) made.push({ row: this.firstRow(neuron), sources: [] });
      return made[0].row;
    }
    const { columns, weights } = (this.integers[neuron] ??= this.integersOf(layer, neuron));
    const below = this.starts[layer - 1];
    const linear = this.plan.hidden[layer - 1].slope === 1;
    const sources: ExactRow[] = [];
    const factors: bigint[] = [];
    for (let k = 0; k < columns.length; k++) {
      const input = below + columns[k];
      if (!(linear || states[input] || zeros?.isSum(input))) continue;
      sources.push(this.neuronRow(layer - 1, input, states, zeros));
      factors.push(weights[k]);
    }
    const known = made.findIndex(
      (m) => m.sources.length === sources.length && m.sources.every((row, i) => row === sources[i]),
    );
    if (known > 0) made.unshift(...made.splice(known, 1));
    if (known >= 0) return made[0].row;
    let a = 0n;
    let b = 0n;
    let c = toInteger(this.plan.hidden[layer].biases[neuron - this.starts[layer]], this.scales[layer]);
    sources.forEach((row, k) => {
      const w = factors[k];
      a += w * row.a;
      b += w * row.b;
      c += w * row.c;
    });
    made.unshift({ row: { a, b, c }, sources });
    if (made.length > REMEMBERED) made.pop();
    return made[0].row;
  }

  private integersOf(layer: number, neuron: number): { columns: Int32Array; weights: bigint[] } {
    const { inputs, weights } = this.plan.hidden[layer];
    const at = (neuron - this.starts[layer]) * inputs;
    const columns: number[] = [];
    for (let i = 0; i < inputs; i++) if (weights[at + i] !== 0) columns.push(i);
    const step = this.steps[layer];
    return {
      columns: Int32Array.from(columns),
      weights: columns.map((i) => toInteger(weights[at + i], step)),
    };
  }

  private firstRow(neuron: number): ExactRow {
    const { inputs, biases, weights } = this.plan.hidden[0];
    const plane = this.domain.plane;
    const c = toInteger(biases[neuron], this.scales[0]);
    const step = this.steps[0];
    if (!plane) {
      return {
        a: toInteger(weights[2 * neuron], this.scales[0]),
        b: toInteger(weights[2 * neuron + 1], this.scales[0]),
        c,
      };
    }
    const planeScale = this.scales[0] - step;
    const sum = { a: 0n, b: 0n, c };
    for (let i = 0; i < inputs; i++) {
      const w = toInteger(weights[neuron * inputs + i], step);
      if (w === 0n) continue;
      sum.a += w * toInteger(plane.u[i], planeScale);
      sum.b += w * toInteger(plane.v[i], planeScale);
      sum.c += w * toInteger(plane.origin[i], planeScale);
    }
    return sum;
  }

  private makeScales(): void {
    const plane = this.domain.plane;
    let scale = plane ? commonScale(plane.u, commonScale(plane.v, commonScale(plane.origin))) : 0;
    this.plan.hidden.forEach((layer: PlanLayer) => {
      // W needs `step` bits; the biases stand at the scale of the whole sum.
      const step = commonScale(layer.weights, commonScale(layer.biases) - scale);
      scale += Math.max(step, 0);
      this.steps.push(Math.max(step, 0));
      this.scales.push(scale);
    });
  }
}
