import type { ClaimRecord } from "../run/claims";
import type { SectionState } from "../run/record";
import { firstPage } from "./first-page";
import { notebookPage } from "./notebook-page";
import { renderPage } from "./page";
import type { Site } from "./site";

export type { Site } from "./site";

/** A file of the report. */
export interface RenderedFile {
  file: string;
  html: string;
  /** Problems found on the way. */
  notes: string[];
}

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
  const index = sections.flatMap((page) => page.index.entries);
  return [firstPage(states, claims, site), ...sections].map(({ file, title, body, notes }) => ({
    file,
    html: renderPage({ title, body, index }),
    notes,
  }));
}
