/** What a trial begins with. */
export interface TrialState {
  readonly parameters: Float64Array;
  readonly seed: Uint32Array;
}

/** Trains as many trials at once as it has lanes, step by step. */
export interface Engine {
  readonly lanes: number;
  /** Puts trials at their beginning, one a lane. */
  begin(states: readonly TrialState[]): void;
  /**
   * Takes steps.
   *
   * @param table a row a step: the scheduled values, the groups' step sizes, epsilon
   * @param steps how many
   * @returns for each lane the step (counted from 0) after which its loss or a parameter was not finite; -1 when none
   */
  run(table: Float64Array, steps: number): Int32Array;
  /** The loss and its gradient at the present parameters, on fresh samples, without changing the parameters. */
  differentiate(slots: Float64Array): void;
  /** Numbers of a lane. */
  read(lane: number, at: number, count: number): Float64Array;
  /** Gives its memory back. */
  release(): void;
}
