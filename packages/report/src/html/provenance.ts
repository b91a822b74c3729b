import type { ClaimRecord } from "../run/claims";
import { clock } from "../run/progress";
import type { RunRecord } from "../run/record";
import { formatMeasured } from "./claims-table";
import { escapeHtml } from "./escape";

const distinct = (values: readonly unknown[]) => [
  ...new Set(values.filter((v) => v !== null && v !== undefined && v !== "").map(formatMeasured)),
];

function versionsOf(of: readonly { versions?: Record<string, string> }[]): string {
  const versions = new Map<string, Set<string>>();
  for (const { versions: given } of of) {
    for (const [name, version] of Object.entries(given ?? {})) {
      versions.set(name, (versions.get(name) ?? new Set()).add(String(version)));
    }
  }
  return [...versions].map(([name, set]) => `${name} ${[...set].join(" and ")}`).join(", ");
}

function profileOf({ profile, set }: RunRecord): string {
  const changed = Object.entries(set).map(([key, value]) => `${key}=${value}`);
  return changed.length ? `${profile} with ${changed.join(", ")}` : profile;
}

const minute = (time: string) => `${time.slice(0, 16).replace("T", " ")} UTC`;

/**
 * From what the numbers of a page or of the whole report come: data, seed, profile, backend, versions, commit, time.
 * @param runs the runs behind them
 * @param claims the claims made in these runs, which know data, seed and backend
 */
export function provenanceList(runs: readonly RunRecord[], claims: readonly ClaimRecord[]): string {
  const ends = runs.map((run) => run.finished).sort();
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const facts: [string, string][] = [
    ["Data", distinct(claims.map((claim) => claim.data)).join("; ")],
    ["Seed", distinct(claims.map((claim) => claim.seed)).join("; ")],
    ["Profile", distinct(runs.map(profileOf)).join("; ")],
    ["Backend", distinct(claims.map((claim) => claim.backend)).join("; ")],
    ["Versions", versionsOf([...runs, ...claims])],
    ["Commit", distinct(runs.map((run) => run.commit)).join(", ")],
    ["Duration", runs.length ? `${clock(seconds)} min in the kernel` : ""],
    [
      "Run",
      ends.length
        ? ends.length > 1
          ? `last one ended ${minute(ends.at(-1) as string)}`
          : `ended ${minute(ends[0])}`
        : "",
    ],
  ];
  const rows = facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<dl class="facts">${rows.join("")}</dl>`;
}
