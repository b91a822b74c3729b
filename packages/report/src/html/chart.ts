import type { MimeBundle } from "../notebook/nbformat";
import { escapeHtml, scriptJson } from "./escape";
import { takeRasters } from "./rasters";

/** The media type of a chart's specification. */
export const chartType = "application/vnd.vegalite.v5+json";

type Spec = Record<string, unknown>;

interface Titles {
  text?: string | string[];
  subtitle?: string | string[];
}

const joined = (text: unknown) =>
  (Array.isArray(text) ? text : [text])
    .filter((line) => typeof line === "string" || typeof line === "number")
    .join(" ")
    .trim();

/** A chart's own headline and the words below it. */
function titlesOf(spec: Spec): { headline: string; words: string } {
  const title = spec.title as string | string[] | Titles | undefined;
  const { text, subtitle }: Titles =
    typeof title === "object" && title !== null && !Array.isArray(title) ? title : { text: title };
  return { headline: joined(text), words: joined(subtitle) };
}

const sentence = (text: string) => (text === "" || /[.!?:]$/.test(text) ? text : `${text}.`);

/** What stands under a chart: its own title in words. */
export function chartCaption(spec: Spec): string {
  const { headline, words } = titlesOf(spec);
  const description = typeof spec.description === "string" ? spec.description : "";
  return [sentence(headline), sentence(words)].filter(Boolean).join(" ") || sentence(description);
}

/** Which figure this is, on its page and as a file. */
export interface FigurePlace {
  /** The id of the element. */
  id: string;
  /** "Figure 3", or anything else to stand before the caption; "" for nothing. */
  label: string;
  /** The name, without ending, under which the figure is saved. */
  file: string;
  /** HTML behind the caption, such as a link. */
  after?: string;
}

/** The size in CSS pixels that the chart's picture has by its metadata, as attributes. */
function sizeAttributes(metadata: Record<string, unknown>): string {
  const size = (metadata["image/png"] ?? {}) as Record<string, unknown>;
  return ["width", "height"]
    .filter((side) => typeof size[side] === "number")
    .map((side) => ` ${side}="${size[side]}"`)
    .join("");
}

/**
 * A chart as a figure: its picture, which stands when scripts are off, its specification, which the page's script
 * draws in its place, and a caption made of the chart's own title, which then need not be drawn.
 *
 * A chart that holds pictures itself (regions, digits) would have them twice, in its picture and in its
 * specification. They stand in the page once, without axes, in place of the picture.
 * @param data the output's representations
 * @param metadata the output's, with the picture's size in CSS pixels
 * @param place which figure it is
 */
export function chartFigure(data: MimeBundle, metadata: Record<string, unknown>, place: FigurePlace): string {
  const { spec, rasters } = takeRasters(data[chartType] as Spec);
  const caption = chartCaption(spec);
  const plain = typeof data["text/plain"] === "string" ? data["text/plain"].trim() : "";
  const description = typeof spec.description === "string" ? spec.description : "";
  const alternative = escapeHtml((description || caption || plain || "chart").slice(0, 800));
  const png = data["image/png"];
  let still = `<pre class="still">${escapeHtml(plain) || alternative}</pre>`;
  if (rasters.length > 0) {
    const images = rasters.map((address) => `<img src="${address}" alt="">`).join("");
    still = `<div class="still rasters" role="img" aria-label="${alternative}">${images}</div>`;
  } else if (typeof png === "string") {
    const address = escapeHtml(`data:image/png;base64,${png.replace(/\s/g, "")}`);
    still = `<img class="still" src="${address}" alt="${alternative}"${sizeAttributes(metadata)}>`;
  }
  const label = place.label ? `<b>${escapeHtml(place.label)}.</b> ` : "";
  return `<figure class="chart" id="${escapeHtml(place.id)}" data-file="${escapeHtml(place.file)}">
<div class="live" role="img" aria-label="${alternative}"></div>${still}
<script type="application/json" class="spec">${scriptJson(spec)}</script>
<figcaption>${label}<span class="words">${escapeHtml(caption)}</span>${place.after ?? ""}</figcaption>
</figure>`;
}
