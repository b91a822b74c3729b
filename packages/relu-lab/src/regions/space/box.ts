import type { SpaceBox } from "./types";

/** The six bounds x, y, z lowest and x, y, z highest of a checked box. */
export type Bounds = readonly [number, number, number, number, number, number];

function coordinate(values: ArrayLike<number>, i: number, name: string): number {
  const value: unknown = values[i];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new RangeError(`box.${name}[${i}] is ${String(value)}: it must be a finite number`);
  }
  if (Math.abs(value) > 1e60) throw new RangeError(`box.${name}[${i}] is ${value}: at most 1e60 in size`);
  return value;
}

/**
 * Checks a box of three dimensions and a network for it.
 *
 * @throws RangeError or TypeError naming the bound that is no number, the empty direction, or the network's inputs
 */
export function checkBox(box: SpaceBox, inputs: number): Bounds {
  if (inputs !== 3) {
    throw new RangeError(`the network takes ${inputs} inputs; regions in space need a network with 3`);
  }
  for (const name of ["lo", "hi"] as const) {
    const values: unknown = box?.[name];
    if (values === null || typeof values !== "object" || (values as ArrayLike<number>).length !== 3) {
      throw new TypeError(`box.${name} must be an array of 3 numbers, but is ${String(values)}`);
    }
  }
  const lo = [0, 1, 2].map((i) => coordinate(box.lo, i, "lo"));
  const hi = [0, 1, 2].map((i) => coordinate(box.hi, i, "hi"));
  for (let i = 0; i < 3; i++) {
    if (!(lo[i] < hi[i])) {
      throw new RangeError(`box: lo[${i}] = ${lo[i]} is not below hi[${i}] = ${hi[i]}; the box is empty`);
    }
  }
  return [lo[0], lo[1], lo[2], hi[0], hi[1], hi[2]];
}
