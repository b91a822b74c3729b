import * as fs from "node:fs";
import * as path from "node:path";
import { formatMeasured } from "../html/claims-table";
import { findSections } from "../run/sections";
import { readBench } from "./bench-record";
import { blockNames, fillBlocks } from "./blocks";
import { readContents, type Figures, type Part } from "./contents";
import { figureFiles, type Draw } from "./figure-files";
import { SavedResults } from "./saved-results";
import { claimsTable, ratesTable } from "./tables";

/** Where the README's pictures lie, from the repository. */
export const figuresFolder = "data/figures";

/** What making the README needs from outside of this package. */
export interface ReadmeTools {
  draw: Draw;
  /** Lays a markdown text out as the repository's formatter does. */
  format: (markdown: string) => Promise<string>;
}

/** The README and its pictures as their sources have them. */
export interface Readme {
  text: string;
  /** Content by name in {@link figuresFolder}. */
  figures: Map<string, string | Buffer>;
  /** Sections whose outputs are not saved, so that the README lacks what they say. */
  missing: string[];
}

/**
 * Makes the README's blocks and pictures from the notebooks' saved outputs of the full profile, from the benchmarks'
 * kept figures (`data/bench.json`) and from `notebooks/readme.json`, which says what is shown. Writes nothing.
 * @param root the repository
 * @throws Error naming the claim, cell, row or marker that does not exist
 */
export async function makeReadme(root: string, { draw, format }: ReadmeTools): Promise<Readme> {
  const before = fs.readFileSync(path.join(root, "README.md"), "utf8");
  const contents = readContents(path.join(root, "notebooks/readme.json"));
  const bench = readBench(path.join(root, "data/bench.json"));
  const results = new SavedResults(findSections(path.join(root, "notebooks")), "full");
  const files = new Map<string, string | Buffer>();

  const measured = (text: string) =>
    text.replace(/\{([a-z0-9-]+\/[a-z0-9-]+)\}/g, (_all, id: string) => {
      const claim = results.claim(id);
      return claim ? formatMeasured(claim.measured) : "(not saved yet)";
    });
  const pictures = ({ figures, caption }: Figures) => {
    const shown = figures.flatMap((place) => {
      const output = results.figure(place);
      const name = place.replace(/[/#]/g, "-");
      return output
        ? [figureFiles(output, name, figuresFolder, draw, figures.length > 1 ? 0.98 / figures.length : 1)]
        : [];
    });
    for (const figure of shown) for (const [name, content] of figure.files) files.set(name, content);
    if (shown.length === 0) return "";
    const html = `<p align="center">${shown.map((figure) => figure.html).join("\n")}</p>`;
    return caption ? `${html}\n\n_${measured(caption)}_` : html;
  };
  const paragraph = (part: Part) => (typeof part === "string" ? measured(part) : pictures(part));
  const block = (name: string): string => {
    if (name === "claims") return claimsTable(results, contents.claims);
    if (name === "rates") return ratesTable(contents.rates, bench);
    const parts = contents.texts[name];
    if (!parts) throw new Error(`README.md: notebooks/readme.json has no text "${name}"`);
    return parts.map(paragraph).filter(Boolean).join("\n\n");
  };

  const unused = Object.keys(contents.texts).find((name) => !blockNames(before).includes(name));
  if (unused) throw new Error(`README.md has no markers for the text "${unused}" of notebooks/readme.json`);
  for (const { name } of results.sections) {
    if (!before.includes(`notebooks/${name}.ipynb`))
      throw new Error(`README.md: the table of sections lacks ${name}`);
  }
  const text = await format(fillBlocks(before, block));
  return { text, figures: files, missing: results.missing.map(({ name }) => name) };
}

/** What of a README and its pictures is not as its sources have it; empty when all is. */
export function differences(root: string, { text, figures }: Readme): string[] {
  const found: string[] = [];
  if (fs.readFileSync(path.join(root, "README.md"), "utf8") !== text) found.push("README.md");
  for (const [name, content] of figures) {
    const file = path.join(root, figuresFolder, name);
    if (!fs.existsSync(file) || !fs.readFileSync(file).equals(Buffer.from(content)))
      found.push(`${figuresFolder}/${name}`);
  }
  for (const [, file] of text.matchAll(/(?:src|srcset)="([^":]+)"/g)) {
    if (!fs.existsSync(path.join(root, file)) && !found.includes(file)) found.push(`${file} (it is missing)`);
  }
  return [...found, ...leftOver(root, text).map((name) => `${figuresFolder}/${name} (not shown any more)`)];
}

/** Pictures in the folder that the README does not show. */
export function leftOver(root: string, text: string): string[] {
  const folder = path.join(root, figuresFolder);
  return fs.existsSync(folder)
    ? fs.readdirSync(folder).filter((name) => !text.includes(`${figuresFolder}/${name}`))
    : [];
}
