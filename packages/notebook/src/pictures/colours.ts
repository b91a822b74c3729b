import { lazily } from "../lazy";

/** 0xrrggbb from "#rrggbb" or "rgb(r, g, b)". */
export function parseColour(text: string): number {
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

function gamma(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.max(0, Math.min(255, Math.round(255 * value)));
}

/**
 * A colour of the OKLCH space (Ottosson 2020, "A perceptual color space for image processing") in sRGB.
 *
 * @param lightness 0 (black) to 1 (white), as the eye sees it
 * @param chroma 0 (grey) to about 0.3
 * @param hue in turns
 * @returns 0xrrggbb, cut off at the gamut's border
 */
export function oklch(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos(2 * Math.PI * hue);
  const b = chroma * Math.sin(2 * Math.PI * hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return (red << 16) | (green << 8) | blue;
}

/**
 * The colour of an activation pattern, from its hash alone: a pattern keeps its colour while the network trains, in
 * every picture. Lightness varies as well as hue, so that neighbours differ in black and white.
 *
 * @param hash 32 well-mixed bits
 */
export function patternColour(hash: number): number {
  const hue = (hash >>> 16) / 65536;
  const lightness = 0.5 + (0.42 * ((hash >>> 8) & 255)) / 255;
  const chroma = 0.05 + (0.07 * (hash & 255)) / 255;
  return oklch(lightness, chroma, hue);
}

/** A colour scheme of Vega's as 256 colours, e.g. "viridis". */
export function schemeColours(name: string): number[] {
  const { scheme } = lazily("vega") as { scheme: (name: string) => ((t: number) => string) | undefined };
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
