import * as fs from "node:fs";
import * as path from "node:path";
import { formatMeasured } from "../html/claims-table";
import { findSections } from "../run/sections";
import { readBench } from "./bench-record";
import { blockNames, fillBlocks } from "./blocks";
import { readContents, type Figures } from "./contents";
import { figureFiles, type Draw } from "./figure-files";
import { SavedResults } from "./saved-results";
import { claimsTable, ratesTable } from "./tables";

/** Where the pictures lie, from the repository. */
export const figuresFolder = "data/figures";

/** The documents with blocks that are made, from the repository. */
const documents = ["README.md", "notebooks/README.md", "packages/relu-lab/README.md"];

/** What making the README needs from outside of this package. */
export interface ReadmeTools {
  draw: Draw;
  /** Lays a markdown text out as the repository's formatter does. */
  format: (markdown: string) => Promise<string>;
}

/** The documents and their pictures as their sources have them. */
export interface Readme {
  /** A document's text, by its path from the repository. */
  texts: Map<string, string>;
  /** Content by name in {@link figuresFolder}. */
  figures: Map<string, string | Buffer>;
  /** Sections whose outputs are not saved, so that the README lacks what they say. */
  missing: string[];
}

/**
 * Makes the blocks of the repository's READMEs and their pictures from the notebooks' saved outputs of the full profile,
 * from the benchmarks' kept figures (`data/bench.json`) and from `notebooks/readme.json`, which says what is shown. Writes
 * nothing.
 * @param root the repository
 * @throws Error naming the claim, cell, row or marker that does not exist
 */
export async function makeReadme(root: string, { draw, format }: ReadmeTools): Promise<Readme> {
  const before = new Map(
    documents
      .filter((name) => fs.existsSync(path.join(root, name)))
      .map((name) => [name, fs.readFileSync(path.join(root, name), "utf8")]),
  );
  const contents = readContents(path.join(root, "notebooks/readme.json"));
  const bench = readBench(path.join(root, "data/bench.json"));
  const results = new SavedResults(findSections(path.join(root, "notebooks")), "full");
  const files = new Map<string, string | Buffer>();

  const measured = (text: string) =>
    text.replace(/\{([a-z0-9-]+\/[a-z0-9-]+)\}/g, (_all, id: string) => {
      const claim = results.claim(id);
      return claim ? formatMeasured(claim.measured) : "(not saved yet)";
    });
  const pictures = ({ figures, caption }: Figures, up: string) => {
    const share = figures.length > 1 ? 0.98 / figures.length : 1;
    const shown = figures.flatMap((place) => {
      const output = results.figure(place);
      const name = place.replace(/[/#]/g, "-");
      return output ? [figureFiles(output, name, `${up}${figuresFolder}`, draw, share)] : [];
    });
    for (const figure of shown) for (const [name, content] of figure.files) files.set(name, content);
    if (shown.length === 0) return "";
    const html = `<p align="center">${shown.map((figure) => figure.html).join("\n")}</p>`;
    return caption ? `${html}\n\n_${measured(caption)}_` : html;
  };
  const block = (name: string, up: string): string => {
    if (name === "claims") return claimsTable(results, contents.claims, up);
    if (name === "rates") return ratesTable(contents.rates, bench);
    const parts = contents.texts[name];
    if (!parts)
      throw new Error(`a README has the block "${name}": notebooks/readme.json has no text "${name}"`);
    return parts
      .map((part) => (typeof part === "string" ? measured(part) : pictures(part, up)))
      .filter(Boolean)
      .join("\n\n");
  };

  const names = [...before].flatMap(([document, text]) => blockNames(text, document));
  const unused = Object.keys(contents.texts).find((name) => !names.includes(name));
  if (unused) throw new Error(`the READMEs have no markers for the text "${unused}" of notebooks/readme.json`);
  for (const { name } of results.sections) {
    if (![...before.values()].some((text) => text.includes(`${name}.ipynb`)))
      throw new Error(`README.md and notebooks/README.md: the table of sections lacks ${name}`);
  }
  const texts = new Map<string, string>();
  for (const [document, text] of before) {
    const up = "../".repeat(document.split("/").length - 1);
    texts.set(document, await format(fillBlocks(text, (name) => block(name, up))));
  }
  return { texts, figures: files, missing: results.missing.map(({ name }) => name) };
}

/** What of the documents and their pictures is not as its sources have it; empty when all is. */
export function differences(root: string, { texts, figures }: Readme): string[] {
  const found: string[] = [];
  for (const [document, text] of texts) {
    if (fs.readFileSync(path.join(root, document), "utf8") !== text) found.push(document);
  }
  for (const [name, content] of figures) {
    const file = path.join(root, figuresFolder, name);
    if (!fs.existsSync(file) || !fs.readFileSync(file).equals(Buffer.from(content)))
      found.push(`${figuresFolder}/${name}`);
  }
  for (const [document, text] of texts) {
    for (const [, link] of text.matchAll(/(?:src|srcset)="([^":]+)"/g)) {
      const file = path.join(path.dirname(document), link);
      if (!fs.existsSync(path.join(root, file)) && !found.includes(file))
        found.push(`${file} (it is missing)`);
    }
  }
  return [...found, ...leftOver(root, texts).map((name) => `${figuresFolder}/${name} (not shown any more)`)];
}

/** Pictures in the folder that no document shows. */
export function leftOver(root: string, texts: Readme["texts"]): string[] {
  const folder = path.join(root, figuresFolder);
  const shown = [...texts.values()].join("\n");
  return fs.existsSync(folder)
    ? fs.readdirSync(folder).filter((name) => !shown.includes(`${figuresFolder}/${name}`))
    : [];
}
