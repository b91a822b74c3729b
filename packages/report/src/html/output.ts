import { stripVTControlCharacters } from "node:util";
import type { MimeBundle, Output } from "../notebook/nbformat";
import { claimAnchor, claimsType, readClaims } from "../run/claims";
import { chartCaption, chartFigure, chartType } from "./chart";
import { claimsSection } from "./claims-table";
import { escapeHtml } from "./escape";
import { renderMarkdown, type MarkdownContext } from "./markdown";
import { sanitiseHtml } from "./sanitise";
import type { PageIndex } from "./search-index";

/** What rendering a page keeps count of. */
export interface PageContext extends MarkdownContext {
  figures: number;
  index: PageIndex;
  /** The section's name, in front of the names of saved figures. */
  name: string;
}

const longText = 40;

function streamText(text: string, name: string): string {
  const plain = stripVTControlCharacters(text).replace(/\s+$/, "");
  if (plain === "") return "";
  const block = `<pre class="stream ${name}" tabindex="0">${escapeHtml(plain)}</pre>`;
  const lines = plain.split("\n").length;
  return lines > longText
    ? `<details class="long"><summary>${lines} lines of text</summary>${block}</details>`
    : block;
}

function picture(type: string, data: string, words: string): string {
  const text = escapeHtml(words || "Picture made by the cell above");
  return `<figure class="picture"><img src="data:${type};base64,${escapeHtml(data.replace(/\s/g, ""))}" alt="${text}"></figure>`;
}

function display(data: MimeBundle, metadata: Record<string, unknown>, context: PageContext): string {
  const text = (type: string) => (typeof data[type] === "string" ? (data[type] as string) : undefined);
  const words = text("text/plain") ?? "";
  if (data[claimsType]) {
    try {
      const output = readClaims(data[claimsType]);
      for (const { id, statement } of output.claims) context.index.claim(claimAnchor(id), statement, id);
      return claimsSection(output, context);
    } catch (error) {
      context.notes.push((error as Error).message);
    }
  }
  if (data[chartType] && typeof data[chartType] === "object" && !Array.isArray(data[chartType])) {
    const [id, label] = [`figure-${++context.figures}`, `Figure ${context.figures}`];
    context.index.figure(id, label, chartCaption(data[chartType] as Record<string, unknown>));
    return chartFigure(data, metadata, { id, label, file: `${context.name}-${id}` });
  }
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const image = text(type);
    if (image) return picture(type, image, words);
  }
  const svg = text("image/svg+xml");
  // As a picture its scripts are dead and its addresses are not fetched.
  if (svg) return picture("image/svg+xml", Buffer.from(svg).toString("base64"), words);
  const html = text("text/html");
  if (html) return `<div class="html scroll">${sanitiseHtml(html)}</div>`;
  const markdown =
    text("text/markdown") ?? (text("text/latex") && `$$${text("text/latex")?.replace(/^\$+|\$+$/g, "")}$$`);
  if (markdown) return renderMarkdown(markdown, context);
  return streamText(words, "stdout");
}

/** One output of a cell as HTML: the richest of its representations that a page can show safely. */
export function renderOutput(output: Output, context: PageContext): string {
  switch (output.output_type) {
    case "stream":
      return streamText(output.text, output.name);
    case "error":
      return streamText(output.traceback.join("\n") || `${output.ename}: ${output.evalue}`, "stderr");
    default:
      return display(output.data, output.metadata ?? {}, context);
  }
}
