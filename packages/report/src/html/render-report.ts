import type { ClaimRecord } from "../run/claims";
import type { SectionState } from "../run/record";
import { explorerPage } from "./explorer-page";
import { firstPage } from "./first-page";
import { notebookPage } from "./notebook-page";
import { renderPage, type Page } from "./page";
import type { Site } from "./site";

export type { Site } from "./site";

/** A file of the report. */
export interface RenderedFile {
  file: string;
  html: string;
  /** Problems found on the way. */
  notes: string[];
}

type WholePage = Omit<Page, "index"> & Pick<RenderedFile, "file" | "notes">;

/** All pages of the report: the first one, and one for each section that has been run. */
export function renderReport(
  states: readonly SectionState[],
  claims: readonly ClaimRecord[],
  site: Site,
): RenderedFile[] {
  const shown = states.filter((state) => state.run && state.executed);
  const sections = shown.map((state, i) =>
    notebookPage(state, { previous: shown[i - 1], next: shown[i + 1] }, { shown, claims, site }),
  );
  const explorer = site.explorer ? [explorerPage(shown, site)] : [];
  const index = [...sections.map((page) => page.index.entries), ...explorer.map((page) => page.index)].flat();
  const pages: WholePage[] = [firstPage(states, claims, site), ...sections, ...explorer];
  return pages.map(({ file, title, body, notes, program }) => ({
    file,
    html: renderPage({ title, body, index, program }),
    notes,
  }));
}
