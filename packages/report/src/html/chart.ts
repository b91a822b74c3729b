import type { MimeBundle } from "../notebook/nbformat";
import { escapeHtml, scriptJson } from "./escape";

/** The media type of a chart's specification. */
export const chartType = "application/vnd.vegalite.v5+json";

type Spec = Record<string, unknown>;

interface Titles {
  text?: string | string[];
  subtitle?: string | string[];
}

const joined = (text: string | string[] | undefined) =>
  (Array.isArray(text) ? text.join(" ") : (text ?? "")).trim();

/** A chart's own headline and the words below it. */
function titlesOf(spec: Spec): { headline: string; words: string } {
  const title = spec.title as string | string[] | Titles | undefined;
  const { text, subtitle }: Titles =
    typeof title === "object" && !Array.isArray(title) ? title : { text: title };
  return { headline: joined(text), words: joined(subtitle) };
}

const sentence = (text: string) => (text === "" || /[.!?:]$/.test(text) ? text : `${text}.`);

/**
 * A chart as a figure: its picture, which stands when scripts are off and on paper, its specification, which the
 * page's script draws over it, and a caption made of the chart's own title, which then need not be drawn.
 * @param data the output's representations
 * @param metadata the output's, with the picture's size in CSS pixels
 * @param number the figure's number on the page
 */
export function chartFigure(data: MimeBundle, metadata: Record<string, unknown>, number: number): string {
  const spec = data[chartType] as Spec;
  const { headline, words } = titlesOf(spec);
  const plain = typeof data["text/plain"] === "string" ? data["text/plain"].trim() : "";
  const description = typeof spec.description === "string" ? spec.description : "";
  const alternative = (description || [headline, words].filter(Boolean).join(". ") || plain || "chart").slice(
    0,
    800,
  );
  const drawn: Spec = { ...spec };
  delete drawn.title;
  delete drawn.description; // the figure itself carries it
  const size = (metadata["image/png"] ?? {}) as { width?: unknown; height?: unknown };
  const sized = ["width", "height"]
    .map((side) => [side, size[side as "width"]])
    .filter(([, value]) => typeof value === "number")
    .map(([side, value]) => ` ${side}="${value}"`)
    .join("");
  const caption = [sentence(headline), sentence(words)].filter(Boolean).join(" ") || sentence(description);
  const png = data["image/png"];
  const still =
    typeof png === "string"
      ? `<img class="still" src="data:image/png;base64,${png.replace(/\s/g, "")}" alt="${escapeHtml(alternative)}"${sized}>`
      : `<pre class="still">${escapeHtml(plain || alternative)}</pre>`;
  return `<figure class="chart" id="figure-${number}">
<div class="live" role="img" aria-label="${escapeHtml(alternative)}"></div>${still}
<script type="application/json" class="spec">${scriptJson(drawn)}</script>
<figcaption><b>Figure ${number}.</b> <span class="words">${escapeHtml(caption)}</span></figcaption>
</figure>`;
}
