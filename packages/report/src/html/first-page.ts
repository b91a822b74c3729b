import type { ClaimRecord } from "../run/claims";
import { clock } from "../run/progress";
import type { SectionState } from "../run/record";
import { claimsTable, formatMeasured } from "./claims-table";
import { escapeHtml } from "./escape";
import { newContext, renderInline, renderMarkdown } from "./markdown";
import type { Rendered } from "./notebook-page";
import { renderPage } from "./page";
import type { Site } from "./site";

function status(state: SectionState): string {
  if (!state.run) return `<span class="status none">not run yet</span>`;
  if (state.run.status === "failed")
    return `<span class="status failed"><span aria-hidden="true">✗</span> failed in cell ${state.run.failure?.cell}</span>`;
  const since = state.outdated ? ", edited since" : "";
  return `<span class="status passed"><span aria-hidden="true">✓</span> ${clock(state.run.seconds)}, ${escapeHtml(state.run.profile)}${since}</span>`;
}

const distinct = (values: readonly unknown[]) => [
  ...new Set(values.filter((v) => v !== null && v !== undefined && v !== "").map(formatMeasured)),
];

function counted(claims: readonly ClaimRecord[]): string {
  const count = (verdict: string) => claims.filter((claim) => claim.verdict === verdict).length;
  return [
    `${count("reproduced")} reproduced`,
    `${count("reproduced in part")} in part`,
    `${count("not reproduced")} not reproduced`,
  ].join(", ");
}

function provenance(states: readonly SectionState[], claims: readonly ClaimRecord[]): string {
  const runs = states.flatMap((state) => (state.run ? [state.run] : []));
  const versions = new Map<string, Set<string>>();
  for (const of of [...runs, ...claims]) {
    for (const [name, version] of Object.entries(of.versions ?? {})) {
      versions.set(name, (versions.get(name) ?? new Set()).add(String(version)));
    }
  }
  const latest = runs
    .map((run) => run.finished)
    .sort()
    .at(-1);
  const facts: [string, string[]][] = [
    ["Data", distinct(claims.map((claim) => claim.data))],
    ["Seeds", distinct(claims.map((claim) => claim.seed))],
    ["Profile", distinct(runs.map((run) => run.profile))],
    ["Backend", distinct(claims.map((claim) => claim.backend))],
    ["Versions", [...versions].map(([name, set]) => `${name} ${[...set].join(" and ")}`)],
    [
      "Time",
      runs.length
        ? [
            `${clock(runs.reduce((sum, run) => sum + run.seconds, 0))} in the kernels, last at ${latest?.slice(0, 16).replace("T", " ")} UTC`,
          ]
        : [],
    ],
  ];
  const rows = facts
    .filter(([, values]) => values.length > 0)
    .map(
      ([name, values]) =>
        `<dt>${name}</dt><dd>${escapeHtml(values.join(name === "Versions" ? ", " : "; "))}</dd>`,
    );
  return `<dl class="facts">${rows.join("")}</dl>`;
}

/** The first page: the question, the sections with their state, all claims, and from what they were measured. */
export function firstPage(
  states: readonly SectionState[],
  claims: readonly ClaimRecord[],
  site: Site,
): Rendered {
  const context = newContext();
  const sections = states.map((state) => {
    const number = `<span class="number">${escapeHtml(state.section.number ? String(Number(state.section.number)) : "·")}</span>`;
    const title = renderInline(state.title, context);
    const link = state.run
      ? `<a href="${escapeHtml(state.section.name)}.html">${title}</a>`
      : `<span>${title}</span>`;
    const summary = state.summary ? `<p>${renderInline(state.summary.replace(/\n/g, " "), context)}</p>` : "";
    return `<li>${number}<div><h3>${link}</h3>${summary}${status(state)}</div></li>`;
  });
  const body = `<a class="skip" href="#main">Skip to the text</a>
<div class="columns first"><main id="main">
<header class="hero"><h1>${escapeHtml(site.title)}</h1>
${site.question ? `<p class="question">${renderInline(site.question, context)}</p>` : ""}
${renderMarkdown(site.introduction, context)}</header>
<section aria-labelledby="sections"><h2 id="sections">Sections</h2><ol class="sections">${sections.join("\n")}</ol></section>
<section aria-labelledby="claims"><h2 id="claims">Claims</h2>
${claims.length ? `<p class="count">${claims.length} ${claims.length === 1 ? "claim" : "claims"}: ${counted(claims)}.</p>${claimsTable(claims, context)}` : "<p>No section that has been run makes a claim.</p>"}
</section>
<section aria-labelledby="provenance"><h2 id="provenance">From what</h2>${provenance(states, claims)}
<p class="provenance">The claims as data: <a href="claims.json">claims.json</a>.${site.api ? ` The packages: <a href="api/index.html">API documentation</a>.` : ""}</p></section>
</main></div>`;
  return { file: "index.html", html: renderPage({ title: site.title, body }), notes: context.notes };
}
