import type { MimeBundle } from "../notebook/nbformat";
import { escapeHtml, scriptJson } from "./escape";

/** The media type of a chart's specification. */
export const chartType = "application/vnd.vegalite.v5+json";

type Spec = Record<string, unknown>;

function titleOf(spec: Spec): string {
  const title = spec.title as string | { text?: string | string[] } | undefined;
  const text = typeof title === "object" && title !== null ? title.text : title;
  return Array.isArray(text) ? text.join(" ") : (text ?? "");
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/**
 * A chart as a figure: its picture, which stands when scripts are off and on paper, its specification, which the
 * page's script draws over it, and a caption.
 * @param data the output's representations
 * @param number the figure's number on the page
 */
export function chartFigure(data: MimeBundle, number: number): string {
  const spec = data[chartType] as Spec;
  const title = titleOf(spec);
  const description = typeof spec.description === "string" ? spec.description : "";
  const words = typeof data["text/plain"] === "string" ? data["text/plain"].trim() : "";
  const alternative = [description || title || words, description && words !== description ? words : ""]
    .filter(Boolean)
    .join(". ")
    .slice(0, 600);
  const caption = description || title;
  // A title that is the caption need not stand above the drawing as well.
  const drawn: Spec = { ...spec };
  if (caption === title) delete drawn.title;
  const png = data["image/png"];
  const still =
    typeof png === "string"
      ? `<img class="still" src="data:image/png;base64,${png.replace(/\s/g, "")}" alt="${escapeHtml(alternative)}">`
      : `<pre class="still">${escapeHtml(words)}</pre>`;
  return `<figure class="chart" id="figure-${number}">
<div class="live" role="img" aria-label="${escapeHtml(alternative)}"></div>${still}
<script type="application/json" class="spec">${scriptJson(drawn)}</script>
<figcaption><b>Figure ${number}.</b> ${escapeHtml(caption ? sentence(caption) : "")}</figcaption>
</figure>`;
}
