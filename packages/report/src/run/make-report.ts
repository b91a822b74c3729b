import * as fs from "node:fs";
import * as path from "node:path";
import { renderReport, type Site } from "../html/render-report";
import { formatNotebook, readNotebook, type Notebook } from "../notebook/nbformat";
import {
  applyParameters,
  notebookParameters,
  notebookProfiles,
  ParameterError,
  unknownParameter,
} from "../notebook/parameters";
import { requireWritable, writeWhole } from "../notebook/write-whole";
import { claimRecords, sectionState, sourcesDigest, withRecord, type RunRecord } from "./record";
import { notebookClaims } from "./claims";
import { commitOf } from "./commit";
import { Progress } from "./progress";
import { runNotebook, type Failure } from "./run-notebook";
import { codeDigest } from "../saved/code-digest";
import { withoutOutputs, withSavedOutputs } from "../saved/saved-notebook";
import type { Section } from "./sections";
import { versions } from "./versions";

/** What a report is made of and how. */
export interface ReportOptions {
  /** All sections of the site, run now or not. */
  all: readonly Section[];
  /** Those to run now. */
  selected: readonly Section[];
  out: string;
  profile: string;
  set: Readonly<Record<string, string>>;
  /** How many notebooks run at a time. */
  jobs: number;
  /** Limits in ms. */
  cellTimeout: number;
  interruptGrace?: number;
  site: Site;
  progress: Progress;
  signal?: AbortSignal;
  env?: Record<string, string>;
  /** Whether the outputs are written into the notebooks themselves. */
  save?: boolean;
}

/** A section that failed. */
export interface FailedSection {
  section: Section;
  failure: Failure;
}

/** A notebook that is about to run: as it stands in its file, and with the wanted parameters in place. */
interface Prepared {
  section: Section;
  source: Notebook;
  notebook: Notebook;
  /** Digest of the code it is going to run. */
  code: string;
}

const elsewhere = "choose another folder with --out";
const unsaved = "leave --save away";

/** The selected notebooks with the wanted parameters in place; throws ParameterError before anything runs. */
function prepare(options: Pick<ReportOptions, "selected" | "profile" | "set">): Prepared[] {
  const sources = options.selected.map((section) => ({ section, notebook: readNotebook(section.file) }));
  for (const name of Object.keys(options.set)) {
    const lists = sources.map(({ notebook }) => notebookParameters(notebook));
    if (lists.some((list) => list.some((parameter) => parameter.name === name))) continue;
    if (sources.length === 1) throw unknownParameter(name, lists[0]);
    const all = sources.map(({ section }, i) =>
      unknownParameter(name, lists[i], `${section.name} has no parameter`),
    );
    throw new ParameterError(all.map((error) => error.message).join("\n"));
  }
  const profiles = new Set([
    "quick",
    "full",
    ...sources.flatMap(({ notebook }) => Object.keys(notebookProfiles(notebook))),
  ]);
  if (!profiles.has(options.profile)) {
    throw new ParameterError(
      `there is no profile "${options.profile}". There are: ${[...profiles].join(", ")}`,
    );
  }
  return sources.map(({ section, notebook: source }) => {
    try {
      const code = codeDigest(source, path.dirname(section.file));
      return { section, source, notebook: applyParameters(withoutOutputs(source), options), code };
    } catch (error) {
      throw new ParameterError(`${section.name}: ${(error as Error).message}`);
    }
  });
}

/** A failure as it is printed: where, the cell's source, the trace. */
function describeFailure({ section, failure }: FailedSection): string {
  const indent = (text: string, mark: string) => text.replace(/^/gm, mark);
  return [
    `${section.name}: ${failure.kind} in cell ${failure.cell} (${failure.id}) of ${section.file}`,
    indent(failure.source, "  | "),
    indent(failure.trace, "  "),
  ].join("\n");
}

/** Writes the outputs of a run into the notebook, unless it has been edited while it ran. */
function save(
  { section, source, code }: Prepared,
  executed: Notebook,
  { profile, progress }: ReportOptions,
): void {
  const now = readNotebook(section.file);
  if (sourcesDigest(now) !== sourcesDigest(source)) {
    progress.print(`${section.name}: edited while it ran, so its outputs are not saved`);
    return;
  }
  writeWhole(section.file, formatNotebook(withSavedOutputs(now, executed, { profile, code })), unsaved);
}

async function runSection(prepared: Prepared, options: ReportOptions): Promise<FailedSection | null> {
  const { section, source, notebook, code } = prepared;
  const { progress, profile, set } = options;
  const ran = await runNotebook(notebook, {
    cwd: path.dirname(section.file),
    cellTimeout: options.cellTimeout,
    interruptGrace: options.interruptGrace,
    signal: options.signal,
    env: options.save ? { ...options.env, RELU_LAB_STEADY: "1" } : options.env,
    onCell: (start) => progress.cell(section.name, start),
  });
  const failure = ran.failure ?? claimsFailure(ran.notebook);
  const run: RunRecord = {
    status: failure ? "failed" : "passed",
    profile,
    set: { ...set },
    failure,
    seconds: ran.seconds,
    finished: new Date().toISOString(),
    sources: sourcesDigest(source),
    code,
    versions: versions(),
    commit: commitOf(path.dirname(section.file)),
  };
  const text = formatNotebook(withRecord(ran.notebook, run));
  writeWhole(path.join(options.out, `${section.name}.ipynb`), text, elsewhere);
  if (options.save && !failure) save(prepared, ran.notebook, options);
  progress.done(section.name, `${failure ? "FAILED" : "done"} in ${ran.seconds.toFixed(1)} s`);
  return failure && { section, failure };
}

/** Claims that are not what they should be are an error of their notebook. */
function claimsFailure(notebook: Notebook): Failure | null {
  for (const [index, cell] of notebook.cells.entries()) {
    try {
      notebookClaims({ ...notebook, cells: [cell] });
    } catch (error) {
      return {
        kind: "error",
        cell: index + 1,
        id: cell.id,
        source: cell.source,
        trace: (error as Error).message,
      };
    }
  }
  return null;
}

/**
 * Runs the selected sections and writes the site: an executed notebook and a page for each, the first page and
 * claims.json. Sections that are not selected keep what an earlier run left in the folder.
 */
export async function makeReport(options: ReportOptions): Promise<FailedSection[]> {
  const queue = prepare(options);
  requireWritable(options.out, "the report", elsewhere);
  if (options.save)
    for (const { section } of queue)
      requireWritable(path.dirname(section.file), path.basename(section.file), unsaved);
  const failed: FailedSection[] = [];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const failure = await runSection(next, options);
      if (!failure) continue;
      failed.push(failure);
      options.progress.print(describeFailure(failure));
    }
  };
  const workers = Array.from({ length: Math.max(1, options.jobs) }, () =>
    worker().catch((error: unknown) => {
      queue.length = 0; // the others end with the notebook they run
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  writeSite(options);
  return failed.sort((a, b) => a.section.name.localeCompare(b.section.name));
}

type SiteOptions = Pick<ReportOptions, "all" | "out" | "site" | "progress">;

/** Which executed notebooks a folder holds: another text once one of them is written anew. */
function executedFiles({ all, out }: SiteOptions): string {
  const stats = all.map(({ name }) =>
    fs.statSync(path.join(out, `${name}.ipynb`), { throwIfNoEntry: false }),
  );
  return stats.map((stat) => (stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : "none")).join();
}

/** Writes pages, first page and claims.json from what the folder holds. */
export function writeSite(options: SiteOptions): void {
  let known: string | undefined;
  // Another report may end in this folder meanwhile: whoever writes last has read what all have made.
  for (let held = executedFiles(options); held !== known; held = executedFiles(options)) {
    known = held;
    writePages(options);
  }
}

function writePages({ all, out, site, progress }: SiteOptions): void {
  const states = all.map((section) => sectionState(section, out));
  for (const { section, damaged } of states)
    if (damaged)
      progress.print(
        `${path.join(out, section.name)}.ipynb is damaged, or not of this report: ${section.name} counts as not run`,
      );
  const claims = states.flatMap((state) => {
    try {
      return claimRecords(state);
    } catch {
      return []; // told when the section failed
    }
  });
  writeWhole(path.join(out, "claims.json"), `${JSON.stringify(claims, null, 2)}\n`, elsewhere);
  const api = fs.existsSync(path.join(out, "api/index.html"));
  for (const { file, html, notes } of renderReport(states, claims, { ...site, api })) {
    writeWhole(path.join(out, file), html, elsewhere);
    for (const note of notes) progress.print(`${file}: ${note}`);
  }
}
