import { quotient } from "../arithmetic/integers";

/** A point of the plane: (x / w, y / w). */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly w: bigint;
}

interface Numbered {
  readonly point: Point;
  readonly number: number;
}

/** Points that are told apart, at most: the kernel remembers no more. */
const MOST = 1 << 15;

/** Numbers points: 1, 2, ..., the same for the same point, however it was found. */
export class Points {
  private readonly known = new Map<string, Numbered[]>();
  private count = 0;

  /** The number of a point; 0 when there are too many. */
  numberOf(point: Point): number {
    const { x, y, w } = point;
    // Equal fractions round to the same doubles; those that round alike are compared.
    const key = `${quotient(x, w)},${quotient(y, w)}`;
    const alike = this.known.get(key) ?? [];
    const same = alike.find((other) => equal(other.point, point));
    if (same) return same.number;
    if (this.count + 1 >= MOST) return 0;
    this.known.set(key, [...alike, { point, number: ++this.count }]);
    return this.count;
  }
}

const equal = (p: Point, q: Point): boolean => p.x * q.w === q.x * p.w && p.y * q.w === q.y * p.w;
