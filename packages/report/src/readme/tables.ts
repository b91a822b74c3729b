import { formatMeasured, verdictMarks } from "../html/claims-table";
import type { BenchRecord, BenchRow } from "./bench-record";
import type { Rate } from "./contents";
import type { SavedClaim, SavedResults } from "./saved-results";

/** Words in a cell of a markdown table. */
const cell = (text: string) => text.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** A measurement with its spread, in words. */
function measuredWords({ measured, spread }: SavedClaim): string {
  const words = formatMeasured(spread ?? "");
  if (/^(–|none\b)/.test(words)) return formatMeasured(measured); // "none: nothing is random" is no spread
  return `${formatMeasured(measured)} ${typeof spread === "number" ? `± ${words}` : `(${words})`}`;
}

/** The link to a section's notebook. */
const link = ({ section }: SavedClaim, folder: string) =>
  `[${section.number ? Number(section.number) : section.name}](${folder}${encodeURI(section.name)}.ipynb)`;

/**
 * The table of results: the claims that are named, and each other one that was not reproduced in full, so that the choice
 * hides nothing.
 * @param up from the document that shows the table to the repository: "" or "../" for each folder
 */
export function claimsTable(results: SavedResults, ids: readonly string[], up: string): string {
  for (const id of ids) results.claim(id); // an id that nothing makes is an error
  const shown = results.claims.filter(({ id, verdict }) => ids.includes(id) || verdict !== "reproduced");
  const rows = shown.map((claim) => [
    link(claim, `${up}notebooks/`),
    `${cell(claim.statement)} (${cell(claim.source)})`,
    cell(formatMeasured(claim.expected)),
    cell(measuredWords(claim)),
    `${verdictMarks[claim.verdict]} ${claim.verdict}`,
  ]);
  const count = (verdict: string) => results.claims.filter((claim) => claim.verdict === verdict).length;
  const names = results.missing.map((section) => section.number || section.name).join(", ");
  const waiting = names ? ` Not in the table, because their outputs are not saved: ${names}.` : "";
  return `${table(["section", "claim (source)", "expected", "measured", "verdict"], rows)}

All ${results.claims.length} claims of the notebooks: ${count("reproduced")} reproduced, ${count("reproduced in part")} in part, ${count("not reproduced")} not reproduced. Each that was not reproduced in full is in the table.${waiting}`;
}

/** A rate to three digits; whole numbers as they are. */
function amount(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} million`;
  if (value >= 1000) return Number(value.toPrecision(3)).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

const inWords = new Map([
  ["regions/s", "regions a second"],
  ["pieces/s", "pieces a second"],
  ["trial-steps/s", "steps a second"],
]);

/** A row by its name; `A > B` is the first row B behind the row A. */
function benchRow(bench: BenchRecord, suite: string, place: string): BenchRow {
  const kept = bench[suite];
  if (!kept)
    throw new Error(`no figures of the suite ${suite} are kept: npm run bench -- ${suite} --save makes them`);
  let at = -1;
  for (const wanted of place.split(" > ")) {
    at = kept.rows.findIndex(({ name }, i) => i > at && name.trim() === wanted);
    if (at < 0) throw new Error(`the kept figures of the suite ${suite} have no row "${place}"`);
  }
  return kept.rows[at];
}

function rateCells({ what, suite, row, over }: Rate, bench: BenchRecord): string[] {
  const { value, unit, ratio } = benchRow(bench, suite, row);
  const words = what.replace(/\{([^}]+)\}/g, (_all, place: string) =>
    amount(benchRow(bench, suite, place).value),
  );
  const compared = over && ratio !== null ? `${Number(ratio.toPrecision(2))} times ${over}` : "";
  return [words, `${amount(value)} ${inWords.get(unit) ?? unit}`, compared].map(cell);
}

/** Suites that were measured alike, in words. */
function conditions(suites: readonly string[], bench: BenchRecord): string {
  const alike = new Map<string, string[]>();
  for (const suite of suites) {
    const { machine, date, commit } = bench[suite];
    const how = `${date}${commit ? `, commit ${commit}` : ""}, ${machine.cores} cores of ${machine.cpu}, Node ${machine.node.slice(1)}`;
    alike.set(how, [...(alike.get(how) ?? []), suite]);
  }
  const parts = [...alike].map(([how, names]) => {
    const loads = names.map((name) => bench[name].load.toFixed(1)).join(", ");
    return `${names.map((name) => `\`${name}\``).join(", ")}: ${how}, load ${loads}`;
  });
  return parts.join("; ");
}

/** The table of rates, and how each suite was measured. */
export function ratesTable(rates: readonly Rate[], bench: BenchRecord): string {
  const rows = rates.map((rate) => rateCells(rate, bench));
  const suites = [...new Set(rates.map(({ suite }) => suite))];
  return `${table(["what", "measured", "compared with"], rows)}

Measured: ${conditions(suites, bench)}. A load above the number of cores says that other programs ran at the same time.`;
}
