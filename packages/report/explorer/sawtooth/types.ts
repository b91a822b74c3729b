import type { PerturbedPart, SawtoothForm } from "relu-lab/sawtooth";

/** Which sawtooth, and what is done to its weights. */
export interface SawtoothRequest {
  /** Number of mirror maps. */
  readonly n: number;
  readonly form: SawtoothForm;
  /** Standard deviation of the noise. */
  readonly deviation: number;
  readonly part: PerturbedPart;
  readonly seed: number;
  /** Weights that are set by hand, after the noise: place among the parameters, and value. */
  readonly own: readonly (readonly [place: number, value: number])[];
}

/** The function that is left, and its exact counts. */
export interface SawtoothFound {
  readonly laps: number;
  readonly pieces: number;
  readonly intervals: number;
  readonly certified: boolean;
  readonly neurons: number;
  /** Ends of the pieces on [0, 1], and the values there. */
  readonly knots: Float64Array;
  readonly values: Float64Array;
  /** All parameters: W row by row, then b, layer by layer. */
  readonly parameters: Float64Array;
}
