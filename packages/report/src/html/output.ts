import { stripVTControlCharacters } from "node:util";
import type { MimeBundle, Output } from "../notebook/nbformat";
import { claimsType, readClaims } from "../run/claims";
import { chartFigure, chartType } from "./chart";
import { claimsSection } from "./claims-table";
import { escapeHtml } from "./escape";
import { renderMarkdown, type MarkdownContext } from "./markdown";
import { sanitiseHtml } from "./sanitise";

/** What rendering a page keeps count of. */
export interface PageContext extends MarkdownContext {
  figures: number;
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
  return `<figure class="picture"><img src="data:${type};base64,${data.replace(/\s/g, "")}" alt="${text}"></figure>`;
}

function display(data: MimeBundle, metadata: Record<string, unknown>, context: PageContext): string {
  const text = (type: string) => (typeof data[type] === "string" ? (data[type] as string) : undefined);
  const words = text("text/plain") ?? "";
  if (data[claimsType]) {
    try {
      return claimsSection(readClaims(data[claimsType]), context);
    } catch (error) {
      context.notes.push((error as Error).message);
    }
  }
  if (data[chartType] && typeof data[chartType] === "object") {
    return chartFigure(data, metadata, ++context.figures);
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
