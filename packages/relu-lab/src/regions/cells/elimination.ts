// Fraction-free elimination: where hyperplanes with integer coefficients meet, and which of them are independent.

/** Homogeneous coefficients, the last one the constant. */
export type IntegerRow = readonly bigint[];

/** Rows in echelon form, one after the other; each is reduced by all before it (Bareiss 1968). */
export class Echelon {
  private readonly rows: bigint[][] = [];
  private readonly pivots: number[] = [];

  get rank(): number {
    return this.rows.length;
  }

  /** Columns with a pivot, in the order in which they were found. */
  get columns(): readonly number[] {
    return this.pivots;
  }

  /** Takes a row when it is independent of those before; `width`: look for pivots in the first columns only. */
  take(row: IntegerRow, width = row.length): boolean {
    let own = row.slice();
    let divisor = 1n;
    for (const [i, other] of this.rows.entries()) {
      const pivot = other[this.pivots[i]];
      const factor = own[this.pivots[i]];
      const last = divisor;
      own = own.map((value, k) => (value * pivot - other[k] * factor) / last);
      divisor = pivot;
    }
    const at = own.findIndex((value, k) => k < width && value !== 0n);
    if (at < 0) return false;
    this.rows.push(own);
    this.pivots.push(at);
    return true;
  }

  /** The point on all the rows, up to a factor; there must be one row less than coordinates. */
  point(): bigint[] {
    const width = this.rows.length + 1;
    const free = Array.from({ length: width }, (_, k) => k).find((k) => !this.pivots.includes(k)) as number;
    // From the last row up; the common denominator is multiplied in as it grows.
    const point = new Array<bigint>(width).fill(0n);
    point[free] = 1n;
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const row = this.rows[i];
      const pivot = row[this.pivots[i]];
      let sum = 0n;
      for (let k = 0; k < width; k++) if (k !== this.pivots[i]) sum += row[k] * point[k];
      const shared = gcd(sum, pivot);
      for (let k = 0; k < width; k++) point[k] *= pivot / shared;
      point[this.pivots[i]] = -sum / shared;
    }
    return point;
  }
}

function gcd(p: bigint, q: bigint): bigint {
  let [a, b] = [p < 0n ? -p : p, q < 0n ? -q : q];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** The value of a row at a point. */
export function valueOf(row: IntegerRow, point: IntegerRow): bigint {
  let sum = 0n;
  for (let k = 0; k < row.length; k++) sum += row[k] * point[k];
  return sum;
}
