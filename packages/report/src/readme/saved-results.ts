import { readNotebook, type Notebook, type Output } from "../notebook/nbformat";
import { notebookClaims, type Claim } from "../run/claims";
import { titleAndSummary } from "../run/record";
import type { Section } from "../run/sections";
import { hasOutputs, savedRecord } from "../saved/saved-notebook";

/** A claim, and the section that makes it. */
export interface SavedClaim extends Claim {
  section: Section;
}

/** An output with representations, as a figure has. */
export type DataOutput = Extract<Output, { data: unknown }>;

/** What the notebooks hold of their last saved run. */
export class SavedResults {
  /** All claims in the order of the sections. */
  readonly claims: SavedClaim[] = [];
  /** Sections without outputs of the wanted profile: what they would say is not known yet. */
  readonly missing: Section[] = [];
  readonly #notebooks = new Map<string, Notebook>();

  /**
   * @param sections the notebooks
   * @param profile the profile of which their outputs shall be
   */
  constructor(
    readonly sections: readonly Section[],
    readonly profile: string,
  ) {
    for (const section of sections) {
      const notebook = readNotebook(section.file);
      this.#notebooks.set(section.name, notebook);
      if (!hasOutputs(notebook) || savedRecord(notebook)?.profile !== profile) {
        this.missing.push(section);
        continue;
      }
      for (const { claims } of notebookClaims(notebook))
        this.claims.push(...claims.map((claim) => ({ ...claim, section })));
    }
  }

  /** The section's number and title in words. */
  title({ name, number }: Section): string {
    const { title } = titleAndSummary(this.#notebooks.get(name)!, name);
    return number ? `${Number(number)}. ${title}` : title;
  }

  /**
   * A claim by its id; null when a notebook without outputs may make it.
   * @throws Error when no notebook makes such a claim
   */
  claim(id: string): SavedClaim | null {
    const found = this.claims.find((claim) => claim.id === id);
    if (found) return found;
    const written = ({ name }: Section) =>
      this.#notebooks.get(name)!.cells.some((cell) => cell.source.includes(`"${id}"`));
    if (this.missing.some(written)) return null;
    throw new Error(`no notebook makes the claim "${id}"`);
  }

  /**
   * The picture of a cell; null when its notebook has no outputs.
   * @param place `section/cell`, or `section/cell#k` for the cell's picture number k, counted from 0
   * @throws Error when there is no such section, cell or picture
   */
  figure(place: string): DataOutput | null {
    const match = /^([^/]+)\/([^#]+)(?:#(\d+))?$/.exec(place);
    const notebook = match && this.#notebooks.get(match[1]);
    if (!match || !notebook) throw new Error(`no notebook for the figure "${place}"`);
    const cell = notebook.cells.find(({ id }) => id === match[2]);
    if (!cell) throw new Error(`the figure "${place}": ${match[1]} has no cell ${match[2]}`);
    if (this.missing.some(({ name }) => name === match[1])) return null;
    const pictures = (cell.outputs ?? []).filter(
      (output): output is DataOutput => "data" in output && "image/png" in output.data,
    );
    const picture = pictures[Number(match[3] ?? 0)];
    if (!picture) throw new Error(`the figure "${place}": the cell has ${pictures.length} pictures`);
    return picture;
  }
}
