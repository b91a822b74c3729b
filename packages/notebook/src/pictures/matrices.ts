/** A small table of numbers with a name. */
export interface NamedMatrix {
  name: string;
  /** Nested, each row as long as the first. */
  rows: readonly ArrayLike<number>[];
}

/** How matrices are drawn. */
export interface MatricesOptions {
  /** Side of a cell in pixels (46). */
  cell?: number;
  /** Most digits behind the point (2). */
  digits?: number;
}

/**
 * Small matrices side by side, every number written in its cell: blue below zero, white zero, vermillion above, each
 * matrix by its own largest number.
 *
 * @param list names and numbers
 * @param options size of the cells, digits
 * @returns Vega-Lite specification for `chart`
 * @throws Error when a matrix is empty or its rows differ in length
 * @example
 * chart(matrices([{ name: "filter", rows: [[-1, 0], [0, 1]] }]), { alt: "Two by two numbers." });
 */
export function matrices(list: readonly NamedMatrix[], options: MatricesOptions = {}): object {
  const { cell = 46, digits = 2 } = options;
  if (list.length === 0) throw new Error("matrices: there is none to draw");
  // Tinted, not black: a page in dark colours exchanges its greys, but these stand on the cells' own colours.
  const [ink, paper] = ["#10222e", "#f2f8ff"];
  const format = new Intl.NumberFormat("en", { maximumFractionDigits: digits, useGrouping: false });
  const hconcat = list.map(({ name, rows }) => {
    const columns = rows[0]?.length ?? 0;
    const odd = rows.findIndex((row) => row.length !== columns);
    if (columns === 0) throw new Error(`matrices: ${name} has no numbers`);
    if (odd >= 0)
      throw new Error(
        `matrices: row ${odd} of ${name} has ${rows[odd].length} numbers, row 0 has ${columns}`,
      );
    const values = rows.flatMap((row, r) =>
      Array.from(row, (value, c) => ({
        row: r,
        column: c,
        value,
        text: format
          .format(value)
          .replace(/^-(?=[0.]*$)/, "")
          .replace("-", "−"),
      })),
    );
    const largest = Math.max(...values.map(({ value }) => Math.abs(value))) || 1;
    const band = (field: string) => ({ field, type: "ordinal", axis: null });
    return {
      title: { text: name, anchor: "middle", fontSize: 12, fontWeight: "normal", offset: 6 },
      width: cell * columns,
      height: cell * rows.length,
      data: { values },
      encoding: { x: band("column"), y: band("row") },
      layer: [
        {
          mark: { type: "rect", stroke: "#8aa0b0", strokeWidth: 0.6 },
          encoding: {
            color: {
              field: "value",
              type: "quantitative",
              legend: null,
              scale: {
                domain: [-largest, 0, largest],
                range: ["#0072b2", "#fffdf8", "#d55e00"],
                interpolate: "rgb",
              },
            },
          },
        },
        {
          mark: { type: "text", fontSize: Math.min(13, Math.floor(cell / 2.9)) },
          encoding: {
            text: { field: "text", type: "nominal" },
            color: {
              condition: { test: `abs(datum.value) > ${0.7 * largest}`, value: paper },
              value: ink,
            },
          },
        },
      ],
    };
  });
  return { hconcat, spacing: 28, align: "none", center: true, resolve: { scale: { color: "independent" } } };
}
