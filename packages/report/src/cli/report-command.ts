import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readSite } from "../html/site";
import { readNotebook } from "../notebook/nbformat";
import { describeParameters, notebookParameters, notebookProfiles } from "../notebook/parameters";
import { requireWritable } from "../notebook/write-whole";
import { makeReport, writeSite } from "../run/make-report";
import { clock, Progress } from "../run/progress";
import { sectionState } from "../run/record";
import { findSections, selectSections, type Section } from "../run/sections";
import { codeDigest } from "../saved/code-digest";
import { serve } from "../serve/serve";
import { defaultPort, help, readArguments, type ReportArguments } from "./arguments";
import { byWords, exitCodeOf, UsageError } from "./command-line";

const signalNumbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

function list(sections: readonly Section[], out: string): string {
  return sections
    .map((section) => {
      const { title, run, outdated, damaged } = sectionState(section, out);
      const state = run
        ? `${run.status}, ${run.profile}, ${run.seconds.toFixed(1)} s, ${run.finished.slice(0, 16).replace("T", " ")}${outdated ? ", edited since" : ""}`
        : damaged
          ? "damaged in the report's folder, counts as not run"
          : "not run yet";
      const notebook = readNotebook(section.file);
      const profiles = Object.keys(notebookProfiles(notebook)).join(", ");
      const parameters = describeParameters(notebookParameters(notebook)).replace(/^/gm, "  ");
      return `${section.name}  ${title}\n  ${state}\n  parameters${profiles ? ` (profiles: ${profiles})` : ""}\n${parameters}`;
    })
    .join("\n\n");
}

/** Lets Ctrl-C, kill and a closed terminal end the kernels and then this process with the customary code. */
function stopOnSignals(controller: AbortController): { code: () => number | null; release: () => void } {
  let caught: keyof typeof signalNumbers | null = null;
  const names = Object.keys(signalNumbers) as (keyof typeof signalNumbers)[];
  const handlers = names.map((name) => {
    const handler = () => {
      caught ??= name;
      controller.abort(new Error(`stopped by ${name}`));
    };
    process.on(name, handler);
    return { name, handler };
  });
  return {
    code: () => caught && 128 + signalNumbers[caught],
    release: () => handlers.forEach(({ name, handler }) => process.off(name, handler)),
  };
}

/** Whether a section's page is not of the notebook, the code and the parameters as they are now. */
function hasChanged(section: Section, out: string, { profile, set }: ReportArguments): boolean {
  const { run, outdated } = sectionState(section, out);
  if (!run || outdated || run.profile !== profile || JSON.stringify(run.set) !== JSON.stringify(set))
    return true;
  return run.code !== codeDigest(readNotebook(section.file), path.dirname(section.file));
}

async function runOnce(args: ReportArguments, place: Place, signal: AbortSignal): Promise<number> {
  const { folder, out, all } = place;
  const selected = args.changed
    ? place.selected.filter((section) => hasChanged(section, out, args))
    : place.selected;
  const progress = new Progress();
  try {
    const failed = await makeReport({
      all,
      selected,
      out,
      profile: args.profile,
      set: args.set,
      jobs: args.jobs ?? Math.min(2, os.availableParallelism()),
      cellTimeout: args.cellTimeout * 1000,
      site: readSite(folder),
      progress,
      signal,
      env: args.fresh ? { RELU_LAB_FRESH: "1" } : undefined,
      save: args.save,
    });
    progress.close();
    const page = path.relative(process.cwd(), path.join(out, "index.html"));
    const passed = selected.length
      ? `${selected.length - failed.length} of ${selected.length} notebooks passed`
      : "no section has changed; the pages are written";
    console.log(`${passed} in ${clock(progress.seconds)}: ${page}`);
    if (failed.length > 0) console.log(`failed: ${failed.map(({ section }) => section.name).join(", ")}`);
    return failed.length > 0 ? 1 : 0;
  } finally {
    progress.close();
  }
}

/** Serves the report; each run is a process of its own, started with the same words, so that it has the newest code. */
async function runServer(
  args: ReportArguments,
  { root, folder, out, all }: Place,
  signal: AbortSignal,
  self: readonly string[],
): Promise<number> {
  requireWritable(out, "the report", "choose another folder with --out");
  const progress = new Progress();
  writeSite({ all, out, site: readSite(folder), progress }); // what there is, until the first run has ended
  progress.close();
  const words = [...args.sections, "--changed", "--out", out, "--profile", args.profile];
  for (const [name, value] of Object.entries(args.set)) words.push("--set", `${name}=${value}`);
  if (args.jobs) words.push("--jobs", String(args.jobs));
  words.push("--cell-timeout", String(args.cellTimeout));
  await serve({
    root,
    out,
    port: args.port,
    usualPort: defaultPort,
    command: [...self, ...words],
    signal,
    print: (text) => void process.stderr.write(`${text}\n`),
  });
  return 0;
}

/** Where the command works, and on what. */
interface Place {
  root: string;
  folder: string;
  out: string;
  all: Section[];
  selected: Section[];
}

function placeOf(args: ReportArguments, root: string): Place {
  const folder = path.join(root, "notebooks");
  const all = findSections(folder);
  const out = path.resolve(root, args.out ?? "report");
  return { root, folder, out, all, selected: byWords(() => selectSections(all, args.sections)) };
}

async function run(args: ReportArguments, root: string, self: readonly string[]): Promise<number> {
  const place = placeOf(args, root);
  if (args.list) {
    console.log(list(place.selected, place.out));
    return 0;
  }
  const controller = new AbortController();
  const signals = stopOnSignals(controller);
  try {
    return await (args.serve
      ? runServer(args, place, controller.signal, self)
      : runOnce(args, place, controller.signal));
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    process.stderr.write(`relu-lab: stopped; sections that had finished are kept in ${place.out}\n`);
    return code;
  } finally {
    signals.release();
  }
}

/**
 * The command behind `npm run report`; returns the exit code.
 * @param words the command line after the command's name
 * @param root the repository: its `notebooks/` are run, `report/` is written
 * @param self the command itself, program and first arguments: `--serve` starts it for each run
 */
export function reportCommand(
  words: readonly string[],
  root: string,
  self: readonly string[] = [process.execPath, path.join(__dirname, "main.js")],
): Promise<number> {
  return exitCodeOf(() => {
    const args = readArguments(words);
    if (args.help) {
      console.log(help);
      return 0;
    }
    if (!fs.existsSync(path.join(root, "notebooks")))
      throw new UsageError(`there is no folder notebooks in ${root}`);
    return run(args, root, self);
  });
}
