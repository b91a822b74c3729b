import { signOf, toInteger } from "../arithmetic/integers";
import { placeOf, startsOf } from "../plan/places";
import { isLinear, type PlanLayer } from "../plan/plan";
import { scalesOf } from "../plan/scales";
import { Echelon, valueOf, type IntegerRow } from "./elimination";

/** Answers are forgotten when so many are kept. */
const MEMO_LIMIT = 500_000;

/** Neurons that a memo's key tells apart: ids of vertices have 32 bits, doubles 53. */
export const MOST_NEURONS = 2 ** 21;

/** No vertex: an answer that is not kept. */
export const NO_VERTEX = 0xffffffff;

/** Rows of neurons in exact integers, from the network's own weights: each times a power of two of its layer. */
export class ExactRows {
  private readonly starts: Int32Array;
  private readonly steps: readonly number[];
  /** The power of two of each layer. */
  readonly scales: readonly number[];
  private readonly weights: (bigint[] | undefined)[][] = [];
  /** Rows of each layer above the first, under the states of the layers below that they were made for. */
  private readonly rows: { below: Uint8Array; rows: (IntegerRow | undefined)[] }[] = [];

  /** @param states one byte a neuron: on or off where the question is asked */
  constructor(
    private readonly hidden: readonly PlanLayer[],
    private readonly states: () => Uint8Array,
  ) {
    this.starts = startsOf(hidden);
    ({ steps: this.steps, scales: this.scales } = scalesOf(hidden, 0));
    for (const layer of hidden) {
      this.weights.push(new Array<bigint[] | undefined>(layer.outputs));
      this.rows.push({ below: new Uint8Array(0), rows: [] });
    }
  }

  /** The row of a neuron in the present cell: its inputs' coefficients, then the constant. */
  of(neuron: number): IntegerRow {
    const { layer, index } = placeOf(this.starts, neuron);
    if (layer > 0) this.refresh(layer, this.states());
    return this.row(layer, index);
  }

  /** Forgets the rows of layers up to this one that were made for other states below. */
  private refresh(layer: number, states: Uint8Array): void {
    for (let l = 1; l <= layer; l++) {
      const now = states.subarray(this.starts[l - 1], this.starts[l]);
      const { below } = this.rows[l];
      if (below.length === now.length && below.every((state, i) => state === now[i])) continue;
      for (let k = l; k < this.rows.length; k++) this.rows[k] = { below: new Uint8Array(0), rows: [] };
      this.rows[l].below = now.slice();
    }
  }

  private row(layer: number, neuron: number): IntegerRow {
    const { rows, below } = this.rows[layer];
    const known = rows[neuron];
    if (known) return known;
    const { inputs, biases, weights } = this.hidden[layer];
    const own = (this.weights[layer][neuron] ??= Array.from(
      weights.subarray(neuron * inputs, (neuron + 1) * inputs),
      (w) => toInteger(w, this.steps[layer]),
    ));
    const constant = toInteger(biases[neuron], this.scales[layer]);
    const row = layer === 0 ? [...own, constant] : this.above(layer, own, constant, below);
    rows[neuron] = row;
    return row;
  }

  private above(layer: number, weights: readonly bigint[], constant: bigint, below: Uint8Array): bigint[] {
    const lower = this.hidden[layer - 1];
    const sum = new Array<bigint>(this.hidden[0].inputs + 1).fill(0n);
    sum[sum.length - 1] = constant;
    weights.forEach((w, i) => {
      if (w === 0n || !(below[i] || isLinear(lower, i))) return;
      this.row(layer - 1, i).forEach((value, k) => (sum[k] += w * value));
    });
    return sum;
  }
}

/** Signs of neurons where hyperplanes meet, in exact integers. */
export class ExactSigns {
  private readonly memo = new Map<number, number>();
  private last: { readonly id: number; readonly point: bigint[] } | undefined;

  /**
   * @param rows the neurons' rows
   * @param faces the domain's faces: number -1 - k is face k
   * @param height positive on the domain: tells a point from its opposite
   */
  constructor(
    private readonly rows: ExactRows,
    private readonly faces: readonly IntegerRow[],
    private readonly height: IntegerRow,
  ) {}

  /**
   * The sign of a neuron where the planes meet: neurons, or -1 - k for face k. The same vertex is answered from memory:
   * a pre-activation is continuous, so every cell around the vertex has the same answer.
   */
  sign(neuron: number, planes: ArrayLike<number>, vertex: number): number {
    const key = vertex * MOST_NEURONS + neuron;
    const known = vertex === NO_VERTEX ? undefined : this.memo.get(key);
    if (known !== undefined) return known;
    const answer = signOf(valueOf(this.rows.of(neuron), this.pointOf(planes, vertex)));
    if (vertex === NO_VERTEX) return answer;
    if (this.memo.size >= MEMO_LIMIT) this.memo.clear();
    this.memo.set(key, answer);
    return answer;
  }

  private pointOf(planes: ArrayLike<number>, vertex: number): bigint[] {
    if (vertex !== NO_VERTEX && this.last?.id === vertex) return this.last.point;
    const echelon = new Echelon();
    const wanted = this.height.length - 1;
    for (let i = 0; i < planes.length && echelon.rank < wanted; i++) {
      echelon.take(planes[i] < 0 ? this.faces[-1 - planes[i]] : this.rows.of(planes[i]));
    }
    if (echelon.rank < wanted) {
      throw new Error(`hyperplanes ${Array.from(planes).join(", ")} do not meet in one point`);
    }
    const point = echelon.point();
    const oriented = valueOf(this.height, point) < 0n ? point.map((value) => -value) : point;
    if (vertex !== NO_VERTEX) this.last = { id: vertex, point: oriented };
    return oriented;
  }
}
