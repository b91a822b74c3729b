import { commonScale, quotient, signOf, toInteger } from "../arithmetic/integers";
import { placeOf, startsOf } from "../plan/places";
import { isLinear, type PlanLayer } from "../plan/plan";
import { scalesOf } from "../plan/scales";
import type { Bounds } from "./box";

/** a x + b y + c z + d, times a power of two. */
type Row = readonly [bigint, bigint, bigint, bigint];

/** Answers are forgotten when so many are kept. */
const MEMO_LIMIT = 500_000;

function gcd(p: bigint, q: bigint): bigint {
  let [a, b] = [p < 0n ? -p : p, q < 0n ? -q : q];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** The 2x2 minors of two rows: columns 01, 02, 12, 03, 13, 23. */
function minors(p: Row, q: Row): bigint[] {
  return [
    p[0] * q[1] - p[1] * q[0],
    p[0] * q[2] - p[2] * q[0],
    p[1] * q[2] - p[2] * q[1],
    p[0] * q[3] - p[3] * q[0],
    p[1] * q[3] - p[3] * q[1],
    p[2] * q[3] - p[3] * q[2],
  ];
}

/**
 * Signs in exact integers, from the network's own weights: every double is an integer over a power of two, so a layer's
 * rows times 2^scale are integers. Where planes f, g, h meet, a row r is det(f, g, h, r) / det of the gradients of f, g, h.
 */
export class ExactSpace {
  private readonly starts: Int32Array;
  private readonly scales: readonly number[];
  private readonly steps: readonly number[];
  private readonly weights: (bigint[] | undefined)[][] = [];
  /** Rows of each layer above the first, under the states of the layers below that they were made for. */
  private readonly rows: { below: Uint8Array; rows: (Row | undefined)[] }[] = [];
  private readonly faces: Row[];
  private readonly memo = new Map<string, number>();

  constructor(
    private readonly hidden: readonly PlanLayer[],
    bounds: Bounds,
    /** One byte a neuron: on or off where the question is asked. */
    private readonly states: () => Uint8Array,
  ) {
    this.starts = startsOf(hidden);
    ({ steps: this.steps, scales: this.scales } = scalesOf(hidden, 0));
    for (const layer of hidden) {
      this.weights.push(new Array<bigint[] | undefined>(layer.outputs));
      this.rows.push({ below: new Uint8Array(0), rows: [] });
    }
    const fine = commonScale(bounds);
    const one = 1n << BigInt(fine);
    this.faces = [0, 1, 2].flatMap((axis) =>
      [bounds[axis], bounds[axis + 3]].map((bound): Row => {
        const row: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, -toInteger(bound, fine)];
        row[axis] = one;
        return row;
      }),
    );
  }

  /**
   * A number for every neuron and every face of the box: equal numbers mean the same plane. Neurons of the first layer
   * are compared exactly; above, a neuron's plane depends on the cell, and every neuron has a number of its own.
   */
  classes(): Int32Array {
    const neurons = this.starts[this.hidden.length];
    const classes = Int32Array.from({ length: neurons + 6 }, (_, i) => i);
    const known = new Map<string, number>();
    const first = Array.from({ length: this.hidden[0].outputs }, (_, i) => i);
    for (const id of [...[0, 1, 2, 3, 4, 5].map((k) => -1 - k), ...first]) {
      const row = id < 0 ? this.faces[-1 - id] : this.row(0, id);
      const lead = row.find((value, k) => k < 3 && value !== 0n);
      if (lead === undefined) continue;
      const divisor = gcd(gcd(row[0], row[1]), gcd(row[2], row[3])) * (lead < 0n ? -1n : 1n);
      const key = row.map((value) => value / divisor).join();
      const at = id < 0 ? neurons - 1 - id : id;
      const same = known.get(key);
      if (same === undefined) known.set(key, at);
      else classes[at] = same;
    }
    return classes;
  }

  /**
   * The sign of `neuron` where the planes `f`, `g` and `h` meet; -1 - k stands for face k of the box. `epoch` names the
   * cell of the layers below the neuron's own: the same question about the same cell is answered from memory.
   */
  sign(neuron: number, f: number, g: number, h: number, epoch: number): number {
    const key = `${epoch},${neuron},${[f, g, h].sort((p, q) => p - q).join()}`;
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    const answer = this.determine(this.find(neuron), this.find(f), this.find(g), this.find(h));
    if (this.memo.size >= MEMO_LIMIT) this.memo.clear();
    this.memo.set(key, answer);
    return answer;
  }

  /** Coordinate `axis` (0, 1, 2) of the point where the planes `f`, `g` and `h` meet, rounded once (Cramer's rule). */
  place(f: number, g: number, h: number, axis: number): number {
    const s = minors(this.find(f), this.find(g));
    const r = this.find(h);
    const below = s[0] * r[2] - s[1] * r[1] + s[2] * r[0];
    if (below === 0n) throw new Error(`planes ${f}, ${g} and ${h} do not meet in one point`);
    const above = [
      s[2] * r[3] - s[4] * r[2] + s[5] * r[1],
      s[1] * r[3] - s[3] * r[2] + s[5] * r[0],
      s[0] * r[3] - s[3] * r[1] + s[4] * r[0],
    ][axis];
    return quotient(axis === 1 ? above : -above, below);
  }

  private determine(r: Row, f: Row, g: Row, h: Row): number {
    const s = minors(f, g);
    const t = minors(h, r);
    // Laplace's expansion by the first two rows.
    const four = s[0] * t[5] - s[1] * t[4] + s[3] * t[2] + s[2] * t[3] - s[4] * t[1] + s[5] * t[0];
    if (four === 0n) return 0;
    return signOf(four) * signOf(s[0] * h[2] - s[1] * h[1] + s[2] * h[0]);
  }

  private find(id: number): Row {
    if (id < 0) return this.faces[-1 - id];
    const { layer, index } = placeOf(this.starts, id);
    if (layer > 0) this.refresh(layer, this.states());
    return this.row(layer, index);
  }

  /** Forgets the rows of layers up to this one that were made for other states below. */
  private refresh(layer: number, states: Uint8Array): void {
    for (let l = 1; l <= layer; l++) {
      const start = this.starts[l - 1];
      const now = states.subarray(start, this.starts[l]);
      const { below } = this.rows[l];
      if (below.length === now.length && below.every((state, i) => state === now[i])) continue;
      for (let k = l; k < this.rows.length; k++) this.rows[k] = { below: new Uint8Array(0), rows: [] };
      this.rows[l].below = now.slice();
    }
  }

  private row(layer: number, neuron: number): Row {
    const { rows, below } = this.rows[layer];
    const known = rows[neuron];
    if (known) return known;
    const { inputs, biases, weights } = this.hidden[layer];
    const own = (this.weights[layer][neuron] ??= Array.from(
      weights.subarray(neuron * inputs, (neuron + 1) * inputs),
      (w) => toInteger(w, this.steps[layer]),
    ));
    const d = toInteger(biases[neuron], this.scales[layer]);
    let row: Row;
    if (layer === 0) row = [own[0], own[1], own[2], d];
    else {
      const lower = this.hidden[layer - 1];
      const sum: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, d];
      for (let i = 0; i < inputs; i++) {
        if (own[i] === 0n || !(below[i] || isLinear(lower, i))) continue;
        const input = this.row(layer - 1, i);
        for (let k = 0; k < 4; k++) sum[k] += own[i] * input[k];
      }
      row = sum;
    }
    rows[neuron] = row;
    return row;
  }
}
