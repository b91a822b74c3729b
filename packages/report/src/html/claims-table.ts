import { claimAnchor, type Claim, type ClaimRecord, type ClaimsOutput, type Verdict } from "../run/claims";
import { escapeHtml } from "./escape";
import { renderInline, type MarkdownContext } from "./markdown";

const marks: Record<Verdict, string> = { reproduced: "✓", "not reproduced": "✗", "reproduced in part": "◐" };

/** A verdict as a badge: told by sign and words, by colour only besides. */
export function verdictBadge(verdict: Verdict): string {
  return `<span class="verdict ${verdict.replace(/ /g, "-")}"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}</span>`;
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

function measuredWithSpread(claim: Claim, context: MarkdownContext): string {
  const value = (v: unknown) =>
    typeof v === "string" ? renderInline(v, context) : escapeHtml(formatMeasured(v));
  const none = claim.spread === null || claim.spread === undefined || claim.spread === "";
  if (none) return value(claim.measured);
  // A spread in words ("none: nothing is random") is no deviation.
  const spread =
    typeof claim.spread === "string" && !/^[\d.]/.test(claim.spread)
      ? `(${value(claim.spread)})`
      : `± ${value(claim.spread)}`;
  return `${value(claim.measured)} <span class="spread">${spread}</span>`;
}

const cell = (value: unknown, context: MarkdownContext) =>
  typeof value === "string" && value !== ""
    ? renderInline(value, context)
    : escapeHtml(formatMeasured(value));

/** The claims of one output on their own page, each with its rule. */
export function claimsSection({ claims, provenance }: ClaimsOutput, context: MarkdownContext): string {
  const items = claims.map((claim) => {
    const trials =
      claim.trials === null || claim.trials === undefined
        ? ""
        : ` (${formatMeasured(claim.trials)} ${claim.trials === 1 ? "trial" : "trials"})`;
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
  const rows = claims.map(
    (claim) => `<tr><td data-label="Verdict">${verdictBadge(claim.verdict)}</td>
<td data-label="Claim" class="wide"><a href="${escapeHtml(claim.anchor)}">${renderInline(claim.statement, context)}</a></td>
<td data-label="Expected"><div>${cell(claim.expected, context)}</div></td>
<td data-label="Measured"><div>${measuredWithSpread(claim, context)}</div></td>
<td data-label="Section"><a href="${escapeHtml(claim.notebook)}.html">${escapeHtml(/^\d+/.exec(claim.notebook)?.[0] ?? claim.notebook)}</a></td></tr>`,
  );
  return `<div class="scroll"><table class="all-claims"><thead><tr><th scope="col">Verdict</th><th scope="col">Claim</th><th scope="col">Expected</th><th scope="col">Measured</th><th scope="col">Section</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>`;
}
