import { chartType } from "../html/chart";
import { escapeHtml } from "../html/escape";
import type { DataOutput } from "./saved-results";

/** Draws a Vega-Lite specification as SVG: the same text for the same specification. */
export type Draw = (spec: object) => { svg: string; width: number; height: number };

/** A figure of the README: its files, and the HTML that shows them. */
export interface FigureFiles {
  files: Map<string, string | Buffer>;
  html: string;
}

/** Ink, lines and paper of GitHub's dark theme. */
const dark = { ink: "#e6edf3", muted: "#9198a1", rule: "#30363d", paper: "#0d1117" };

/** What a grey is in the dark: ink and paper change places. Middle greys are read on both. */
function greyInTheDark(level: number): string | null {
  if (level < 0x48) return dark.ink;
  if (level < 0x70) return dark.muted;
  if (level > 0xf8) return dark.paper;
  return level > 0xd8 ? dark.rule : null;
}

/** A drawing for a dark page: greys change, the colours of the data stay. */
function inTheDark(svg: string): string {
  const grey = /\b(fill|stroke)="(?:(black|white)|#([\da-f])\3\3|#([\da-f]{2})\4\4)"/gi;
  return svg.replace(grey, (all, attribute: string, name?: string, one?: string, two?: string) => {
    const level = name ? (name.toLowerCase() === "black" ? 0 : 255) : parseInt(two ?? `${one}${one}`, 16);
    const colour = greyInTheDark(level);
    return colour ? `${attribute}="${colour}"` : all;
  });
}

/**
 * The files of a figure: a light and a dark drawing where the notebook holds the chart's specification, otherwise (a
 * large one is not saved) its picture as it is, on white.
 * @param name the files' name without ending
 * @param folder the folder of the files, as the README names it
 * @param share the part of the README's width that it may take, of 1
 */
export function figureFiles(
  { data, metadata }: DataOutput,
  name: string,
  folder: string,
  draw: Draw,
  share: number,
): FigureFiles {
  const spec = data[chartType] as (object & { description?: unknown }) | undefined;
  const size = (metadata["image/png"] ?? {}) as { width?: number; alt?: string };
  const alt = escapeHtml(String(spec?.description ?? size.alt ?? ""));
  const percent = Math.floor(100 * share);
  const width = (own: number | undefined) =>
    share < 1 || own === undefined ? `${percent}%` : Math.round(own);
  if (!spec) {
    const file = `${name}.png`;
    const html = `<img src="${folder}/${file}" alt="${alt}" width="${width(size.width)}">`;
    return { files: new Map([[file, Buffer.from(String(data["image/png"]), "base64")]]), html };
  }
  const drawing = draw(spec);
  const [light, night] = [`${name}.svg`, `${name}-dark.svg`];
  const html = `<picture><source media="(prefers-color-scheme: dark)" srcset="${folder}/${night}"><img src="${folder}/${light}" alt="${alt}" width="${width(drawing.width)}"></picture>`;
  return {
    files: new Map([
      [light, `${drawing.svg}\n`],
      [night, `${inTheDark(drawing.svg)}\n`],
    ]),
    html,
  };
}
