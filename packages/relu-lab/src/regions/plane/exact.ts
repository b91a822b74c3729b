import type { CheckedDomain } from "./domain";
import { quotient } from "../segment/dyadic";
import { commonScale, signOf, toInteger } from "./integers";
import type { Plan, PlanLayer } from "./plan";
import type { SparseNetwork } from "./sparse";
import { StructuralZeros } from "./structural-zeros";

/** An affine function times a power of two that all rows of its layer share. */
interface Row {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** The answer for a row that is zero on all of its cell. */
const VANISHES = 2;

/** Rows are dropped when so many are kept. */
const CACHE_LIMIT = 200_000;

/**
 * Signs in exact integers, from the network's own weights: every double is an integer times a power of two, so a
 * layer's rows times 2^scale are integers, and the sign of a row where two lines meet is that of two determinants.
 */
export class ExactSigns {
  private readonly starts: number[] = [];
  private readonly scales: number[] = [];
  private readonly steps: number[] = [];
  private readonly integers: ([column: number, weight: bigint][] | undefined)[][] = [];
  private readonly cache = new Map<string, Row>();
  private readonly edges: Row[] = [];
  private first: Row[] = [];
  private zeros: StructuralZeros | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly domain: CheckedDomain,
    /** One byte a hidden neuron: on or off where the question is asked. */
    private readonly states: () => Uint8Array,
  ) {
    let start = 0;
    for (const layer of plan.hidden) {
      this.starts.push(start);
      this.integers.push(new Array<[number, bigint][] | undefined>(layer.outputs));
      start += layer.outputs;
    }
  }

  /** Reads all weights for their scales: not before the first question, which many networks never ask. */
  private prepare(): void {
    if (this.scales.length > 0) return;
    this.makeScales();
    this.makeEdges();
  }

  /** Lets zeros that follow from what neurons sum up be found without arithmetic, as those of max-pools are. */
  useSums(network: SparseNetwork): void {
    this.zeros = new StructuralZeros(network, this.plan.neurons);
  }

  /** The sign of `neuron` where the lines of `first` and `second` meet; -1 - k stands for edge k of the domain. 2: zero everywhere. */
  sign(neuron: number, first: number, second: number): number {
    const states = this.states();
    const zero = this.zeros?.find(neuron, first, second, states);
    if (zero) return zero === "everywhere" ? VANISHES : 0;
    this.prepare();
    const p = this.line(first, states);
    const q = this.line(second, states);
    const r = this.line(neuron, states);
    const w = p.a * q.b - p.b * q.a;
    if (w === 0n) throw new Error(`the lines of ${first} and ${second} are parallel: they have no corner`);
    const x = p.b * q.c - p.c * q.b;
    const y = p.c * q.a - p.a * q.c;
    return signOf(r.a * x + r.b * y + r.c * w) * signOf(w);
  }

  /** Coordinate `axis` (0 or 1) of the point where the lines of `first` and `second` meet, rounded once. */
  place(first: number, second: number, axis: number): number {
    const states = this.states();
    const p = this.line(first, states);
    const q = this.line(second, states);
    const w = p.a * q.b - p.b * q.a;
    if (w === 0n) throw new Error(`the lines of ${first} and ${second} are parallel: they have no corner`);
    return quotient(axis === 0 ? p.b * q.c - p.c * q.b : p.c * q.a - p.a * q.c, w);
  }

  /** The row of a hidden neuron under the current states, and the power of two it is multiplied by. */
  row(neuron: number): { row: Row; scale: number } {
    this.prepare();
    let layer = this.starts.length - 1;
    while (this.starts[layer] > neuron) layer--;
    return { row: this.line(neuron, this.states()), scale: this.scales[layer] };
  }

  private line(id: number, states: Uint8Array): Row {
    if (id < 0) return this.edges[-1 - id];
    let layer = this.starts.length - 1;
    while (this.starts[layer] > id) layer--;
    const neuron = id - this.starts[layer];
    return this.neuronRow(layer, neuron, states, this.prefix(layer, states));
  }

  private prefix(layer: number, states: Uint8Array): string {
    return String.fromCharCode(...states.subarray(0, this.starts[layer]));
  }

  private neuronRow(layer: number, neuron: number, states: Uint8Array, prefix: string): Row {
    if (layer === 0) return (this.first[neuron] ??= this.firstRow(neuron));
    const key = `${layer},${neuron},${prefix}`;
    const known = this.cache.get(key);
    if (known) return known;
    const { inputs, biases, weights } = this.plan.hidden[layer];
    const step = this.steps[layer];
    const row = (this.integers[layer][neuron] ??= Array.from(
      weights.subarray(neuron * inputs, (neuron + 1) * inputs),
      (w, i): [number, bigint] => [i, toInteger(w, step)],
    ).filter(([, w]) => w !== 0n));
    let a = 0n;
    let b = 0n;
    let c = toInteger(biases[neuron], this.scales[layer]);
    const below = this.starts[layer - 1];
    const linear = this.plan.hidden[layer - 1].slope === 1;
    const belowPrefix = this.prefix(layer - 1, states);
    for (const [i, w] of row) {
      if (!(linear || states[below + i] || this.zeros?.isSum(below + i))) continue;
      const input = this.neuronRow(layer - 1, i, states, belowPrefix);
      a += w * input.a;
      b += w * input.b;
      c += w * input.c;
    }
    if (this.cache.size >= CACHE_LIMIT) this.cache.clear();
    const result = { a, b, c };
    this.cache.set(key, result);
    return result;
  }

  private firstRow(neuron: number): Row {
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

  private makeEdges(): void {
    const { polygon } = this.domain;
    const scale = commonScale(polygon);
    const n = polygon.length / 2;
    for (let i = 0; i < n; i++) {
      const j = (i + 1) % n;
      const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]].map(
        (value) => toInteger(value, scale),
      );
      const one = 1n << BigInt(scale);
      this.edges.push({ a: (y0 - y1) * one, b: (x1 - x0) * one, c: x0 * y1 - x1 * y0 });
    }
  }
}
