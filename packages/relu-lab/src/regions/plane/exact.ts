import { commonScale, quotient, signOf, toInteger } from "../arithmetic/integers";
import type { Plan } from "../plan/plan";
import type { CheckedDomain } from "./domain";
import { ExactRows, type ExactRow } from "./exact-rows";
import { shortRow, shortSign, type Corner, type ShortRow } from "./short-forms";
import type { SparseNetwork } from "./sparse";
import { StructuralZeros } from "./structural-zeros";

/** The answer for a row that is zero on all of its cell. */
const VANISHES = 2;

/** Corners are forgotten when so many are kept. */
const CORNERS = 50_000;

/**
 * Signs in exact integers, from the network's own weights: every double is an integer times a power of two, so a
 * layer's rows times 2^scale are integers, and the sign of a row where two lines meet is that of two determinants.
 */
export class ExactSigns {
  /** Made at the first question, which many networks never ask: it reads all weights for their scales. */
  private rows: ExactRows | undefined;
  private edges: ExactRow[] = [];
  private zeros: StructuralZeros | undefined;
  /** A cell's corners are asked about once for each of its uncertain rows. */
  private readonly corners = new Map<string, Corner>();
  private readonly short = new WeakMap<ExactRow, ShortRow | false>();

  constructor(
    private readonly plan: Plan,
    private readonly domain: CheckedDomain,
    /** One byte a hidden neuron: on or off where the question is asked. */
    private readonly states: () => Uint8Array,
  ) {}

  /** Lets zeros that follow from what neurons sum up be found without arithmetic, as those of max-pools are. */
  useSums(network: SparseNetwork): void {
    this.zeros = new StructuralZeros(network, this.plan.neurons);
  }

  /** The sign of `neuron` where the lines of `first` and `second` meet; -1 - k stands for edge k of the domain. 2: zero everywhere. */
  sign(neuron: number, first: number, second: number): number {
    const states = this.states();
    const zero = this.zeros?.find(neuron, first, second, states);
    if (zero) return zero === "everywhere" ? VANISHES : 0;
    const corner = this.cornerOf(first, second, states);
    const r = this.line(neuron, states);
    let short = this.short.get(r);
    if (short === undefined) this.short.set(r, (short = shortRow(r) ?? false));
    const sign = short ? shortSign(short, corner) : 0;
    if (sign !== 0) return sign;
    const { x, y, w } = corner;
    return signOf(r.a * x + r.b * y + r.c * w) * signOf(w);
  }

  /** Coordinate `axis` (0 or 1) of the point where the lines of `first` and `second` meet, rounded once. */
  place(first: number, second: number, axis: number): number {
    const { x, y, w } = this.cornerOf(first, second, this.states());
    return quotient(axis === 0 ? x : y, w);
  }

  /** The row of a hidden neuron under the current states, and the power of two it is multiplied by. */
  row(neuron: number): { row: ExactRow; scale: number } {
    const row = this.line(neuron, this.states());
    const rows = this.prepared();
    return { row, scale: rows.scales[rows.layerOf(neuron)] };
  }

  private prepared(): ExactRows {
    if (this.rows === undefined) {
      this.rows = new ExactRows(this.plan, this.domain);
      this.edges = edgeLines(this.domain.polygon);
    }
    return this.rows;
  }

  private cornerOf(first: number, second: number, states: Uint8Array): Corner {
    const p = this.line(first, states);
    const q = this.line(second, states);
    const key = `${p.id},${q.id}`;
    const known = this.corners.get(key);
    if (known) return known;
    const w = p.a * q.b - p.b * q.a;
    if (w === 0n) throw new Error(`the lines of ${first} and ${second} are parallel: they have no corner`);
    const corner = { x: p.b * q.c - p.c * q.b, y: p.c * q.a - p.a * q.c, w, short: undefined };
    if (this.corners.size >= CORNERS) this.corners.clear();
    this.corners.set(key, corner);
    return corner;
  }

  private line(id: number, states: Uint8Array): ExactRow {
    const rows = this.prepared();
    return id < 0 ? this.edges[-1 - id] : rows.row(id, states, this.zeros);
  }
}

/** The lines of a polygon's edges in integers, positive inside. */
function edgeLines(polygon: Float64Array): ExactRow[] {
  const scale = commonScale(polygon);
  const one = 1n << BigInt(scale);
  const n = polygon.length / 2;
  return Array.from({ length: n }, (_, i) => {
    const j = (i + 1) % n;
    const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]].map(
      (value) => toInteger(value, scale),
    );
    return { id: -1 - i, a: (y0 - y1) * one, b: (x1 - x0) * one, c: x0 * y1 - x1 * y0 };
  });
}
