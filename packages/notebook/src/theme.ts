/**
 * Colours for categories, after Okabe & Ito (2008), "Color Universal Design": told apart by readers with any common
 * colour blindness. Their black and yellow are left out, because a figure stands on white and on dark grounds;
 * the order alternates dark and light, so that the first ones differ in black and white too.
 */
export const palette: readonly string[] = [
  "#0072b2", // blue
  "#e69f00", // orange
  "#009e73", // bluish green
  "#cc79a7", // reddish purple
  "#d55e00", // vermillion
  "#56b4e9", // sky blue
  "#7f7f7f", // grey
];

/** Marker shapes, one for each colour of the palette. */
export const shapes: readonly string[] = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
];

/** Dashes of lines, one for each colour of the palette. */
export const dashes: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2, 1, 2],
  [1, 3],
];

const ink = { labelColor: "#000000", titleColor: "#000000" };

/** The house's Vega-Lite configuration. Sequential colours are viridis: its lightness grows evenly. */
export const houseConfig: { [key: string]: object | string | number } = {
  // JupyterLab leaves a transparent chart's black text on its dark ground; its dark theme would write in white on ours.
  background: "white",
  font: "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif",
  padding: 8,
  view: { continuousWidth: 520, continuousHeight: 300, stroke: null },
  range: {
    category: palette,
    symbol: shapes,
    heatmap: { scheme: "viridis" },
    ramp: { scheme: "viridis" },
    diverging: { scheme: "blueorange" },
  },
  axis: {
    ...ink,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 8,
    gridColor: "#e2e2e2",
    domainColor: "#888888",
    tickColor: "#888888",
    labelLimit: 260,
    titleLimit: 520,
  },
  legend: {
    ...ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    symbolSize: 110,
    labelLimit: 300,
  },
  header: { ...ink, labelFontSize: 12, titleFontSize: 13, titleFontWeight: "normal" },
  title: {
    color: "#000000",
    subtitleColor: "#000000",
    anchor: "start",
    frame: "group",
    fontSize: 15,
    fontWeight: "bold",
    subtitleFontSize: 12,
    subtitlePadding: 6,
    offset: 14,
  },
  line: { strokeWidth: 2 },
  point: { size: 60, strokeWidth: 1.6 },
  bar: { color: palette[0] },
  rect: { color: palette[0] },
  text: { fontSize: 12 },
};

/** Deep merge of plain objects: what `over` says wins; arrays and other values are taken whole. */
export function merge(under: object, over: object | undefined): { [key: string]: unknown } {
  const result: { [key: string]: unknown } = { ...under };
  for (const [key, value] of Object.entries(over ?? {})) {
    const below = result[key];
    result[key] = isPlain(value) && isPlain(below) ? merge(below, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
