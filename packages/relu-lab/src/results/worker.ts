import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { generator } from "../random";
import type { Experiment } from "./experiment";
import { encode } from "./plain";

// A trial that counts or trains with threads of its own would start them in every worker.
if (!isMainThread) process.env.RELU_LAB_WORKERS = "1";

/** What a worker thread is asked for. */
export interface TrialsTask {
  readonly module: string;
  readonly name: string;
  readonly configuration: unknown;
  readonly seed: number | string;
  readonly indices: readonly number[];
  readonly workers: number;
}

function find({ module, name }: TrialsTask): Experiment {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported = Object.values(require(module) as Record<string, unknown>) as (Experiment | null)[];
  const experiment = exported.find(
    (value) =>
      typeof value === "object" && value !== null && value.name === name && (value.trial || value.batch),
  );
  if (!experiment) throw new Error(`results: ${module} exports no experiment named "${name}"`);
  return experiment;
}

/** Runs trials; the text of each one's rows, in the order of `indices`. A failure names the trials. */
export async function runTrials(task: TrialsTask): Promise<string[]> {
  const { name, configuration, seed, indices, workers } = task;
  const experiment = find(task);
  const source = generator(seed).split(name);
  const randoms = indices.map((index) => source.split(index));
  const context = { workers };
  const of =
    indices.length > 1 ? `trials ${indices[0]} to ${indices[indices.length - 1]}` : `trial ${indices[0]}`;
  if (experiment.batch) {
    const rows = await blamed(`${name}, ${of}`, () =>
      experiment.batch!(configuration as object, indices, randoms, context),
    );
    if (rows.length !== indices.length) {
      throw new Error(`${name}, ${of}: batch gave rows of ${rows.length} trials, not of ${indices.length}`);
    }
    return rows.map((own, i) => textOf(`${name}, trial ${indices[i]}`, own));
  }
  const texts: string[] = [];
  for (const [i, index] of indices.entries()) {
    const place = `${name}, trial ${index}`;
    const rows = await blamed(place, () =>
      experiment.trial!(configuration as object, index, randoms[i], context),
    );
    texts.push(textOf(place, rows));
  }
  return texts;
}

function textOf(place: string, rows: unknown): string {
  if (!Array.isArray(rows)) throw new TypeError(`${place}: gave ${typeof rows}, not an array of rows`);
  try {
    return encode(rows);
  } catch (error) {
    throw new TypeError(`${place}: ${(error as Error).message}`);
  }
}

/** Says which trial failed, and keeps the error's kind and trace. */
async function blamed<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = `${place}: ${error.message}`;
    throw error;
  }
}
