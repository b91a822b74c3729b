/** A parameter's place among a trial's parameters. */
export interface ParameterPlace {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly frozen: boolean;
  readonly group: string;
}

/** What engines need of a compiled tape: plain data, which can be sent to a worker. */
export interface ProgramCode {
  /** Records of the forward pass, then of the backward pass. */
  readonly instructions: Int32Array;
  /** Places of gathered rows and columns. */
  readonly tables: Int32Array;
  /** Numbers of a trial: parameters first, then their gradients, then two moments of each, then everything else. */
  readonly heap: number;
  /** Numbers of a trial's parameters. */
  readonly parameters: number;
  /** Constants and where they stand. */
  readonly constants: readonly { readonly at: number; readonly values: Float64Array }[];
  /** Ranges of trained parameters and their group. */
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly group: number }[];
  readonly groups: readonly string[];
  /** Where the scheduled values of a step are written. */
  readonly slots: readonly number[];
  readonly loss: number;
  readonly watches: readonly Watch[];
}

/** A value that is read at read-outs. */
export interface Watch {
  readonly name: string;
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
}

/** A compiled tape. */
export interface Program {
  readonly code: ProgramCode;
  /** Where each parameter stands among a trial's parameters. */
  readonly parameters: readonly ParameterPlace[];
  /** The scheduled values' schedules, in the order of `code.slots`. */
  readonly schedules: readonly ((step: number) => number)[];
}
