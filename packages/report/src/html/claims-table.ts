import { claimAnchor, type Claim, type ClaimRecord, type ClaimsOutput, type Verdict } from "../run/claims";
import { escapeHtml } from "./escape";
import { renderInline, type MarkdownContext } from "./markdown";

/** A verdict's sign. */
export const verdictMarks: Record<Verdict, string> = {
  reproduced: "✓",
  "not reproduced": "✗",
  "reproduced in part": "◐",
};

/** A verdict as a badge: told by sign and words, by colour only besides. */
function verdictBadge(verdict: Verdict): string {
  return `<span class="verdict ${verdict.replace(/ /g, "-")}"><span aria-hidden="true">${verdictMarks[verdict]}</span> ${verdict}</span>`;
}

/** A measured value for people: numbers to five digits, lists with commas, nothing as a dash. */
export function formatMeasured(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return String(value);
    const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(5));
    const text =
      Math.abs(rounded) >= 1e12
        ? rounded.toExponential()
        : rounded.toLocaleString("en-US", { maximumFractionDigits: 12 });
    return text.replace(/^-/, "\u2212");
  }
  if (Array.isArray(value)) return value.map(formatMeasured).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, v]) => `${key} ${formatMeasured(v)}`)
      .join(", ");
  }
  return String(value);
}

const isNothing = (value: unknown) => value === null || value === undefined || value === "";

/** The trials behind a measurement, in words. */
const trialsOf = ({ trials }: Claim) =>
  isNothing(trials) ? "" : `${formatMeasured(trials)} ${trials === 1 ? "trial" : "trials"}`;

function measuredWithSpread(claim: Claim, context: MarkdownContext): string {
  if (isNothing(claim.spread)) return cell(claim.measured, context);
  // A spread in words ("none: nothing is random") is no deviation.
  const spread =
    typeof claim.spread === "string" && !/^[\d.]/.test(claim.spread)
      ? `(${cell(claim.spread, context)})`
      : `± ${cell(claim.spread, context)}`;
  return `${cell(claim.measured, context)} <span class="spread">${spread}</span>`;
}

const cell = (value: unknown, context: MarkdownContext) =>
  typeof value === "string" && value !== ""
    ? renderInline(value, context)
    : escapeHtml(formatMeasured(value));

/** The claims of one output on their own page, each with its rule. */
export function claimsSection({ claims, provenance }: ClaimsOutput, context: MarkdownContext): string {
  const items = claims.map((claim) => {
    const trials = trialsOf(claim) && ` (${trialsOf(claim)})`;
    const source = claim.source ? `<dt>Source</dt><dd>${cell(claim.source, context)}</dd>` : "";
    return `<section class="claim" id="${claimAnchor(claim.id)}" aria-label="Claim ${escapeHtml(claim.id)}">
<p class="statement">${verdictBadge(claim.verdict)} ${renderInline(claim.statement, context)}</p>
<dl><dt>Expected</dt><dd>${cell(claim.expected, context)}</dd><dt>Measured</dt><dd>${measuredWithSpread(claim, context)}${trials}</dd><dt>Rule</dt><dd>${cell(claim.rule, context)}</dd>${source}<dt>Name</dt><dd><code>${escapeHtml(claim.id)}</code></dd></dl>
</section>`;
  });
  const versions = Object.entries(provenance.versions).map(([name, v]) => `${name} ${v}`);
  const facts: [string, unknown][] = [
    ["seed", provenance.seed],
    ["data", provenance.data],
    ["backend", provenance.backend],
    ["versions", versions.join(", ")],
  ];
  const known = facts.filter(([, value]) => value !== null && value !== "");
  const line = known.map(([name, value]) => `${name} ${escapeHtml(formatMeasured(value))}`).join(" · ");
  return `<div class="claims">${items.join("\n")}${line ? `<p class="provenance">Measured with ${line}.</p>` : ""}</div>`;
}

/** All claims of the report as one table, with links to where each stands. */
export function claimsTable(claims: readonly ClaimRecord[], context: MarkdownContext): string {
  const columns = ["Verdict", "Claim", "Source", "Expected", "Measured", "Spread, trials", "Cell"];
  const rows = claims.map((claim) => {
    const spread = [isNothing(claim.spread) ? "" : cell(claim.spread, context), trialsOf(claim)];
    const number = /^\d+/.exec(claim.notebook)?.[0];
    const where = number ? `section ${Number(number)}` : claim.notebook;
    const cells = [
      verdictBadge(claim.verdict),
      renderInline(claim.statement, context),
      cell(claim.source, context),
      cell(claim.expected, context),
      cell(claim.measured, context),
      spread.filter(Boolean).join(", ") || "–",
      `<a href="${escapeHtml(claim.anchor)}" aria-label="${escapeHtml(`${claim.id}, ${where}`)}">${escapeHtml(where)}</a>`,
    ];
    return `<tr>${cells.map((html, i) => `<td data-label="${columns[i]}"><div>${html}</div></td>`).join("")}</tr>`;
  });
  const head = columns.map((name) => `<th scope="col">${name}</th>`).join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="All claims"><table class="all-claims"><thead><tr>${head}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>`;
}
