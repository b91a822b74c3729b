import type { Generator } from "../random";

/** What a trial may know of how it is run. Nothing of it may change its rows. */
export interface TrialContext {
  /** Threads that the trial may use itself: 1 in a worker thread. */
  readonly workers: number;
}

/**
 * An experiment whose rows can be kept: a pure function from a configuration, a trial's number and a generator to
 * rows. Worker threads load it by `module`, which must export it under any name.
 *
 * It offers `trial`, or `batch` when many trials at once are cheaper; a trial's rows must not depend on which other
 * trials share its batch. Configuration and rows are plain data: numbers, texts, booleans, null, arrays and records.
 */
export interface Experiment<C = object, R = object> {
  /** a-z, 0-9 and hyphens: the name of its folder in the store. */
  readonly name: string;
  /** Changed by hand when the meaning of the rows changes; the code itself is digested anyway. */
  readonly version: string;
  /** Absolute path of the compiled module that exports it: write `module: __filename`. */
  readonly module: string;
  /** The rows of one trial, for an experiment whose trials are made one by one. */
  trial?(configuration: C, index: number, random: Generator, context: TrialContext): R[] | Promise<R[]>;
  /** Rows of each of the trials `indices`, in their order. */
  batch?(
    configuration: C,
    indices: readonly number[],
    randoms: readonly Generator[],
    context: TrialContext,
  ): R[][] | Promise<R[][]>;
  /** Most trials in a batch; as many as take a tenth of a second when it is not given. */
  readonly batchSize?: number;
}

/** @throws TypeError when something is missing or an experiment's name cannot be a folder's */
export function checkExperiment(experiment: Experiment<never, object>): void {
  const { name, version, module, trial, batch } = experiment;
  if (typeof name !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new TypeError(`results: the experiment's name is "${name}": use a-z, 0-9 and hyphens`);
  }
  if (typeof version !== "string" || version === "")
    throw new TypeError(`results: ${name} has no version: write e.g. version: "1"`);
  if (typeof module !== "string" || module === "") {
    throw new TypeError(`results: ${name} does not say which module it stands in: write module: __filename`);
  }
  if (typeof trial !== "function" && typeof batch !== "function")
    throw new TypeError(`results: ${name} has neither trial nor batch: give one of them`);
}
