import type { Value } from "../../ensemble";

/** Smooth functions on [0, 1] that chains and tents are fitted to. */
export type SmoothTarget = "x²" | "sin πx";

/** The target as a function of a number, and of values on a tape. */
export function smoothTarget(name: SmoothTarget): {
  /** The target's value at a number. */
  readonly at: (x: number) => number;
  /** The target's values at the entries of a value on a tape, so that a loss can be taken of them. */
  readonly on: (x: Value) => Value;
} {
  if (name === "x²") return { at: (x) => x * x, on: (x) => x.square() };
  if (name === "sin πx") return { at: (x) => Math.sin(Math.PI * x), on: (x) => x.sinPi() };
  throw new RangeError(`the target "${String(name)}" is not one of "x²", "sin πx"`);
}

/** The largest difference of two functions over 16,385 points at equal distances of [0, 1]. */
export function largestDifference(f: (x: number) => number, g: (x: number) => number): number {
  let most = 0;
  for (let i = 0; i <= 16384; i++) most = Math.max(most, Math.abs(f(i / 16384) - g(i / 16384)));
  return most;
}
