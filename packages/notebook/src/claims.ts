import { display, type Bundle } from "./kernel";
import { tableBundle } from "./table";
import { escapeHtml, formatValue } from "./text";
import { backend, versions, type Versions } from "./versions";

/** A claimed or measured value. */
export type ClaimValue = number | string | boolean;
/** What the evidence says of a claim. */
export type Verdict = "reproduced" | "not reproduced" | "reproduced in part";

/** A claim as a notebook states it. */
export interface ClaimRecord {
  /** Subject and name, e.g. "sawtooth/pieces-doubling". */
  id: string;
  /** The claim in one sentence. */
  statement: string;
  /** Who says it and where. */
  source: string;
  /** What the claim says would be measured. */
  expected: ClaimValue;
  /** What was measured. */
  measured: ClaimValue;
  /** Standard deviation over trials, or a range in words. */
  spread?: number | string;
  /** Number of independent trials behind the measurement. */
  trials?: number;
  /** The rule of the verdict in words. */
  rule: string;
  /** What the rule gave. */
  holds: boolean | "in part";
}

/** A claim with its verdict, as it stands in the notebook's output. */
export interface Claim {
  id: string;
  statement: string;
  source: string;
  expected: ClaimValue;
  measured: ClaimValue;
  spread: number | string | null;
  trials: number | null;
  rule: string;
  verdict: Verdict;
}

/** Where results come from. */
export interface Provenance {
  seed: number | string | null;
  data: string | object | null;
  backend: string;
  versions: Versions;
}

/** What the claims rest on. */
export interface ClaimsOptions {
  /** Seed of the notebook's random generators. */
  seed?: number | string;
  /** Which data was used, and where it came from. */
  data?: string | object;
}

export const claimsType = "application/vnd.relu-lab.claims+json";
const verdicts = new Map<boolean | "in part", Verdict>([
  [true, "reproduced"],
  [false, "not reproduced"],
  ["in part", "reproduced in part"],
]);

function wrong(place: string, what: string): never {
  throw new Error(`claims: ${place}: ${what}`);
}

function requireText(place: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  return wrong(place, `${name} is ${formatValue(value) || "missing"}; give a sentence`);
}

function requireValue(place: string, name: string, value: unknown): ClaimValue {
  if (typeof value === "number" && !Number.isFinite(value)) {
    wrong(place, `${name} is ${value}, which JSON cannot say and no rule can judge`);
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  return wrong(place, `${name} is ${formatValue(value) || "missing"}; give a number, a text or a boolean`);
}

function judged(record: ClaimRecord, index: number, seen: Set<string>): Claim {
  const { id, spread, trials } = record;
  if (typeof id !== "string" || !/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) {
    wrong(`record ${index}`, `id is ${formatValue(id) || "missing"}; write subject/name in a-z, 0-9 and -`);
  }
  if (seen.has(id)) wrong(id, "stands twice; each claim has an id of its own");
  seen.add(id);
  const verdict = verdicts.get(record.holds);
  if (!verdict)
    wrong(id, `holds is ${formatValue(record.holds) || "missing"}; it is true, false or "in part"`);
  if (trials !== undefined && !(Number.isInteger(trials) && trials > 0)) {
    wrong(id, `trials is ${trials}; give a positive whole number, or leave it out`);
  }
  if (typeof spread === "number" && !Number.isFinite(spread)) {
    wrong(id, `spread is ${spread}; leave it out where there is none`);
  }
  return {
    id,
    statement: requireText(id, "statement", record.statement),
    source: requireText(id, "source", record.source),
    expected: requireValue(id, "expected", record.expected),
    measured: requireValue(id, "measured", record.measured),
    spread: spread ?? null,
    trials: trials ?? null,
    rule: requireText(id, "rule", record.rule),
    verdict,
  };
}

function withSpread(claim: Claim): string {
  const spread = claim.spread === null ? "" : ` ± ${formatValue(claim.spread)}`;
  return `${formatValue(claim.measured)}${spread}${claim.trials === null ? "" : ` (${claim.trials} trials)`}`;
}

function provenanceLine({ seed, data, backend: how, versions: made }: Provenance): string {
  const of = typeof data === "string" ? data : data && JSON.stringify(data);
  const list = Object.entries(made).map(([name, version]) => `${name} ${version}`);
  return [seed === null ? "" : `seed ${seed}`, of ? `data: ${of}` : "", `backend: ${how}`, list.join(", ")]
    .filter(Boolean)
    .join(" · ");
}

/** The display bundle of claims: their JSON, a table in HTML, and text. */
export function claimsBundle(records: ClaimRecord[], options: ClaimsOptions = {}): Bundle {
  if (!Array.isArray(records) || records.length === 0)
    wrong("records", "give an array of at least one claim");
  const seen = new Set<string>();
  const claims = records.map((record, i) => judged(record, i, seen));
  const provenance: Provenance = {
    seed: options.seed ?? null,
    data: options.data ?? null,
    backend: backend(),
    versions: versions(),
  };
  const rows = claims.map((claim) => ({
    verdict: claim.verdict,
    claim: claim.statement,
    expected: claim.expected,
    measured: withSpread(claim),
    rule: claim.rule,
    source: claim.source,
    id: claim.id,
  }));
  const line = provenanceLine(provenance);
  const text = claims.map(
    (claim) =>
      `${claim.verdict}: ${claim.statement} [${claim.id}]\n` +
      `  expected ${formatValue(claim.expected)}, measured ${withSpread(claim)}; ` +
      `rule: ${claim.rule}; source: ${claim.source}`,
  );
  return {
    [claimsType]: { claims, provenance },
    "text/html": `${String(tableBundle(rows)["text/html"])}<p class="relu-lab-provenance">${escapeHtml(line)}</p>`,
    "text/plain": [...text, line].join("\n"),
  };
}

/**
 * Shows the claims a notebook checks, each with its verdict, and leaves the records machine-readably in its output.
 *
 * @param records the claims: what is said, what was measured, the rule in words and what it gave
 * @param options seed and data behind the measurements; backend and versions are added
 * @throws Error naming the record and the field that is missing or wrong, or an id that stands twice
 * @example
 * claims(
 *   [{
 *     id: "sawtooth/pieces-doubling", statement: "n compositions have 2^n pieces", source: "slide 31",
 *     expected: 16384, measured: pieces, rule: "equal for n = 1..14", holds: allEqual,
 *   }],
 *   { seed: 1 },
 * );
 */
export function claims(records: ClaimRecord[], options: ClaimsOptions = {}): void {
  display(claimsBundle(records, options));
}
