import type { Generator } from "../random";

/** A box, one number a coordinate. */
export interface Box {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Points, one array of coordinates each. */
export type Points = readonly (readonly number[])[];

/**
 * The box [-1, 1]^dimension, on which the losses are defined when nothing else is said.
 *
 * @param dimension of the input
 * @returns its lower and upper ends
 */
export function unitBox(dimension: number): Box {
  return { min: new Array(dimension).fill(-1), max: new Array(dimension).fill(1) };
}

/**
 * The volume of a box: area in the plane.
 *
 * @param box min and max of each coordinate
 * @returns the product of the sides
 */
export function volume({ min, max }: Box): number {
  return max.reduce((product, high, d) => product * (high - min[d]), 1);
}

/**
 * Points drawn uniformly from a box: the sample on which a loss is estimated at one step.
 *
 * @param random where the numbers come from
 * @param count how many points
 * @param box the box
 * @returns `count` points
 * @throws RangeError when count is not a positive integer
 * @example
 * const points = losses.uniformPoints(random.generator(0), 64, losses.unitBox(2));
 */
export function uniformPoints(random: Generator, count: number, box: Box): number[][] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`uniformPoints: count is ${count}, but it must be a positive integer`);
  }
  return Array.from({ length: count }, () =>
    box.min.map((low, d) => low + (box.max[d] - low) * random.uniform()),
  );
}

/** @throws RangeError when a box or points do not fit a network of so many inputs */
export function checkDomain(name: string, inputs: number, points: Points, box: Box): void {
  if (
    box.min.length !== inputs ||
    box.max.length !== inputs ||
    box.min.some((low, d) => !(low < box.max[d]))
  ) {
    throw new RangeError(
      `${name}: the box [${box.min}] to [${box.max}] is not a box in ${inputs} dimensions: min must be below max`,
    );
  }
  if (points.length === 0) throw new RangeError(`${name}: there are no points to sample regions at`);
  for (const [i, point] of points.entries()) {
    if (point.length !== inputs || !point.every(Number.isFinite)) {
      throw new RangeError(
        `${name}: point ${i} is [${point}], but the network takes ${inputs} finite numbers`,
      );
    }
  }
}
