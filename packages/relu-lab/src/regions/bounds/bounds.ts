import { montufarLower, pascanuLower, serraLower } from "./lower";
import { montufarUpper, patternsUpper, raghuUpper, serraUpper } from "./upper";

/** All known bounds for one shape; null where a bound does not apply. */
export interface RegionBounds {
  readonly pascanuLower: bigint;
  readonly montufarLower: bigint | null;
  readonly serraLower: bigint | null;
  readonly serraUpper: bigint;
  readonly montufarUpper: bigint;
  readonly raghuUpper: bigint;
  readonly patternsUpper: bigint;
}

/**
 * Bounds on the largest number of linear regions of networks of one shape, from the tightest to the loosest side.
 *
 * @param inputs n_0
 * @param widths n_1, ..., n_L of the hidden layers
 * @returns every bound as a whole number of any size
 * @throws RangeError when a size is not a positive integer
 * @example
 * bounds(2, [8, 8]).serraUpper; // 1369n
 */
export function bounds(inputs: number, widths: readonly number[]): RegionBounds {
  return {
    pascanuLower: pascanuLower(inputs, widths),
    montufarLower: montufarLower(inputs, widths),
    serraLower: serraLower(inputs, widths),
    serraUpper: serraUpper(inputs, widths),
    montufarUpper: montufarUpper(inputs, widths),
    raghuUpper: raghuUpper(inputs, widths),
    patternsUpper: patternsUpper(inputs, widths),
  };
}
