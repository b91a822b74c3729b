import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readNotebook } from "../notebook/nbformat";
import {
  describeParameters,
  notebookParameters,
  notebookProfiles,
  ParameterError,
} from "../notebook/parameters";
import { makeReport } from "../run/make-report";
import { clock, Progress } from "../run/progress";
import { sectionState } from "../run/record";
import { findSections, selectSections, type Section } from "../run/sections";
import { help, readArguments, UsageError, type ReportArguments } from "./arguments";
import { readSite } from "../html/site";

const signalNumbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

function list(sections: readonly Section[], out: string): string {
  return sections
    .map((section) => {
      const { title, run, outdated } = sectionState(section, out);
      const state = run
        ? `${run.status}, ${run.profile}, ${run.seconds.toFixed(1)} s, ${run.finished.slice(0, 16).replace("T", " ")}${outdated ? ", edited since" : ""}`
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

async function run(args: ReportArguments, root: string): Promise<number> {
  const folder = path.join(root, "notebooks");
  const out = path.resolve(root, args.out ?? "report");
  const all = findSections(folder);
  let selected: Section[];
  try {
    selected = selectSections(all, args.sections);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (args.list) {
    console.log(list(selected, out));
    return 0;
  }
  const controller = new AbortController();
  const signals = stopOnSignals(controller);
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
      signal: controller.signal,
      env: args.fresh ? { RELU_LAB_FRESH: "1" } : undefined,
    });
    progress.close();
    const page = path.relative(process.cwd(), path.join(out, "index.html"));
    const passed = `${selected.length - failed.length} of ${selected.length} notebooks passed`;
    console.log(`${passed} in ${clock(progress.seconds)}: ${page}`);
    if (failed.length > 0) console.log(`failed: ${failed.map(({ section }) => section.name).join(", ")}`);
    return failed.length > 0 ? 1 : 0;
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    progress.close();
    process.stderr.write(`relu-lab: stopped; sections that had finished are kept in ${out}\n`);
    return code;
  } finally {
    progress.close();
    signals.release();
  }
}

/**
 * The command behind `npm run report`; returns the exit code.
 * @param words the command line after the command's name
 * @param root the repository: its `notebooks/` are run, `report/` is written
 */
export async function reportCommand(words: readonly string[], root: string): Promise<number> {
  try {
    const args = readArguments(words);
    if (args.help) {
      console.log(help);
      return 0;
    }
    if (!fs.existsSync(path.join(root, "notebooks")))
      throw new UsageError(`there is no folder notebooks in ${root}`);
    return await run(args, root);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ParameterError)) throw error;
    process.stderr.write(`relu-lab: ${error.message}\n`);
    return 2;
  }
}
