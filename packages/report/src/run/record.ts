import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { readNotebook, type Notebook } from "../notebook/nbformat";
import { notebookProfiles } from "../notebook/parameters";
import { claimAnchor, notebookClaims, type ClaimRecord } from "./claims";
import type { Failure } from "./run-notebook";
import type { Section } from "./sections";

/** How a section was last run; kept in the executed notebook's metadata, so that the report's folder is its own state. */
export interface RunRecord {
  status: "passed" | "failed";
  profile: string;
  set: Record<string, string>;
  failure: Failure | null;
  seconds: number;
  /** When it ended, ISO 8601. */
  finished: string;
  /** SHA-256 of the notebook's sources: tells whether it has been edited since. */
  sources: string;
  /** Digest of the code that it ran: tells whether that has been edited since. */
  code: string;
  versions: Record<string, string>;
  /** The commit of the checkout that it was run from; null where that is not known. */
  commit: string | null;
}

/** A section with what the report's folder holds of it. */
export interface SectionState {
  section: Section;
  title: string;
  /** First paragraph below the title, markdown. */
  summary: string;
  run: RunRecord | null;
  executed: Notebook | null;
  /** True when the notebook has been edited since it was run. */
  outdated: boolean;
  /** True when the folder's executed notebook is not as it was written: the section counts as not run. */
  damaged: boolean;
}

/** The digest of all that a run depends on in a notebook: its cells' sources and its parameter sets. */
export function sourcesDigest(notebook: Notebook): string {
  const hash = createHash("sha256");
  for (const cell of notebook.cells) hash.update(`${cell.cell_type}\n${cell.source}\n`);
  return hash.update(JSON.stringify(notebookProfiles(notebook))).digest("hex");
}

/** The digest of all outputs of a notebook. */
export function outputsDigest(notebook: Notebook): string {
  const outputs = notebook.cells.map((cell) => cell.outputs ?? []);
  return createHash("sha256").update(JSON.stringify(outputs)).digest("hex");
}

/** What a page shows of an executed notebook, as a digest: tells whether the file has been damaged since. */
function contentDigest(notebook: Notebook, run: RunRecord): string {
  const parts = [sourcesDigest(notebook), outputsDigest(notebook), JSON.stringify(run)];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** What the report keeps in an executed notebook's metadata. */
interface Kept {
  run?: RunRecord;
  content?: string;
}

/** A copy of an executed notebook that carries its run's record. */
export function withRecord(notebook: Notebook, run: RunRecord): Notebook {
  const own = (notebook.metadata.relu_lab ?? {}) as Record<string, unknown>;
  const kept: Kept = { run, content: contentDigest(notebook, run) };
  return { ...notebook, metadata: { ...notebook.metadata, relu_lab: { ...own, ...kept } } };
}

/** The title (first heading) of a notebook and the first paragraph below it. */
export function titleAndSummary(notebook: Notebook, fallback: string): { title: string; summary: string } {
  for (const cell of notebook.cells) {
    const match = cell.cell_type === "markdown" && /^#\s+(.+?)\s*#*$/m.exec(cell.source);
    if (!match) continue;
    const rest = cell.source.slice(match.index + match[0].length);
    const paragraph = rest
      .split(/\n\s*\n/)
      .map((p) => p.trim())
      .find((p) => p !== "" && !/^(#|\||```|\$\$|>|!\[)/.test(p));
    // The number is the file name's, and shown from there.
    return { title: match[1].replace(/^\d+[.:]\s+/, ""), summary: paragraph ?? "" };
  }
  return { title: fallback, summary: "" };
}

/** The executed notebook of a file with its run's record; null where there is none, or where it is not as it was written. */
function readExecuted(file: string): { executed: Notebook; run: RunRecord } | null {
  try {
    const executed = readNotebook(file);
    const { run, content } = (executed.metadata.relu_lab ?? {}) as Kept;
    return run && content === contentDigest(executed, run) ? { executed, run } : null;
  } catch {
    return null; // cut off
  }
}

/** What the folder `out` holds of a section. */
export function sectionState(section: Section, out: string): SectionState {
  const source = readNotebook(section.file);
  const file = path.join(out, `${section.name}.ipynb`);
  const exists = fs.existsSync(file);
  const { executed, run } = (exists && readExecuted(file)) || { executed: null, run: null };
  return {
    section,
    ...titleAndSummary(source, section.name),
    run,
    executed,
    outdated: run !== null && run.sources !== sourcesDigest(source),
    damaged: exists && run === null,
  };
}

/** The rows of claims.json that a section contributes. */
export function claimRecords(state: SectionState): ClaimRecord[] {
  if (!state.executed || !state.run) return [];
  const { section, title, run } = state;
  return notebookClaims(state.executed).flatMap(({ claims, provenance }) =>
    claims.map((claim) => ({
      ...claim,
      notebook: section.name,
      title,
      profile: run.profile,
      ...provenance,
      versions: { ...run.versions, ...provenance.versions },
      anchor: `${section.name}.html#${claimAnchor(claim.id)}`,
    })),
  );
}
