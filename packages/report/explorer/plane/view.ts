/** The square of the plane that is seen. */
export interface View {
  readonly x: number;
  readonly y: number;
  /** Half of its side. */
  readonly half: number;
}

/** The corners of a view. */
export const boxOf = ({ x, y, half }: View): { lo: [number, number]; hi: [number, number] } => ({
  lo: [x - half, y - half],
  hi: [x + half, y + half],
});

/** A view that is larger or smaller by a factor, with the same point at (u, v); these run from 0 to 1 from the top left. */
export function zoomed(view: View, factor: number, [u, v]: readonly [number, number], whole: View): View {
  const half = Math.max(whole.half * 1e-7, Math.min(whole.half * 4, view.half * factor));
  const [px, py] = placeAt(view, u, v);
  return { half, x: px - (2 * u - 1) * half, y: py - (1 - 2 * v) * half };
}

/** A view moved by shares of its side, to the right and up. */
export const panned = ({ x, y, half }: View, right: number, up: number): View => ({
  half,
  x: x + 2 * half * right,
  y: y + 2 * half * up,
});

/** The point of the plane at (u, v), from 0 to 1 from the top left. */
export const placeAt = ({ x, y, half }: View, u: number, v: number): [number, number] => [
  x + (2 * u - 1) * half,
  y + (1 - 2 * v) * half,
];

/** Where a point of the plane stands in a view. */
export const shareAt = ({ x, y, half }: View, px: number, py: number): [number, number] => [
  (1 + (px - x) / half) / 2,
  (1 - (py - y) / half) / 2,
];
