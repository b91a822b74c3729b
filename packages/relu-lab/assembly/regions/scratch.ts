// Working space of one fold; nothing in it outlives the fold.
import { relax } from "./bounds";
import { gamma, Net } from "./state";

export class Scratch {
  /** i32 offsets in an old row of the columns that stay. */
  static kept: usize = 0;
  /** ABSORBED_BYTES a column that is absorbed, see below. */
  static absorbed: usize = 0;
  /** Rows of the neurons that are absorbed. */
  static rows: usize = 0;
  /** 80 bytes a pair of unstable columns: A a, b, c, radius, largest value, two lanes each. */
  static columns: usize = 0;
  /** i32 a row: those of a layer that have to be folded. */
  static waiting: usize = 0;
}

/** What is known of the fold at hand, for all its layers. */
export class Fold {
  /** Columns that stay, and columns that are absorbed, of the layers done so far. */
  static kept: i32 = 0;
  static absorbed: i32 = 0;
  /** Where in an old row the next column stands. */
  static offset: u32 = 0;
  /** Where the next absorbed row goes. */
  static rows: usize = 0;
  /** exactness.md: gamma_K of bounding, the factor on sums of errors, and gamma_(s + 12) of folding. */
  static gammaK: f64 = 0;
  static inflate: f64 = 0;
  static rounding: f64 = 0;
  /** The largest radius of the polygon's corners. */
  static corners: f64 = 0;
}

// A column that is absorbed: its offset in an old row, its row, bytes of that row's coefficients, how many columns make a
// step from here on; slope, error, size.
export const ABSORBED_BYTES: usize = 40;
export const ABSORBED_ROW: usize = 4;
export const ABSORBED_LENGTH: usize = 8;
export const ABSORBED_STEP: usize = 12;
export const ABSORBED_SLOPE: usize = 16;
const ERROR: usize = 24;
const SIZE: usize = 32;

/** Notes that the column at `offset` is absorbed, whose row stands at Fold.rows with `length` bytes of coefficients. */
@inline
export function noteAbsorbed(offset: u32, length: usize, slope: f64, error: f64, size: f64): void {
  const at = Scratch.absorbed + <usize>Fold.absorbed * ABSORBED_BYTES;
  store<u32>(at, offset);
  store<u32>(at, <u32>Fold.rows, ABSORBED_ROW);
  store<u32>(at, <u32>length, ABSORBED_LENGTH);
  store<f64>(at, slope, ABSORBED_SLOPE);
  store<f64>(at, error, ERROR);
  store<f64>(at, size, SIZE);
  Fold.absorbed++;
}

/** Notes column Fold.kept, one of two lanes, with the row at hand; until its neighbour comes, that lane is zero. */
export function keepColumn(offset: u32, slope: f64): void {
  const k = Fold.kept++;
  store<u32>(Scratch.kept + (<usize>k << 2), offset);
  const at = Scratch.columns + <usize>(k >> 1) * 80 + (<usize>(k & 1) << 3);
  relax(at, 16, slope, Fold.gammaK);
  if (!(k & 1)) {
    store<f64>(at, 0, 8);
    store<f64>(at, 0, 24);
    store<f64>(at, 0, 40);
    store<f64>(at, 0, 56);
    store<f64>(at, 0, 72);
  }
}

/** At most so many steps does it take to absorb: four columns of one length at a time, which are marked. */
export function markSteps(): i32 {
  let steps = 0;
  let at = Scratch.absorbed;
  const end = at + <usize>Fold.absorbed * ABSORBED_BYTES;
  while (at < end) {
    const four =
      at + 3 * ABSORBED_BYTES < end &&
      load<u32>(at + 3 * ABSORBED_BYTES, ABSORBED_LENGTH) === load<u32>(at, ABSORBED_LENGTH);
    store<u32>(at, four ? 4 : 1, ABSORBED_STEP);
    at += four ? 4 * ABSORBED_BYTES : ABSORBED_BYTES;
    steps++;
  }
  return steps;
}

/** The fourth number of each absorbed row: what a row that absorbs it inherits, given that it takes `steps` steps. */
export function chargeErrors(steps: i32): void {
  const factor = Net.certified ? 2 * gamma(<f64>(steps + 16)) : 0;
  let at = Scratch.absorbed;
  const end = at + <usize>Fold.absorbed * ABSORBED_BYTES;
  for (; at < end; at += ABSORBED_BYTES) {
    store<f64>(<usize>load<u32>(at, ABSORBED_ROW), load<f64>(at, ERROR) + factor * load<f64>(at, SIZE), 24);
  }
}
