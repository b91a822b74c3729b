import { parseArgs } from "node:util";
import type { Shard } from "../results/study";
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

/** What the command line asks for. */
export interface SweepArguments {
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

/** Reads the command line. Throws a UserError that names the word which is wrong. */
export function readArguments(args: readonly string[]): SweepArguments | "help" | "list" {
  let parsed;
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        study: text,
        trials: text,
        seed: text,
        workers: text,
        folder: text,
        shard: text,
        shards: text,
        out: text,
        set: { ...text, multiple: true },
        from: { ...text, multiple: true },
        status: flag,
        merge: flag,
        fresh: flag,
        json: flag,
        list: flag,
        help: { ...flag, short: "h" },
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
    name: positionals[0],
    study: values.study,
    set: values.set ?? [],
    seed,
    mode,
    trials: whole("--trials", values.trials, 1),
    workers: whole("--workers", values.workers, 0),
    shard: shardOf(values.shard),
    shards: whole("--shards", values.shards, 1),
    folder: values.folder,
    from: values.from ?? [],
    out: values.out,
    fresh: values.fresh ?? false,
    json: values.json ?? false,
  };
}
