import type { Heading } from "./markdown";
import { textParts } from "./markdown-text";

/** Something that the search finds: a part of a section, a figure, a claim. */
export interface SearchEntry {
  /** Where it stands, from the report's folder. */
  href: string;
  kind: "text" | "figure" | "claim";
  /** The section's number and title. */
  section: string;
  title: string;
  text: string;
  /** Source text of the cells below; found, not shown. */
  code: string;
}

/** Gathers what can be found on one page, in the order in which its cells are rendered. */
export class PageIndex {
  readonly entries: SearchEntry[] = [];
  #current: SearchEntry | undefined;

  /**
   * @param page the page's file
   * @param section the section's number and title
   */
  constructor(
    readonly page: string,
    readonly section: string,
  ) {}

  #add(kind: SearchEntry["kind"], anchor: string, title: string, text: string): SearchEntry {
    const href = anchor ? `${this.page}#${anchor}` : this.page;
    const entry = { href, kind, section: this.section, title, text, code: "" };
    this.entries.push(entry);
    return entry;
  }

  /** The part that the next words belong to: the page itself above the first heading. */
  #part(): SearchEntry {
    return (this.#current ??= this.#add("text", "", this.section, ""));
  }

  /** A markdown cell and the headings that its rendering gave. */
  markdown(source: string, headings: readonly Heading[]): void {
    const left = [...headings];
    for (const { title, text } of textParts(source)) {
      const heading = title === null ? undefined : left.shift();
      if (heading) this.#current = this.#add("text", heading.id, title as string, text);
      else this.#part().text += ` ${text}`;
    }
  }

  /** A code cell's source. */
  code(source: string): void {
    this.#part().code += ` ${source.replace(/\s+/g, " ")}`;
  }

  figure(anchor: string, label: string, caption: string): void {
    this.#add("figure", anchor, label, caption);
  }

  claim(anchor: string, statement: string, id: string): void {
    this.#add("claim", anchor, `Claim ${id}`, statement);
  }
}
