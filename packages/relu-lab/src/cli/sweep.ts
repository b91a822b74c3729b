import * as fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { experimentNames, studiesOf } from "../experiments/registry";
import { writeWhole } from "../files";
import { shortPath } from "../results/folder";
import { encode } from "../results/plain";
import { run } from "../results/run";
import { importTrials, stored } from "../results/stored-rows";
import { shardTrials, type Shard, type Studies, type Study } from "../results/study";
import { UserError } from "./user-error";

export const usage = `Runs an experiment's trials, here or shared out over many machines; rows go to the result store.

  npm run sweep -- --list                      the experiments and their studies
  npm run sweep -- NAME                        all trials
  npm run sweep -- NAME --shard 3/64           the third of 64 parts
  npm run sweep -- NAME --status [--shards 64] how many trials are there, and which shards are missing
  npm run sweep -- NAME --merge --out FILE     the rows of all trials, one JSON object a line, once all are there

  --study STUDY        a named configuration (default: the experiment's first)
  --set KEY=VALUE      changes a value of the configuration; may be repeated
  --trials N, --seed S other than the study's own
  --workers N          threads (default: RELU_LAB_WORKERS, else one a core)
  --folder DIR         the result store (default: RELU_LAB_RESULTS, else data/results)
  --from DIR           --merge: takes trials from another store too; may be repeated
  --shards N           --status, --merge: names the missing shards of N
  --out FILE           where the rows go; - for the terminal
  --fresh              makes the trials again
  --json               a JSON object instead of words

NAME is an experiment of the list, or the path of a compiled module that exports \`studies\`.
An interrupted run keeps the trials that had finished. Ends with code 0, 1 when a trial failed, when trials are missing
or rows could not be kept, 2 for a wrong command line.`;

interface SweepArguments {
  readonly name: string;
  readonly study?: string;
  readonly set: readonly string[];
  readonly trials?: number;
  readonly seed?: number | string;
  readonly workers?: number;
  readonly folder?: string;
  readonly shard?: Shard;
  readonly shards?: number;
  readonly from: readonly string[];
  readonly out?: string;
  readonly mode: "run" | "status" | "merge";
  readonly fresh: boolean;
  readonly json: boolean;
}

type Print = (line: string) => void;

function whole(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < least)
    throw new UserError(`${option} ${text}: a whole number from ${least} is needed`);
  return value;
}

function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const shard = { number: Number(match?.[1]), of: Number(match?.[2]) };
  if (!match || shard.number < 1 || shard.number > shard.of)
    throw new UserError(`--shard ${text}: write e.g. 3/64, the third of 64 parts`);
  return shard;
}

function readArguments(args: readonly string[]): SweepArguments | "help" | "list" {
  let parsed;
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ study: text, trials: text, seed: text, workers: text, folder: text, shard: text, shards: text },
        ...{ out: text, set: { ...text, multiple: true }, from: { ...text, multiple: true } },
        ...{ status: flag, merge: flag, fresh: flag, json: flag, list: flag, help: { ...flag, short: "h" } },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message} (--help explains)`);
  }
  const { values, positionals } = parsed;
  if (values.help || args.length === 0) return "help";
  if (values.list) return "list";
  if (positionals.length !== 1)
    throw new UserError(
      `sweep takes one experiment, but got ${positionals.join(", ") || "none"} (--list shows them)`,
    );
  const mode = values.merge ? "merge" : values.status ? "status" : "run";
  if (mode !== "run" && values.shard) throw new UserError(`--${mode} and --shard do not go together`);
  if (values.out && (values.shard || mode === "status"))
    throw new UserError("--out wants all trials: leave out --shard, or use --merge");
  if (values.from && mode !== "merge") throw new UserError("--from belongs to --merge");
  const seed = values.seed !== undefined && /^-?\d+$/.test(values.seed) ? Number(values.seed) : values.seed;
  return {
    ...{ name: positionals[0], study: values.study, set: values.set ?? [], seed, mode },
    trials: whole("--trials", values.trials, 1),
    workers: whole("--workers", values.workers, 0),
    shard: shardOf(values.shard),
    shards: whole("--shards", values.shards, 1),
    ...{ folder: values.folder, from: values.from ?? [], out: values.out },
    ...{ fresh: values.fresh ?? false, json: values.json ?? false },
  };
}

async function studies(name: string): Promise<Studies> {
  if (experimentNames.includes(name)) return studiesOf(name);
  if (!/[./\\]/.test(name))
    throw new UserError(`there is no experiment "${name}": there are ${experimentNames.join(", ")}`);
  const file = path.resolve(name);
  if (!fs.existsSync(file)) throw new UserError(`there is no module ${file}`);
  const found = (createRequire(file)(file) as { studies?: Studies }).studies;
  if (!found) throw new UserError(`${file} exports no \`studies\``);
  return found;
}

/** The configuration with its `--set`: a value as JSON, a list as 1,2,3, else text. Only keys that there are. */
function withSettings(configuration: object, settings: readonly string[]): object {
  const changed: Record<string, unknown> = { ...configuration };
  for (const setting of settings) {
    const at = setting.indexOf("=");
    const [key, text] = [setting.slice(0, Math.max(0, at)), setting.slice(at + 1)];
    if (!Object.hasOwn(changed, key))
      throw new UserError(`--set ${setting}: the configuration has ${Object.keys(changed).join(", ")}`);
    const read = (value: string): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        return value;
      }
    };
    const list = Array.isArray(changed[key]) && !text.startsWith("[");
    changed[key] = list ? text.split(",").map(read) : read(text);
    const kind = (value: unknown) => (Array.isArray(value) ? "a list" : typeof value);
    const [before, after] = [kind((configuration as Record<string, unknown>)[key]), kind(changed[key])];
    if (before !== after) throw new UserError(`--set ${setting}: ${key} is ${before}, not ${after}`);
  }
  return changed;
}

async function chosen(args: SweepArguments): Promise<Study> {
  const all = await studies(args.name);
  const name = args.study ?? Object.keys(all)[0];
  if (!Object.hasOwn(all, name))
    throw new UserError(`${args.name} has no study "${name}": there are ${Object.keys(all).join(", ")}`);
  const study = all[name];
  return {
    ...study,
    configuration: withSettings(study.configuration, args.set),
    trials: args.trials ?? study.trials,
    seed: args.seed ?? study.seed,
  };
}

/** The rows as lines of text: the same bytes wherever and in however many parts they were made. */
function rowLines(rows: Iterable<readonly [number, readonly object[]]>): string {
  let text = "";
  for (const [trial, own] of rows) for (const row of own) text += `${encode({ trial, ...row })}\n`;
  return text;
}

function write(file: string, text: string, out: Print): void {
  if (file === "-") {
    if (text !== "") out(text.slice(0, -1));
    return;
  }
  try {
    writeWhole(file, text, "name another file after --out");
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

async function runTrials(
  args: SweepArguments,
  study: Study,
  out: Print,
  err: Print,
  signal: AbortSignal,
): Promise<number> {
  const indices = args.shard
    ? shardTrials(study.trials, args.shard)
    : shardTrials(study.trials, { number: 1, of: 1 });
  let last = performance.now();
  const result = await run(study.experiment, study.configuration, {
    ...{
      trials: indices,
      seed: study.seed,
      data: study.data,
      workers: args.workers,
      folder: args.folder,
      signal,
    },
    fresh: args.fresh ? true : undefined,
    say: err,
    onProgress: (done) => {
      if (performance.now() - last < 10_000) return;
      last = performance.now();
      err(`${study.experiment.name}: ${done} of ${indices.length} trials`);
    },
  });
  if (args.out) write(args.out, rowLines(indices.map((trial, i) => [trial, result.trials[i]])), out);
  const { made, reused, rows, folder } = result;
  const shard = args.shard ? `shard ${args.shard.number}/${args.shard.of}, ` : "";
  if (args.json)
    err(
      encode({
        experiment: study.experiment.name,
        shard: args.shard ?? null,
        made,
        reused,
        rows: rows.length,
        folder,
      }),
    );
  else
    err(
      `${study.experiment.name}: ${shard}${made} trials made, ${reused} from the store, ${rows.length} rows${folder ? ` in ${shortPath(folder)}` : ", not kept"}`,
    );
  return folder || args.out ? 0 : 1; // rows that are nowhere are no success
}

/** The trials that are there and those that are missing; with `--merge` the rows too. */
function collect(args: SweepArguments, study: Study, out: Print, err: Print): number {
  const { experiment, configuration, seed, data, trials } = study;
  const where = { seed, data, folder: args.folder };
  const name = experiment.name;
  if (args.mode === "merge" && args.from.length > 0) {
    const added = importTrials(experiment, configuration, args.from, where);
    err(`${name}: ${added} trials taken from ${args.from.join(", ")}`);
  }
  const kept = stored(experiment, configuration, where);
  const all = Array.from({ length: trials }, (_, i) => i);
  const missing = all.filter((trial) => !kept.has(trial));
  const { shards } = args;
  const parts = shards
    ? [...new Set(missing.map((trial) => (trial % shards) + 1))].sort((a, b) => a - b)
    : [];
  if (args.json && args.mode === "status")
    out(encode({ experiment: name, trials, missing, missingShards: shards ? parts : null }));
  if (missing.length > 0) {
    const some = `${missing.slice(0, 10).join(", ")}${missing.length > 10 ? ", ..." : ""}`;
    const again =
      parts.length > 0 ? `; run shard ${parts.map((part) => `${part}/${shards}`).join(", ")} again` : "";
    const text = `${name}: ${missing.length} of ${trials} trials are missing (${some})${again}`;
    if (!(args.json && args.mode === "status")) (args.mode === "status" ? out : err)(text);
    return 1;
  }
  if (args.mode === "status") {
    if (!args.json) out(`${name}: all ${trials} trials are there`);
    return 0;
  }
  const rows = all.map((trial): [number, object[]] => [trial, kept.get(trial)!]);
  write(args.out ?? "-", rowLines(rows), out);
  if (args.out && args.out !== "-") err(`${name}: rows of ${trials} trials in ${args.out}`);
  return 0;
}

async function list(out: Print): Promise<void> {
  for (const name of experimentNames) {
    out(name);
    for (const [study, { about, trials, configuration }] of Object.entries(await studiesOf(name))) {
      out(`  ${study}: ${about} ${trials} trials.`);
      out(`    ${encode(configuration)}`);
    }
  }
}

/**
 * The command behind `npm run sweep`.
 *
 * @param words what stands after the command's name
 * @param out where rows and answers go
 * @param err where notes and complaints go
 * @param signal stops the run; what had finished is kept
 * @returns the exit code
 */
export async function sweepCommand(
  words: readonly string[],
  out: Print = console.log,
  err: Print = console.error,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  try {
    const args = readArguments(words);
    if (args === "help") out(usage);
    if (args === "list") await list(out);
    if (typeof args === "string") return 0;
    const study = await chosen(args);
    return args.mode === "run"
      ? await runTrials(args, study, out, err, signal)
      : collect(args, study, out, err);
  } catch (error) {
    if (signal.aborted) {
      err("relu-lab: stopped; trials that had finished are kept");
      return 1;
    }
    err(`relu-lab: ${(error as Error).message}`);
    return error instanceof UserError ? 2 : 1;
  }
}
