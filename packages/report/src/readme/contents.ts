import * as fs from "node:fs";

/** A row of the README's table of rates: one row of `npm run bench`. */
export interface Rate {
  /** What was measured, in words; `{row}` stands for the figure of another row of the suite. */
  what: string;
  suite: string;
  /** The row's name in its suite; `A > B` is the first row B behind the row A. */
  row: string;
  /** What the row's ratio compares with; without it no ratio is shown. */
  over?: string;
}

/** Pictures side by side: `section/cell`, with `#k` behind it for the cell's picture number k, counted from 0. */
export interface Figures {
  figures: string[];
  /** Words below; a chart carries its own caption. */
  caption?: string;
}

/** A part of the README: a paragraph, in which `{claim}` stands for what was measured of that claim, or figures. */
export type Part = string | Figures;

/** What the README shows of the saved notebooks and of the benchmarks: `readme.json` beside the notebooks. */
export interface Contents {
  /** Blocks of text and figures, by the name in their marker. */
  texts: Record<string, Part[]>;
  /** Ids of the claims in the table of results. */
  claims: string[];
  /** Rows of the table of rates. */
  rates: Rate[];
}

/** Reads `readme.json`; throws with the field that is wrong. */
export function readContents(file: string): Contents {
  let raw: Partial<Contents>;
  try {
    raw = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Contents>;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  const { texts = {}, claims, rates = [] } = raw;
  const wrong = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };
  if (!Array.isArray(claims) || !claims.every((id) => typeof id === "string"))
    wrong(`"claims" must be a list of claims' ids`);
  const twice = claims!.find((id, i) => claims!.indexOf(id) !== i);
  if (twice) wrong(`the claim ${twice} stands twice`);
  for (const [name, parts] of Object.entries(texts)) {
    if (["claims", "rates"].includes(name)) wrong(`a block of text cannot be called "${name}"`);
    const isPart = (part: Part) => typeof part === "string" || Array.isArray(part?.figures);
    if (!Array.isArray(parts) || !parts.every(isPart))
      wrong(`"${name}" must be a list of paragraphs and of { "figures": ["section/cell"] }`);
  }
  for (const rate of rates) {
    if (typeof rate?.what !== "string" || typeof rate.suite !== "string" || typeof rate.row !== "string")
      wrong(`a rate has "what", "suite" and "row"; this one is ${JSON.stringify(rate)}`);
  }
  return { texts, claims: claims!, rates };
}
