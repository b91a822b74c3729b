import type { ClaimRecord } from "../run/claims";
import type { SectionState } from "../run/record";
import { firstPage } from "./first-page";
import { notebookPage, type Rendered } from "./notebook-page";
import type { Site } from "./site";

export type { Site } from "./site";

/** All pages of the report: the first one, and one for each section that has been run. */
export function renderReport(
  states: readonly SectionState[],
  claims: readonly ClaimRecord[],
  site: Site,
): Rendered[] {
  const shown = states.filter((state) => state.run && state.executed);
  const pages = shown.map((state, i) =>
    notebookPage(state, { previous: shown[i - 1], next: shown[i + 1] }, site),
  );
  return [firstPage(states, claims, site), ...pages];
}
