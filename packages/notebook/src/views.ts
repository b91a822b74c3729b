/** A Vega-Lite view or composition, as loosely as its parts are looked at here. */
export interface View {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [key: string]: any;
}

/** Compositions whose members share no axes. */
export const arrangements = ["concat", "hconcat", "vconcat"] as const;

/** The inner specification of a facet or a repetition. */
export function inner(view: View): View | undefined {
  return (view.facet || view.repeat) && view.spec ? (view.spec as View) : undefined;
}

/** Calls `visit` on every single plot of a specification (one layer group counts once) with its place. */
export function eachPlot(view: View, visit: (plot: View, place: string) => void, place = ""): void {
  const below = inner(view);
  if (below) return eachPlot(below, visit, `${place}spec.`);
  const kind = arrangements.find((name) => Array.isArray(view[name]));
  if (!kind) return visit(view, place);
  (view[kind] as View[]).forEach((member, i) => eachPlot(member, visit, `${place}${kind}[${i}].`));
}
