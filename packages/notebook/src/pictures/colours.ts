/** 0xrrggbb from "#rrggbb" or "rgb(r, g, b)". */
function parseColour(text: string): number {
  if (text.startsWith("#")) return parseInt(text.slice(1), 16);
  const [red, green, blue] = (text.match(/\d+/g) ?? []).map(Number);
  return (red << 16) | (green << 8) | blue;
}

/** "#rrggbb" of a colour. */
export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, "0")}`;
}

/** Colour times a factor, each part kept within 0 and 255. */
export function shade(colour: number, factor: number): number {
  const part = (shift: number) => Math.min(255, Math.round(((colour >> shift) & 255) * factor)) << shift;
  return part(16) | part(8) | part(0);
}

/** A colour scheme of Vega's as 256 colours, e.g. "viridis". */
export function schemeColours(name: string): number[] {
  const { scheme } = require("vega") as { scheme: (name: string) => ((t: number) => string) | undefined };
  const interpolate = scheme(name);
  if (typeof interpolate !== "function") throw new Error(`picture: there is no colour scheme "${name}"`);
  return Array.from({ length: 256 }, (_, i) => parseColour(interpolate(i / 255)));
}

/**
 * Colours of the layers 1, 2, ..., from dark to light along viridis, ending before its yellow, which white swallows.
 */
export function layerColours(layers: number): number[] {
  const colours = schemeColours("viridis");
  return Array.from(
    { length: layers },
    (_, k) => colours[Math.round(layers > 1 ? (185 * k) / (layers - 1) : 0)],
  );
}

/** Colours of classes, in viridis's order of lightness: they differ in grey as well. */
export function classColours(classes: number): number[] {
  const colours = schemeColours("viridis");
  return Array.from(
    { length: classes },
    (_, k) => colours[Math.round(classes > 1 ? (255 * k) / (classes - 1) : 0)],
  );
}
