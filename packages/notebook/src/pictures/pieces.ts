import { palette } from "../theme";

/** How a function of one variable is drawn. */
export interface PiecesOptions {
  /** Title of the horizontal axis ("x"). */
  xTitle?: string;
  /** Title of the vertical axis ("f(x)"). */
  yTitle?: string;
  /** Height of the plot in pixels (260). */
  height?: number;
}

/**
 * A piecewise affine function of one variable with its pieces: neighbouring pieces in two colours, a mark where they
 * meet (as long as they can be told apart, up to 200 pieces).
 *
 * @param x ends of the pieces in ascending order, the ends of the interval included; one more than there are pieces
 * @param y the function there
 * @param options axis titles and height in pixels
 * @returns Vega-Lite specification for `chart`
 * @throws Error when the arrays differ in length, descend, or hold what is no number
 * @example
 * chart(functionPieces([0, 0.5, 1], [0, 1, 0]), { title: "The mirror map has two pieces" });
 */
export function functionPieces(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: PiecesOptions = {},
): object {
  if (x.length !== y.length) throw new Error(`functionPieces: ${x.length} values of x, but ${y.length} of y`);
  if (x.length < 2) throw new Error(`functionPieces: ${x.length} points; one piece has two ends`);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) {
      throw new Error(`functionPieces: point ${i} is (${x[i]}, ${y[i]})`);
    }
    if (i > 0 && x[i] < x[i - 1]) throw new Error(`functionPieces: x[${i}] = ${x[i]} lies below ${x[i - 1]}`);
  }
  const pieces = x.length - 1;
  const knots = Array.from({ length: x.length }, (_, i) => ({ x: x[i], y: y[i] }));
  const rows = Array.from({ length: pieces }, (_, i) => ({
    piece: i + 1,
    x: x[i],
    y: y[i],
    x2: x[i + 1],
    y2: y[i + 1],
    slope: (y[i + 1] - y[i]) / (x[i + 1] - x[i]),
    parity: i % 2 ? "even" : "odd",
  })).filter((row) => row.x2 > row.x); // ends so close that doubles cannot tell them apart
  const quantitative = (field: string, title: string) => ({ field, type: "quantitative", title });
  const position = {
    x: { ...quantitative("x", options.xTitle ?? "x"), scale: { zero: false, nice: false } },
    y: { ...quantitative("y", options.yTitle ?? "f(x)"), scale: { zero: false } },
  };
  const segments = {
    data: { values: rows },
    mark: { type: "rule", strokeWidth: pieces > 200 ? 1 : 2.5, strokeCap: "round" },
    encoding: {
      ...position,
      x2: { field: "x2" },
      y2: { field: "y2" },
      color: {
        field: "parity",
        type: "nominal",
        scale: { domain: ["odd", "even"], range: [palette[0], palette[1]] },
        legend: null,
      },
      tooltip: [
        { field: "piece", type: "quantitative", title: "piece" },
        { field: "slope", type: "quantitative", title: "slope" },
      ],
    },
  };
  const ends = {
    data: { values: knots },
    mark: { type: "point", filled: true, size: pieces > 60 ? 12 : 36, color: "#333333", opacity: 1 },
    encoding: position,
  };
  const description = `A function of one variable with ${pieces} affine pieces`;
  return { description, height: options.height ?? 260, layer: pieces > 200 ? [segments] : [segments, ends] };
}
