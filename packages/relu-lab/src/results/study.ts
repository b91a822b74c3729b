import type { Experiment } from "./experiment";

/** An experiment with one configuration under a name, so that a command line can run it. */
export interface Study<C extends object = object, R extends object = object> {
  /** One sentence. */
  readonly about: string;
  readonly experiment: Experiment<C, R>;
  readonly configuration: C;
  readonly trials: number;
  readonly seed: number | string;
  /** Which data the trials read; see `RunOptions.data`. */
  readonly data?: unknown;
}

/** Studies by name; the first is the one that is meant when none is named. */
export type Studies = Record<string, Study>;

/** One part of the trials. */
export interface Shard {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
}

/**
 * The trials of a shard: every `of`-th one, so that shards of a few trials each cost about the same.
 *
 * @param trials number of all trials
 * @param shard which part
 * @returns numbers of trials, ascending
 * @throws RangeError when the shard is not one of 1 to `of`
 */
export function shardTrials(trials: number, { number, of }: Shard): number[] {
  if (!Number.isInteger(of) || !Number.isInteger(number) || of < 1 || number < 1 || number > of) {
    throw new RangeError(`shard ${number}/${of}: write e.g. 3/64, the third of 64 parts`);
  }
  return Array.from(
    { length: Math.max(0, Math.ceil((trials - number + 1) / of)) },
    (_, i) => number - 1 + i * of,
  );
}
