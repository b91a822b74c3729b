/** The points from + t direction, t in [0, 1]. */
export interface Line {
  readonly from: Float64Array;
  /** Taken as it stands where `to` is null; else to - from, rounded. */
  readonly direction: Float64Array;
  /** The end, when that is given exactly and not the direction. */
  readonly to: Float64Array | null;
}

/** A zero of one neuron along the segment, or an end of it (`cell` is null). */
export interface Knot {
  /** The parameter, |t - exact| <= error. */
  t: number;
  error: number;
  readonly cell: Cell | null;
  readonly neuron: number;
  /** numerator / denominator, denominator > 0; made when a decision needs it. */
  exact: { numerator: bigint; denominator: bigint } | null;
}

/**
 * An interval between neighbouring knots of the first `level` layers. Its active neurons of that layer stand in the
 * rows `start` to `start + count - 1` of the refinement's {@link Rows}.
 */
export interface Cell {
  readonly level: number;
  readonly parent: Cell | null;
  readonly left: Knot;
  readonly right: Knot;
  readonly start: number;
  readonly count: number;
  exact: IntegerRows | null;
}

/** slope[k] * t + intercept[k], times 2^bits of the layer: one entry for each active neuron of a cell. */
export interface IntegerRows {
  readonly slope: bigint[];
  readonly intercept: bigint[];
}
