import { requireAxisTitles } from "./axis-titles";
import { textWidth } from "./font";
import { display, type Bundle } from "./kernel";
import { svgToPng } from "./png";
import { withRedundantEncoding } from "./redundant-encoding";
import { drawSvg } from "./svg";
import { wrap } from "./text";
import { houseConfig, merge } from "./theme";
import { arrangements, inner, type View } from "./views";

/** What a chart says besides its marks. */
export interface ChartOptions {
  /** Headline above the plot: what is to be seen. */
  title?: string;
  /** One or two sentences under the headline, broken into lines. */
  caption?: string;
  /** What the picture shows, for those who cannot see it; without it, title and caption. */
  alt?: string;
  /** Width of the plot in pixels (520 without it); not for compositions, whose members say their own. */
  width?: number;
}

/** A chart's representations and their metadata. */
export interface ChartMessage {
  data: Bundle;
  metadata: { [mediaType: string]: object };
}

const vegaLiteType = "application/vnd.vegalite.v5+json";
const schema = "https://vega.github.io/schema/vega-lite/v5.json";
const defaultWidth = 520;
const widestPng = 2400;

function isComposition(spec: View): boolean {
  return inner(spec) !== undefined || arrangements.some((kind) => Array.isArray(spec[kind]));
}

function titleOf(spec: View, options: ChartOptions, width: number): object | undefined {
  const given =
    typeof spec.title === "string" || Array.isArray(spec.title) ? { text: spec.title } : spec.title;
  if (options.title === undefined && options.caption === undefined) return given;
  const title: View = { ...given };
  if (options.title !== undefined)
    title.text = wrap(options.title, width, (line) => textWidth(line, 15, true));
  if (options.caption === undefined) return title;
  const caption = wrap(options.caption, width, (line) => textWidth(line, 12));
  if (title.text) return { ...title, subtitle: caption };
  // Vega draws no subtitle below an empty title.
  return { ...title, text: caption, fontSize: 12, fontWeight: "normal" };
}

/** The full specification: the caller's in the house's theme, with title and description. */
function complete(spec: View, options: ChartOptions): View {
  const composed = isComposition(spec);
  const numeric = typeof spec.width === "number" ? spec.width : undefined;
  const width = options.width ?? numeric ?? defaultWidth;
  const result: View = { $schema: schema, ...withRedundantEncoding(spec) };
  if (!composed && (options.width !== undefined || spec.width === undefined)) result.width = width;
  const title = titleOf(spec, options, Math.max(width, 320));
  if (title) result.title = title;
  const description = [options.title, options.caption].filter(Boolean).join(". ");
  result.description = options.alt ?? spec.description ?? (description || "chart without a description");
  result.config = merge(houseConfig, spec.config);
  return result;
}

/**
 * The one display message of a chart: Vega-Lite JSON, PNG and text, as Altair sends them.
 *
 * @param spec Vega-Lite v5 specification with inline data
 * @param options title, caption, alternative text and width
 * @returns the representations, and the PNG's size in CSS pixels as metadata
 * @throws Error as `chart` does
 */
export function chartMessage(spec: object, options: ChartOptions = {}): ChartMessage {
  requireAxisTitles(spec);
  const full = complete(spec, options);
  const { svg, width, height } = drawSvg(full);
  const png = svgToPng(svg, Math.min(2, widestPng / width));
  const lines = [options.title, options.caption, options.alt ?? (spec as View).description].filter(Boolean);
  return {
    data: {
      [vegaLiteType]: full,
      "image/png": png.toString("base64"),
      "text/plain": lines.length > 0 ? lines.join("\n") : String(full.description),
    },
    metadata: {
      "image/png": { width: Math.round(width), height: Math.round(height), alt: full.description },
    },
  };
}

/**
 * Shows a chart: one display message with the interactive Vega-Lite chart, its PNG, and text.
 *
 * Categories told by colour get a second sign (dash or shape), the palette is one that colour-blind readers can use,
 * and the PNG has the same bytes on every machine.
 *
 * @param spec Vega-Lite v5 specification with inline data; `config` overrides the house's theme
 * @param options title, caption, alternative text and width of the plot in pixels
 * @throws Error when an axis has no title, when data is given by address, or with Vega's words on a wrong specification
 * @example
 * chart(
 *   {
 *     data: { values: rows },
 *     mark: "line",
 *     encoding: {
 *       x: { field: "n", type: "quantitative", title: "compositions n" },
 *       y: { field: "pieces", type: "quantitative", title: "affine pieces", scale: { type: "log", base: 2 } },
 *     },
 *   },
 *   { title: "Each composition doubles the pieces", caption: "Counted exactly." },
 * );
 */
export function chart(spec: object, options: ChartOptions = {}): void {
  const { data, metadata } = chartMessage(spec, options);
  display(data, { metadata });
}
