import * as fs from "node:fs";
import * as path from "node:path";

/** What the first page says of the whole: `site.json` beside the notebooks. */
export interface Site {
  title: string;
  /** The question that the notebooks answer. */
  question: string;
  /** A paragraph or more below it, markdown. */
  introduction: string;
  /** Whether the report has the explorer: a page that counts regions live. */
  explorer?: boolean;
  /** Whether the packages' API documentation lies beside the page, in `api`. */
  api?: boolean;
}

/** Reads `site.json` from the folder of the notebooks; plain words stand in for what is missing. */
export function readSite(folder: string): Site {
  const file = path.join(folder, "site.json");
  const plain: Site = { title: "Notebook report", question: "", introduction: "" };
  if (!fs.existsSync(file)) return plain;
  try {
    return { ...plain, ...(JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Site>) };
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}
