/** One cell of a confusion matrix. */
export interface ConfusionCell {
  truth: number | string;
  predicted: number | string;
  count: number;
}

/**
 * A confusion matrix as a specification for `chart`: every count is written, the errors alone are coloured.
 *
 * @param cells one a pair of classes, such as `models.confusionRows` makes
 * @param subject what is classified, for the titles of the axes
 * @returns a Vega-Lite specification
 * @throws RangeError when there are no cells
 * @example
 * chart(confusionChart(models.confusionRows(matrix), "digit"), { caption: "Numbers of test images." });
 */
export function confusionChart(cells: readonly ConfusionCell[], subject = "class"): object {
  if (cells.length === 0) throw new RangeError("confusionChart: there are no cells");
  const values = cells.map((cell) => ({ ...cell, wrong: cell.truth !== cell.predicted }));
  const most = Math.max(1, ...values.filter((cell) => cell.wrong).map((cell) => cell.count));
  const order = [...new Set(cells.flatMap((cell) => [cell.truth, cell.predicted]))];
  const side = 40 * order.length;
  const classes = { type: "ordinal", sort: order };
  // Tinted, not grey: a page in dark colours exchanges its greys, but these stand on the chart's own colours.
  const [ink, paper, right] = ["#10222e", "#f2f8ff", "#e6f2e8"];
  return {
    data: { values },
    width: side,
    height: side,
    encoding: {
      x: { field: "predicted", ...classes, title: `predicted ${subject}`, axis: { labelAngle: 0 } },
      y: { field: "truth", ...classes, title: `true ${subject}` },
    },
    layer: [
      {
        transform: [{ filter: "datum.wrong" }],
        mark: "rect",
        encoding: {
          color: {
            field: "count",
            type: "quantitative",
            title: "errors",
            scale: { scheme: "blues", domain: [0, most] },
          },
        },
      },
      { transform: [{ filter: "!datum.wrong" }], mark: { type: "rect", color: right } },
      {
        mark: { type: "text" },
        encoding: {
          text: { field: "count", type: "quantitative" },
          color: {
            condition: { test: `datum.wrong && datum.count > ${0.6 * most}`, value: paper },
            value: ink,
          },
        },
      },
    ],
  };
}
