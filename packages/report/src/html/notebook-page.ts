import { stripVTControlCharacters } from "node:util";
import { tagsOf, type Cell } from "../notebook/nbformat";
import type { ClaimRecord } from "../run/claims";
import type { RunRecord, SectionState } from "../run/record";
import { highlight } from "./code";
import { escapeHtml } from "./escape";
import { newContext, renderInline, renderMarkdown, type Heading } from "./markdown";
import { renderOutput, type PageContext } from "./output";
import { provenanceList } from "./provenance";
import { PageIndex } from "./search-index";
import { plainTitle, topBar } from "./shell";
import type { Site } from "./site";

/** A page of the report before it is put into its frame. */
export interface Rendered {
  file: string;
  title: string;
  /** HTML of the whole body. */
  body: string;
  /** What the search finds on it. */
  index: PageIndex;
  /** Problems found on the way. */
  notes: string[];
}

function failureBox(run: RunRecord): string {
  const trace = stripVTControlCharacters(run.failure?.trace ?? "").trim();
  return `<div class="failure" role="note"><p><b>The notebook stopped here.</b> ${escapeHtml(run.failure?.kind ?? "")}</p><pre tabindex="0">${escapeHtml(trace)}</pre></div>`;
}

function codeCell(cell: Cell, context: PageContext, run: RunRecord): string {
  const tags = tagsOf(cell);
  const failed = run.failure?.id === cell.id;
  const label = tags.includes("parameters")
    ? `<p class="cell-label">Parameters, profile “${escapeHtml(run.profile)}”${Object.keys(run.set).length ? ", changed on the command line" : ""}</p>`
    : "";
  const code = `<pre class="code" tabindex="0"><code>${highlight(cell.source)}</code></pre>`;
  const stderrIsTrace = failed && run.failure?.kind === "error";
  const outputs = (cell.outputs ?? [])
    .filter((output) => !(stderrIsTrace && output.output_type === "stream" && output.name === "stderr"))
    .map((output) => renderOutput(output, context))
    .join("\n");
  const hidden = tags.includes("hide-input") || cell.source.trim() === "";
  return `<div class="cell${failed ? " failed" : ""}" id="cell-${escapeHtml(cell.id)}">${label}${hidden ? "" : code}${outputs ? `<div class="outputs">${outputs}</div>` : ""}${failed ? failureBox(run) : ""}</div>`;
}

function tableOfContents(headings: readonly Heading[]): string {
  const shown = headings.filter((heading) => heading.level === 2 || heading.level === 3);
  if (shown.length < 2) return "";
  const items = shown.map(
    ({ level, id, html }) =>
      `<li class="level-${level}"><a href="#${id}">${html.replace(/<\/?a\b[^>]*>/g, "")}</a></li>`,
  );
  const links = `<ol>${items.join("")}</ol>`;
  return `<nav class="contents" aria-label="Contents"><p>Contents</p>${links}</nav>
<details class="contents-folded"><summary>Contents</summary>${links}</details>`;
}

function neighbour(state: SectionState | undefined, rel: "prev" | "next"): string {
  if (!state) return "<span></span>";
  const words = renderInline(state.title);
  const arrow = rel === "prev" ? `← ${words}` : `${words} →`;
  return `<a rel="${rel}" class="${rel}" href="${escapeHtml(state.section.name)}.html">${arrow}</a>`;
}

/** The page of a section that has been run. */
export function notebookPage(
  state: SectionState,
  neighbours: { previous?: SectionState; next?: SectionState },
  report: { shown: readonly SectionState[]; claims: readonly ClaimRecord[]; site: Site },
): Rendered {
  const { section, run, executed } = state;
  if (!run || !executed) throw new Error(`${section.name} has not been run: there is nothing to render`);
  const file = `${section.name}.html`;
  const index = new PageIndex(file, plainTitle(state));
  const context: PageContext = { ...newContext(), figures: 0, index, name: section.name };
  const cells = executed.cells.map((cell) => {
    if (cell.cell_type === "markdown") {
      const before = context.headings.length;
      const html = renderMarkdown(cell.source, context);
      index.markdown(cell.source, context.headings.slice(before));
      return `<div class="prose">${html}</div>`;
    }
    if (cell.cell_type !== "code") return "";
    index.code(cell.source);
    return codeCell(cell, context, run);
  });
  const warnings = [
    run.failure
      ? `<p class="banner failed"><b>This section failed</b> in <a href="#cell-${escapeHtml(run.failure.id)}">cell ${run.failure.cell}</a>: what follows it has not been run.</p>`
      : "",
    state.outdated ? `<p class="banner">The notebook has been edited since this page was made.</p>` : "",
  ].join("");
  const steps = `${neighbour(neighbours.previous, "prev")}${neighbour(neighbours.next, "next")}`;
  const numbered = executed.cells.some(
    (cell) => cell.cell_type === "markdown" && /^#\s+\d+[.:]\s/m.test(cell.source),
  );
  const number =
    section.number && !numbered ? `<p class="eyebrow">Section ${Number(section.number)}</p>` : "";
  const own = report.claims.filter((claim) => claim.notebook === section.name);
  const body = `${topBar(report.shown, section.name, report.site)}
<div class="columns">
${tableOfContents(context.headings)}
<main id="main">${warnings}${number}
${cells.join("\n")}
</main>
</div>
<nav class="steps" aria-label="Previous and next section">${steps}</nav>
<footer class="site"><h2>From what this page was made</h2>${provenanceList([run], own)}
<p><a href="${escapeHtml(section.name)}.ipynb" download>The executed notebook</a></p></footer>`;
  return { file, title: `${plainTitle(state)} · ${report.site.title}`, body, index, notes: context.notes };
}
