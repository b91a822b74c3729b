import type { Row } from "../data-frame";
import { palette } from "../theme";
import type { View } from "../views";
import type { LinesAxis, LinesOptions } from "./lines-options";
import { linesRows, type LinesRow } from "./lines-rows";

/** From the smallest to the largest value of some columns on a logarithmic axis, with a margin. */
function logDomain(rows: LinesRow[], columns: string[], margin: number): [number, number] {
  const logs = rows.flatMap((row) =>
    columns.map((column) => Math.log(row[column] as number)).filter(Number.isFinite),
  );
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const more = high > low ? margin * (high - low) : 0.7;
  return [Math.exp(low - more), Math.exp(high + more)];
}

function scaleOf(axis: Omit<LinesAxis, "field">, rows: LinesRow[], columns: string[]): object {
  const vertical = columns[0] === "value";
  const type = axis.log ? { type: "log", ...(typeof axis.log === "number" ? { base: axis.log } : {}) } : {};
  if (axis.domain) return { ...type, domain: axis.domain, nice: false, zero: false };
  if (axis.log) return { ...type, domain: logDomain(rows, columns, vertical ? 0.06 : 0.03), nice: false };
  return { zero: axis.zero ?? false, nice: vertical || axis.ticks === undefined };
}

/** One positional channel; the scale spans all of `columns`. */
function channel(axis: Omit<LinesAxis, "field">, rows: LinesRow[], columns: string[]): View {
  const field = columns[0];
  if (axis.category) return { field, type: "nominal", title: axis.title, sort: null };
  const marks: View = {};
  if (axis.ticks) marks.values = axis.ticks;
  if (axis.format !== undefined) marks.format = axis.format;
  const scale = scaleOf(axis, rows, columns);
  const result: View = { field, type: "quantitative", title: axis.title, scale };
  if (Object.keys(marks).length > 0) result.axis = marks;
  return result;
}

function legendTitle(
  series: { field: string; title?: string | null } | undefined,
  folded: boolean,
): string | null {
  if (series?.title !== undefined) return series.title;
  return folded || !series ? null : series.field;
}

function drawnAs(options: LinesOptions, rows: LinesRow[]): "line" | "points" | "both" {
  if (options.marks) return options.marks;
  if (options.y.category) return "points";
  const groups = new Map<string, number>();
  const { panels, slider } = options;
  for (const row of rows) {
    const place = [row.series, panels ? row[panels.field] : "", slider ? row[slider.field] : ""].join(
      "\u0000",
    );
    groups.set(place, (groups.get(place) ?? 0) + 1);
  }
  return Math.max(0, ...groups.values()) > 40 ? "line" : "both";
}

/**
 * A chart of lines or points from rows: one or several series, told apart by colour, dash and shape.
 *
 * @param rows records; numbers in the columns of x and y (rows without a value there are left out)
 * @param options the axes, and what else is to be drawn
 * @returns Vega-Lite specification for `chart`
 * @throws Error when a column is missing, holds no number, or has a value that a logarithmic axis cannot show
 * @example
 * chart(lines(rows, {
 *   x: { field: "neurons", title: "neurons N", log: 2 }, y: { field: "error", title: "sup error", log: true },
 *   series: "target", band: { lower: "best", upper: "worst" }, theory: "bound",
 * }), { caption: "Error against width." });
 */
export function lines(rows: readonly Row[], options: LinesOptions): object {
  const { x, y, band, theory, panels, slider } = options;
  const values = linesRows(rows, options);
  const series = typeof options.series === "string" ? { field: options.series } : options.series;
  const several = series !== undefined || y.fields !== undefined;
  const title = legendTitle(series, y.fields !== undefined);
  const legend = { symbolOpacity: 1 }; // not a band's
  const colour: View = several
    ? { color: { field: "series", type: "nominal", title, sort: null, legend } }
    : { color: { value: palette[0] } };
  const how = drawnAs(options, values);
  const ends = [...(band ? ["lower", "upper"] : []), ...(theory === undefined ? [] : ["theory"])];
  const vertical = channel(y, values, ["value", ...ends]);
  const side = (field: string) => ({ ...vertical, field });
  const layer: object[] = [];
  if (band) {
    const bars = band.bars ?? how === "points";
    layer.push({
      mark: bars ? { type: "rule", strokeWidth: 1.4 } : { type: "area", opacity: 0.2 },
      encoding: { y: side("lower"), y2: { field: "upper" }, ...colour },
    });
  }
  if (theory !== undefined) {
    layer.push({
      mark: { type: "line", strokeWidth: 1.2 },
      encoding: { y: side("theory"), ...colour, strokeDash: { value: [3, 3] } },
    });
  }
  const own = { y: side("value"), ...colour };
  if (how !== "points") layer.push({ mark: { type: "line" }, encoding: own });
  if (how !== "line") layer.push({ mark: { type: "point", filled: true, opacity: 0.9 }, encoding: own });
  if (options.highlight) {
    layer.push({
      transform: [{ filter: "datum.marked" }],
      mark: { type: "point", size: 190, strokeWidth: 2, color: "#333333", shape: "circle" },
      encoding: { y: side("value") },
    });
  }
  for (const { value, label } of options.levels ?? []) {
    const at = { data: { values: [{ value, label }] } };
    const text = { type: "text", align: "right", baseline: "bottom", dy: -3, color: "#555555", aria: false };
    layer.push(
      {
        ...at,
        mark: { type: "rule", strokeDash: [5, 4], color: "#777777" },
        encoding: { x: { value: 0 }, x2: { value: "width" }, y: side("value") },
      },
      { ...at, mark: text, encoding: { x: { value: "width" }, y: side("value"), text: { field: "label" } } },
    );
  }
  const size = {
    width: options.width ?? (panels ? 230 : 460),
    height: options.height ?? (panels ? 200 : 300),
  };
  const plot: View = { encoding: { x: channel(x, values, [x.field]) }, layer };
  if (slider) {
    const known = [...new Set(values.map((row) => row[slider.field] as number))].sort((a, b) => a - b);
    const steps = new Set(known.slice(1).map((v, i) => v - known[i]));
    const bind =
      steps.size === 1
        ? { input: "range", min: known[0], max: known[known.length - 1], step: [...steps][0] }
        : { input: "select", options: known };
    plot.params = [{ name: "chosen", value: slider.start, bind: { ...bind, name: `${slider.label} ` } }];
    plot.transform = [{ filter: `datum[${JSON.stringify(slider.field)}] === chosen` }];
  }
  if (!panels) return { data: { values }, ...plot, ...size };
  return {
    data: { values },
    facet: {
      field: panels.field,
      type: "nominal",
      title: panels.title ?? null,
      sort: [...new Set(values.map((row) => row[panels.field] as unknown))],
    },
    columns: panels.columns ?? 3,
    spec: { ...plot, ...size },
  };
}
