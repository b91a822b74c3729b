// Working space of one fold; nothing in it outlives the fold.
import { relax } from "./bounds";
import { Absorbed, Row } from "./layout";
import { gamma, Net } from "./state";

export class Scratch {
  /** i32 offsets in an old row of the columns that stay. */
  static kept: usize = 0;
  /** An {@link Absorbed} a column that is absorbed. */
  static absorbed: usize = 0;
  /** Rows of the neurons that are absorbed. */
  static rows: usize = 0;
  /** COLUMN_PAIR_BYTES a pair of unstable columns: a, b, c, radius, largest value (see Column), two lanes each. */
  static columns: usize = 0;
  /** i32 a row: those of a layer that have to be folded. */
  static waiting: usize = 0;
}

export const COLUMN_PAIR_BYTES: usize = 80;

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

/** Notes that the column at `offset` is absorbed, whose row stands at Fold.rows with `length` bytes of coefficients. */
@inline
export function noteAbsorbed(offset: u32, length: usize, slope: f64, error: f64, size: f64): void {
  const note = changetype<Absorbed>(Scratch.absorbed + <usize>Fold.absorbed * offsetof<Absorbed>());
  note.offset = offset;
  note.row = changetype<Row>(Fold.rows);
  note.length = <u32>length;
  note.slope = slope;
  note.error = error;
  note.size = size;
  Fold.absorbed++;
}

/** Notes column Fold.kept, one of two lanes, with the row at hand; until its neighbour comes, that lane is zero. */
export function keepColumn(offset: u32, slope: f64): void {
  const k = Fold.kept++;
  store<u32>(Scratch.kept + (<usize>k << 2), offset);
  const at = Scratch.columns + <usize>(k >> 1) * COLUMN_PAIR_BYTES + (<usize>(k & 1) << 3);
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
  const end = at + <usize>Fold.absorbed * offsetof<Absorbed>();
  while (at < end) {
    const fourth = at + 3 * offsetof<Absorbed>();
    const note = changetype<Absorbed>(at);
    const four = fourth < end && changetype<Absorbed>(fourth).length === note.length;
    note.step = four ? 4 : 1;
    at += note.step * offsetof<Absorbed>();
    steps++;
  }
  return steps;
}

/** The fourth number of each absorbed row: what a row that absorbs it inherits, given that it takes `steps` steps. */
export function chargeErrors(steps: i32): void {
  const factor = Net.certified ? 2 * gamma(<f64>(steps + 16)) : 0;
  let at = Scratch.absorbed;
  const end = at + <usize>Fold.absorbed * offsetof<Absorbed>();
  for (; at < end; at += offsetof<Absorbed>()) {
    const note = changetype<Absorbed>(at);
    note.row.error = note.error + factor * note.size;
  }
}
