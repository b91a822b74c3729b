import type { ClaimRecord } from "../run/claims";
import { clock } from "../run/progress";
import type { SectionState } from "../run/record";
import { answerFigures } from "./answer";
import { claimsTable } from "./claims-table";
import { escapeHtml } from "./escape";
import { newContext, renderInline, renderMarkdown, type MarkdownContext } from "./markdown";
import type { Rendered } from "./notebook-page";
import { provenanceList } from "./provenance";
import { explorerFile, topBar } from "./shell";
import type { Site } from "./site";

function status(state: SectionState): string {
  if (!state.run) return `<span class="status none">not run yet</span>`;
  if (state.run.status === "failed")
    return `<span class="status failed"><span aria-hidden="true">✗</span> failed in cell ${state.run.failure?.cell}</span>`;
  const since = state.outdated ? ", edited since" : "";
  return `<span class="status passed"><span aria-hidden="true">✓</span> ${clock(state.run.seconds)}, ${escapeHtml(state.run.profile)}${since}</span>`;
}

function counted(claims: readonly ClaimRecord[]): string {
  const count = (verdict: string) => claims.filter((claim) => claim.verdict === verdict).length;
  return [
    `${count("reproduced")} reproduced`,
    `${count("reproduced in part")} in part`,
    `${count("not reproduced")} not reproduced`,
  ].join(", ");
}

function sectionItem(state: SectionState, context: MarkdownContext): string {
  const number = `<span class="number">${escapeHtml(state.section.number ? String(Number(state.section.number)) : "·")}</span>`;
  const title = renderInline(state.title, context);
  const link = state.run
    ? `<a href="${escapeHtml(state.section.name)}.html">${title}</a>`
    : `<span>${title}</span>`;
  const summary = state.summary ? `<p>${renderInline(state.summary.replace(/\n/g, " "), context)}</p>` : "";
  return `<li>${number}<div><h3>${link}</h3>${summary}${status(state)}</div></li>`;
}

/** The first page: the question, the answer in figures, all claims, the sections, and from what all was measured. */
export function firstPage(
  states: readonly SectionState[],
  claims: readonly ClaimRecord[],
  site: Site,
): Omit<Rendered, "index"> {
  const context = newContext();
  const shown = states.filter((state) => state.run && state.executed);
  const figures = answerFigures(shown);
  const answer = figures.length
    ? `<section aria-labelledby="answer"><h2 id="answer">The answer in ${figures.length === 1 ? "a figure" : `${["two", "three"][figures.length - 2] ?? figures.length} figures`}</h2><div class="answer">${figures.join("\n")}</div></section>`
    : "";
  const explorer = site.explorer
    ? `<p class="invitation"><a href="${explorerFile}">Explorer</a>: shake a sawtooth, train a network, lay a plane, and see every region counted as you go.</p>`
    : "";
  const body = `${topBar(shown, "", site)}
<div class="columns first"><main id="main">
<header class="hero"><h1>${escapeHtml(site.title)}</h1>
${site.question ? `<p class="question">${renderInline(site.question, context)}</p>` : ""}
${renderMarkdown(site.introduction, context)}${explorer}</header>
${answer}
<section aria-labelledby="claims"><h2 id="claims">Claims</h2>
${claims.length ? `<p class="count">${claims.length} ${claims.length === 1 ? "claim" : "claims"}: ${counted(claims)}. As data: <a href="claims.json">claims.json</a>.</p>${claimsTable(claims, context)}` : "<p>No section that has been run makes a claim.</p>"}
</section>
<section aria-labelledby="sections"><h2 id="sections">Sections</h2><ol class="sections">${states.map((state) => sectionItem(state, context)).join("\n")}</ol></section>
</main></div>
<footer class="site"><h2>From what this report was made</h2>${provenanceList(
    shown.flatMap((state) => state.run ?? []),
    claims,
  )}${site.api ? `<p>The packages: <a href="api/index.html">API documentation</a>.</p>` : ""}</footer>`;
  return { file: "index.html", title: site.title, body, notes: context.notes };
}
