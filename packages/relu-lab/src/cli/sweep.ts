import * as fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { experimentNames, studiesOf } from "../experiments/registry";
import { writeWhole } from "../files";
import { shortPath } from "../results/folder";
import { encode } from "../results/plain";
import { run } from "../results/run";
import { importTrials, stored } from "../results/stored-rows";
import { shardTrials, type Studies, type Study } from "../results/study";
import { readArguments, usage, type SweepArguments } from "./sweep-arguments";
import { UserError } from "./user-error";

type Print = (line: string) => void;

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
    writeWhole(file, text, { remedy: "name another file after --out" });
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
    trials: indices,
    seed: study.seed,
    data: study.data,
    workers: args.workers,
    folder: args.folder,
    signal,
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

/** Longest configuration that the list shows whole. */
const longest = 110;

async function list(out: Print): Promise<void> {
  for (const name of experimentNames) {
    out(name);
    for (const [study, { about, trials, configuration }] of Object.entries(await studiesOf(name))) {
      out(`  ${study}: ${about} ${trials} trials.`);
      const text = encode(configuration);
      out(`    ${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}`);
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
