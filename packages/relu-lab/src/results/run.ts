import path from "node:path";
import process from "node:process";
import { notWritten } from "../files";
import { requireWorkers, withWorkers, workerCount } from "../runtime/workers";
import { interruptible } from "../workers";
import type { About, Entry } from "./entry";
import type { Experiment } from "./experiment";
import { shortPath } from "./folder";
import { inLanes } from "./lanes";
import { decode } from "./plain";
import { entryOf } from "./stored-rows";
import { runTrials } from "./worker";

/** How an experiment is run. */
export interface RunOptions {
  /** How many trials (0 to n - 1), or the numbers of those that are wanted. */
  readonly trials: number | readonly number[];
  /** Trial i draws from `generator(seed).split(name).split(i)`; 0 when not given. */
  readonly seed?: number | string;
  /** Which data the trials read, e.g. a data set's provenance: other data, other rows. */
  readonly data?: unknown;
  /** Threads; `runtime.workerCount` when not given. The rows do not depend on it. */
  readonly workers?: number;
  /** Stops the run; trials that had finished are kept. When not given, an interrupt of the process stops it. */
  readonly signal?: AbortSignal;
  /** Called with the number of trials that are there. */
  readonly onProgress?: (done: number) => void;
  /** Makes all trials again; when not given, whether RELU_LAB_FRESH is 1. */
  readonly fresh?: boolean;
  /** The store; `resultsFolder()` when not given. */
  readonly folder?: string;
  /** false: neither reads nor writes the store. */
  readonly keep?: boolean;
  /**
   * Where the one line about stored results goes; console.log when not given, and nowhere when outputs shall be the
   * same at every run (RELU_LAB_STEADY=1).
   */
  readonly say?: (line: string) => void;
}

/** The rows of an experiment and where they come from. */
export interface RunResult<R> {
  /** All rows, trial after trial in the order asked for. */
  readonly rows: R[];
  /** The rows of each trial. */
  readonly trials: R[][];
  /** Trials that came from the store. */
  readonly reused: number;
  /** Trials that were made now. */
  readonly made: number;
  /** The entry's folder, or "" when nothing is kept. */
  readonly folder: string;
}

function wanted(name: string, trials: number | readonly number[]): number[] {
  const given = typeof trials === "number" ? [trials] : [...trials];
  const bad = given.find((value) => !(Number.isSafeInteger(value) && value >= 0));
  if (bad !== undefined)
    throw new RangeError(`results: ${name}: trials is ${bad}: give whole numbers from 0`);
  return typeof trials === "number" ? Array.from({ length: trials }, (_, i) => i) : given;
}

/** Entries that this process has made afresh already: a second look at them is not another run. */
const renewed = new Set<string>();
/** ms between two writings, so that cheap trials share a file and an interrupted run loses little. */
const writeInterval = 250;

/** Keeps finished trials in an entry; what cannot be written is told once, and the run goes on. */
class Keeper {
  private pending: [number, string][] = [];
  private last = performance.now();
  broken = false;

  constructor(
    private readonly entry: Entry,
    private readonly about: About,
    private readonly say: (line: string) => void,
  ) {}

  attempt(work: () => void): void {
    if (this.broken) return;
    try {
      work();
    } catch (error) {
      this.broken = true;
      const { message } = notWritten(
        error,
        path.join(this.entry.folder, "a part"),
        "set RELU_LAB_RESULTS to another folder",
      );
      this.say(`${this.about.experiment}: results are not kept: ${message}`);
    }
  }

  add(trials: readonly [number, string][]): void {
    this.pending.push(...trials);
    if (performance.now() - this.last >= writeInterval) this.flush();
  }

  flush(): void {
    const trials = this.pending;
    this.pending = [];
    this.last = performance.now();
    if (trials.length === 0) return;
    this.attempt(() => {
      this.entry.describe(this.about);
      this.entry.add(trials);
    });
  }
}

/**
 * Runs the trials of an experiment, takes from the store those that are kept there and keeps the others.
 *
 * Rows are kept under a digest of the experiment, its configuration, data, seed and code, trial by trial: a run that
 * was interrupted goes on where it stopped, and a run of more trials makes the new ones only. The same seed gives the
 * same rows whatever the number of workers, the order and the interruptions.
 *
 * @param experiment what makes the rows of a trial, in a module that worker threads can load
 * @param configuration plain data, handed to each trial
 * @param options trials, seed, workers and so on
 * @returns rows, and how many trials were taken from the store
 * @throws RangeError or TypeError for options or an experiment that are not right; an error that names the trial
 * when one fails; the signal's reason when it aborts. What had finished by then is kept
 * @example
 * const { rows } = await results.run(experiments.relearning, configuration, { trials: 200, seed: 1 });
 */
export async function run<C extends object, R extends object>(
  experiment: Experiment<C, R>,
  configuration: C,
  options: RunOptions,
): Promise<RunResult<R>> {
  const { entry, about } = entryOf(experiment, configuration, options);
  const { name } = experiment;
  const { seed = 0, signal, onProgress, keep = true } = options;
  const steady = process.env.RELU_LAB_STEADY === "1";
  const say = options.say ?? ((line: string) => void (steady || console.log(line)));
  const indices = wanted(name, options.trials);
  requireWorkers(options.workers);
  signal?.throwIfAborted();

  const keeper = new Keeper(entry, about, say);
  keeper.broken = !keep;
  const texts = new Map<number, string>();
  const fresh = (options.fresh ?? process.env.RELU_LAB_FRESH === "1") && !renewed.has(entry.folder);
  if (keep && fresh) {
    keeper.attempt(() => entry.clear());
    renewed.add(entry.folder);
  } else if (keep) {
    const { trials, damaged } = entry.read({ repair: true });
    for (const index of indices) if (trials.has(index)) texts.set(index, trials.get(index)!);
    if (damaged > 0) {
      say(
        `${name}: ${damaged} damaged record${damaged > 1 ? "s" : ""} in ${shortPath(entry.folder)} dropped`,
      );
    }
  }
  const missing = [...new Set(indices)].filter((index) => !texts.has(index));
  const reused = texts.size;
  if (reused > 0) {
    keeper.attempt(() => entry.describe(about)); // it may have been damaged

    const rest = missing.length > 0 ? `, ${missing.length} to run` : "; --fresh makes them again";
    say(
      `${name}: ${reused} trial${reused > 1 ? "s" : ""} from the result store (${shortPath(entry.folder)})${rest}`,
    );
  }
  onProgress?.(texts.size);
  if (missing.length > 0) {
    try {
      const done = (batch: readonly number[], made: string[]) => {
        batch.forEach((index, i) => texts.set(index, made[i]));
        keeper.add(batch.map((index, i) => [index, made[i]]));
        onProgress?.(texts.size);
      };
      await interruptible(
        (stop) => makeTrials(experiment, configuration, seed, missing, { ...options, signal: stop }, done),
        signal,
      );
    } finally {
      keeper.flush();
    }
  }
  // Also what was made just now is read from its text: a row is the same whether it comes from the store or not.
  const trials = indices.map((index) => decode(texts.get(index)!) as R[]);
  return {
    rows: trials.flat(),
    trials,
    reused,
    made: missing.length,
    folder: keeper.broken ? "" : entry.folder,
  };
}

async function makeTrials<C extends object, R extends object>(
  { name, module, batchSize }: Experiment<C, R>,
  configuration: C,
  seed: number | string,
  missing: readonly number[],
  options: RunOptions,
  done: (batch: readonly number[], texts: string[]) => void,
): Promise<void> {
  const asked = options.workers ?? workerCount();
  const lanes = Math.max(1, Math.min(asked, Math.ceil(missing.length / (batchSize ?? 1))));
  await withWorkers(
    path.join(__dirname, "worker.js"),
    { runTrials },
    (call) => {
      const work = async (batch: readonly number[]) => {
        const own = lanes > 1 ? 1 : Math.max(1, asked);
        const task = { module, name, configuration, seed, indices: batch, workers: own };
        done(batch, await call("runTrials", task));
      };
      return inLanes(missing, work, { lanes, batchSize, signal: options.signal });
    },
    lanes,
    options.signal,
  );
}
