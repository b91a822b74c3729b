import { parseArgs } from "node:util";
import * as fs from "node:fs";
import { removeUnfinished, storedResults, type StoredResult } from "../results/catalogue";
import { Entry } from "../results/entry";
import { resultsFolder } from "../results/folder";
import { decode, encode } from "../results/plain";
import { UserError } from "./user-error";

export const usage = `Results that are kept, so that a section that is run again need not make them again.

  npm run results -- list                 what is kept: experiment, digest, trials, size, state
  npm run results -- show DIGEST          one of them: configuration, seed, data, code, its rows
  npm run results -- prune                removes what no run would use: results of changed code, damaged ones

  --experiment NAME      only this experiment's
  --older-than DAYS      prune: whatever was not written to for so many days
  --all                  prune: everything
  --dry-run              prune: only says what would go
  --rows                 show: all rows, one JSON object a line, and nothing else
  --folder DIR           another store (default: RELU_LAB_RESULTS, else data/results)
  --json                 JSON instead of a table

DIGEST may be shortened to what is unique.`;

type Print = (line: string) => void;

const size = (bytes: number) =>
  bytes < 1e3
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
}

function tableOf(stored: readonly StoredResult[]): string[] {
  const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  return columns([
    ["experiment", "digest", "trials", "seed", "size", "written", "state", "configuration"],
    ...stored.map((r) => [
      r.experiment,
      r.digest,
      `${r.trials}${r.damaged ? ` (${r.damaged} damaged)` : ""}`,
      String(r.about?.seed ?? ""),
      size(r.bytes),
      new Date(r.changed).toISOString().slice(0, 16).replace("T", " "),
      r.state,
      shorten(r.about ? encode(r.about.configuration) : ""),
    ]),
  ]);
}

const brief = ({ about, changed, ...rest }: StoredResult) => ({
  ...rest,
  changed: new Date(changed).toISOString(),
  ...(about ? { seed: about.seed, configuration: about.configuration, data: about.data } : {}),
});

function one(stored: readonly StoredResult[], digest: string | undefined): StoredResult {
  if (!digest) throw new UserError("show wants a digest; `npm run results -- list` prints them");
  const found = stored.filter((r) => r.digest.startsWith(digest));
  if (found.length === 1) return found[0];
  throw new UserError(
    found.length === 0
      ? `there is no result "${digest}"; \`npm run results -- list\` prints what there is`
      : `"${digest}" could be ${found.map((r) => r.digest).join(" or ")}: give more of it`,
  );
}

function show(result: StoredResult, { json = false, rows = false }, out: Print): void {
  const kept = [...new Entry(result.folder).read().trials].sort(([a], [b]) => a - b);
  const trials = kept.map(([trial, text]) => ({ trial, rows: decode(text) as object[] }));
  if (rows) {
    for (const { trial, rows: own } of trials) for (const row of own) out(encode({ trial, ...row }));
    return;
  }
  if (json) return out(encode({ ...brief(result), about: result.about, results: trials }));
  const count = trials.reduce((sum, t) => sum + t.rows.length, 0);
  const about = result.about;
  out(`${result.experiment} ${result.digest}, ${result.state}`);
  out(`  folder         ${result.folder}`);
  if (about) {
    out(`  configuration  ${encode(about.configuration)}`);
    out(`  data           ${about.data === null ? "none" : encode(about.data)}`);
    out(`  seed           ${about.seed}`);
    out(`  code           ${about.code} (${about.module}, version ${about.version})`);
    out(`  made           ${about.created}, Node ${about.node}`);
  }
  out(
    `  trials         ${trials.length}${result.damaged ? `, and ${result.damaged} damaged records` : ""}, ${count} rows`,
  );
  const first = trials.find((t) => t.rows.length > 0);
  if (first) out(`  first row      ${encode(first.rows[0])}`);
}

interface PruneOptions {
  readonly all?: boolean;
  readonly days?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

function prune(store: string, stored: readonly StoredResult[], options: PruneOptions, out: Print): void {
  const before = options.days === undefined ? undefined : Date.now() - options.days * 86_400_000;
  const gone = stored.filter((r) => {
    if (options.all) return true;
    if (before !== undefined) return r.changed < before;
    return r.state === "stale" || r.state === "damaged";
  });
  if (!options.dryRun) {
    for (const { folder } of gone) fs.rmSync(folder, { recursive: true, force: true });
    removeUnfinished(store);
  }
  const bytes = gone.reduce((sum, r) => sum + r.bytes, 0);
  if (options.json)
    return out(
      encode({
        removed: options.dryRun ? [] : gone.map(brief),
        wouldRemove: options.dryRun ? gone.map(brief) : [],
        bytes,
      }),
    );
  if (gone.length > 0) for (const line of tableOf(gone)) out(line);
  out(
    `${options.dryRun ? "would remove" : "removed"} ${gone.length} of ${stored.length} results, ${size(bytes)}`,
  );
}

function days(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?d?$/.test(text)) throw new UserError(`--older-than ${text}: give a number of days`);
  return parseFloat(text);
}

function perform(args: readonly string[], out: Print): void {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        experiment: { type: "string" },
        "older-than": { type: "string" },
        all: { type: "boolean" },
        "dry-run": { type: "boolean" },
        rows: { type: "boolean" },
        folder: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message} (--help explains)`);
  }
  const { values, positionals } = parsed;
  const [command = "help", digest, ...more] = positionals;
  if (values.help || command === "help") return out(usage);
  if (!["list", "show", "prune"].includes(command))
    throw new UserError(`unknown command "${command}": one of list, show, prune (--help explains)`);
  if (more.length > 0 || (digest !== undefined && command !== "show"))
    throw new UserError(`${command} does not take "${more[0] ?? digest}" (--help explains)`);
  const store = values.folder ?? resultsFolder();
  const all = storedResults(store);
  const stored = all.filter((r) => values.experiment === undefined || r.experiment === values.experiment);
  if (values.experiment !== undefined && stored.length === 0) {
    const names = [...new Set(all.map((r) => r.experiment))].join(", ") || "nothing";
    throw new UserError(`nothing is kept of "${values.experiment}"; there is ${names}`);
  }
  if (command === "show") return show(one(stored, digest), values, out);
  if (command === "prune") {
    const options = {
      all: values.all,
      days: days(values["older-than"]),
      dryRun: values["dry-run"],
      json: values.json,
    };
    return prune(store, stored, options, out);
  }
  if (values.json) return out(encode(stored.map(brief)));
  if (stored.length === 0) return out(`nothing is kept in ${store}`);
  for (const line of tableOf(stored)) out(line);
  out(`${stored.length} results, ${size(stored.reduce((sum, r) => sum + r.bytes, 0))}, in ${store}`);
}

/**
 * The command behind `npm run results`.
 *
 * @param args what stands after the command's name
 * @param out where lines of the answer go
 * @param err where a complaint goes
 * @returns the exit code: 0, or 2 for a wrong command line
 */
export function resultsCommand(
  args: readonly string[],
  out: Print = console.log,
  err: Print = console.error,
): number {
  try {
    perform(args, out);
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    err(`relu-lab: ${error.message}`);
    return 2;
  }
}
