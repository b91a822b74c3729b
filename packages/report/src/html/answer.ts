import type { Cell } from "../notebook/nbformat";
import type { SectionState } from "../run/record";
import { chartFigure, chartType } from "./chart";
import { escapeHtml } from "./escape";
import { plainTitle } from "./shell";

/** Whether a cell's chart belongs on the first page: `"relu_lab": { "figure": "first-page" }` in its metadata. */
function isAnswer(cell: Cell): boolean {
  const own = cell.metadata.relu_lab as { figure?: unknown } | undefined;
  return cell.cell_type === "code" && own?.figure === "first-page";
}

/**
 * The figures of the first page: the first chart of each cell that says so, from the executed notebooks, in the order
 * of the sections. A report of a few sections shows those it has.
 */
export function answerFigures(shown: readonly SectionState[]): string[] {
  const found = shown.flatMap((state) =>
    (state.executed?.cells ?? []).filter(isAnswer).flatMap((cell) => {
      const output = (cell.outputs ?? []).find((o) => "data" in o && chartType in o.data);
      return output && "data" in output ? [{ state, cell, output }] : [];
    }),
  );
  return found.map(({ state, cell, output }, i) => {
    const href = `${state.section.name}.html#cell-${cell.id}`;
    const after = ` <a class="where" href="${escapeHtml(href)}">${escapeHtml(plainTitle(state))}</a>`;
    const place = { id: `answer-${i + 1}`, label: "", file: `${state.section.name}-${cell.id}`, after };
    return chartFigure(output.data, output.metadata ?? {}, place);
  });
}
