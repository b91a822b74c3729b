import type { Notebook } from "../notebook/nbformat";

/** The media type under which a notebook emits its claims. */
export const claimsType = "application/vnd.relu-lab.claims+json";

/** What may come of a claim. */
export const verdicts = ["reproduced", "not reproduced", "reproduced in part"] as const;
/** One of `verdicts`. */
export type Verdict = (typeof verdicts)[number];

/** One claim of the presentation and what was measured, as a notebook emits it. */
export interface Claim {
  id: string;
  statement: string;
  source: string;
  expected: unknown;
  measured: unknown;
  spread: unknown;
  trials: unknown;
  rule: string;
  verdict: Verdict;
}

/** From what a notebook's claims were measured. */
export interface Provenance {
  seed: unknown;
  data: unknown;
  backend: unknown;
  versions: Record<string, string>;
}

/** A claim with all that is needed to find it and to measure it again: a row of claims.json. */
export interface ClaimRecord extends Claim, Provenance {
  /** The section's name, such as `07-sawtooth`. */
  notebook: string;
  /** The section's title. */
  title: string;
  profile: string;
  /** Where the claim stands, from the report's folder. */
  anchor: string;
}

/** The claims that one output holds. */
export interface ClaimsOutput {
  claims: Claim[];
  provenance: Provenance;
}

/** The id of a claim's row on its page. */
export const claimAnchor = (id: string) => `claim-${id.replace(/[^A-Za-z0-9]+/g, "-")}`;

/** Reads the content of a claims output. Throws, naming the claim and the field, when it is not one. */
export function readClaims(content: unknown): ClaimsOutput {
  const { claims, provenance } = (content ?? {}) as Partial<ClaimsOutput>;
  if (!Array.isArray(claims))
    throw new Error(`a claims output holds { claims: [...] }; this one holds ${typeof claims}`);
  for (const claim of claims) {
    for (const field of ["id", "statement", "rule"] as const) {
      if (typeof claim?.[field] !== "string" || claim[field] === "") {
        throw new Error(
          `claim ${JSON.stringify(claim?.id)}: "${field}" must be a text, not ${JSON.stringify(claim?.[field])}`,
        );
      }
    }
    if (!verdicts.includes(claim.verdict)) {
      throw new Error(
        `claim "${claim.id}": the verdict "${claim.verdict}" is none of ${verdicts.join(", ")}`,
      );
    }
  }
  const given = (provenance ?? {}) as Partial<Provenance>;
  return {
    claims,
    provenance: {
      seed: given.seed ?? null,
      data: given.data ?? null,
      backend: given.backend ?? null,
      versions: given.versions ?? {},
    },
  };
}

/** All claims outputs of an executed notebook, in order. */
export function notebookClaims(notebook: Notebook): ClaimsOutput[] {
  return notebook.cells.flatMap((cell) =>
    (cell.outputs ?? []).flatMap((output) =>
      "data" in output && claimsType in output.data ? [readClaims(output.data[claimsType])] : [],
    ),
  );
}
