import path from "node:path";
import process from "node:process";
import { repositoryRoot } from "../datasets/cache-folder";
import { codeVersion } from "./code-version";
import { Entry, type About } from "./entry";
import { checkExperiment, type Experiment } from "./experiment";
import { resultsFolder } from "./folder";
import { decode } from "./plain";

/** Which entry of which store: what the rows depend on beside experiment and configuration. */
export interface EntryOptions {
  readonly seed?: number | string;
  readonly data?: unknown;
  readonly folder?: string;
}

/** The entry of the store that a run with these arguments reads and writes, and what it says of itself. */
export function entryOf<C extends object, R extends object>(
  experiment: Experiment<C, R>,
  configuration: C,
  { seed = 0, data = null, folder = resultsFolder() }: EntryOptions,
): { entry: Entry; about: About } {
  checkExperiment(experiment);
  const { name, version, module } = experiment;
  const about: About = {
    experiment: name,
    version,
    configuration,
    data,
    seed,
    code: codeVersion(module),
    module: path
      .relative(repositoryRoot() ?? "", module)
      .split(path.sep)
      .join("/"),
    node: process.version,
    created: new Date().toISOString(),
  };
  return { entry: Entry.of(path.resolve(folder), about), about };
}

/**
 * The rows of the trials that the store has, without running anything.
 *
 * @param experiment what would make them
 * @param configuration plain data
 * @param options seed, data and store as in `run`
 * @returns rows by trial
 * @example
 * results.stored(experiments.relearning, configuration, { seed: 1 }).size; // trials that are there
 */
export function stored<C extends object, R extends object>(
  experiment: Experiment<C, R>,
  configuration: C,
  options: EntryOptions = {},
): Map<number, R[]> {
  const { trials } = entryOf(experiment, configuration, options).entry.read();
  return new Map([...trials].map(([trial, text]) => [trial, decode(text) as R[]]));
}

/**
 * Copies trials from other stores into one: what shards wrote where there is no shared file system.
 *
 * @param experiment what made them
 * @param configuration plain data
 * @param from folders of the other stores
 * @param options seed, data and store as in `run`
 * @returns the number of trials that are new
 * @throws Error from the file system when the store cannot be written
 */
export function importTrials<C extends object, R extends object>(
  experiment: Experiment<C, R>,
  configuration: C,
  from: readonly string[],
  options: EntryOptions = {},
): number {
  const { entry, about } = entryOf(experiment, configuration, options);
  const have = entry.read().trials;
  const found = new Map<number, string>();
  for (const folder of from) {
    const other = entryOf(experiment, configuration, { ...options, folder }).entry;
    for (const [trial, text] of other.read().trials) if (!have.has(trial)) found.set(trial, text);
  }
  if (found.size > 0) {
    entry.describe(about);
    entry.add([...found].sort(([a], [b]) => a - b));
  }
  return found.size;
}
