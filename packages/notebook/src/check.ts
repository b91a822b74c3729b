import type { View } from "./views";

const marks = new Set(
  "arc area bar boxplot circle errorband errorbar geoshape image line point rect rule square text tick trail".split(
    " ",
  ),
);

/**
 * Refuses what Vega would answer with an obscure error or, worse, with an empty picture: a mark that there is not, and
 * data behind an address (figures show what the notebook computed, and the report has no network).
 *
 * @param view Vega-Lite specification
 * @throws Error naming what is wrong
 */
export function checkSpec(view: View): void {
  if (view.data?.url !== undefined) {
    throw new Error(`chart: data.url is "${view.data.url}"; give the rows inline as data: { values: rows }`);
  }
  if (view.mark !== undefined) {
    const type = String(typeof view.mark === "object" && view.mark !== null ? view.mark.type : view.mark);
    if (!marks.has(type))
      throw new Error(`chart: there is no mark "${type}"; there are ${[...marks].join(", ")}`);
  }
  const members = [view.layer, view.concat, view.hconcat, view.vconcat]
    .filter(Array.isArray)
    .flat() as View[];
  members.forEach(checkSpec);
  if (view.spec) checkSpec(view.spec as View);
  if (view.mark === undefined && members.length === 0 && !view.spec) {
    throw new Error('chart: the specification has neither a mark nor layers; give e.g. mark: "line"');
  }
}
