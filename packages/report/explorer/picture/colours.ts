import { oklch, patternColour } from "relu-lab/pictures/pattern-colour";

/** 0xrrggbb as a word of an image's memory: alpha, blue, green, red from the highest byte down. */
const word = (colour: number): number =>
  (0xff000000 | ((colour & 255) << 16) | (colour & 0xff00) | (colour >> 16)) >>> 0;

/** The notebooks' colours of patterns at 6 bits of hue, 4 of lightness and 2 of chroma, so that a frame looks them up. */
const patterns = Uint32Array.from({ length: 4096 }, (_, i) => {
  const [hue, lightness, chroma] = [i >> 6, (i >> 2) & 15, i & 3];
  return word(patternColour((hue << 26) | (lightness << 12) | (chroma << 6)));
});

/** The colour of a pattern by the first word of its hash. */
export const patternWord = (hash: number): number =>
  patterns[((hash >>> 26) << 6) | (((hash >>> 12) & 15) << 2) | ((hash >>> 6) & 3)];

/** 256 colours from dark to light, as the eye sees it. */
const ramp = Uint32Array.from({ length: 256 }, (_, i) => {
  const t = i / 255;
  return word(oklch(0.25 + 0.7 * t, 0.05 + 0.3 * t * (1 - t) + 0.05 * t, 0.8 - 0.53 * t));
});

/** The colour of a value from 0 to 1. */
export const rampWord = (t: number): number => ramp[Math.max(0, Math.min(255, Math.round(255 * t)))];

/** Blue below 0, white, vermillion above: told apart with any common colour blindness. */
const diverging = Uint32Array.from({ length: 256 }, (_, i) => {
  const t = Math.max(-1, (i - 128) / 127);
  const end = t < 0 ? [0, 114, 178] : [213, 94, 0];
  const [red, green, blue] = end.map((part) => Math.round(250 + Math.abs(t) * (part - 250)));
  return word((red << 16) | (green << 8) | blue);
});

/** The colour of an output, -1 to 1 and beyond. */
export const outputWord = (value: number): number =>
  diverging[Math.max(1, Math.min(255, Math.round(128 + 127 * (value / 1.2))))];

/** Colours of classes 0, 1, ...: hues apart from one another, lightness alternating. */
const classes = Uint32Array.from({ length: 10 }, (_, i) =>
  word(oklch(i % 2 ? 0.62 : 0.84, 0.11, (i * 0.3 + 0.05) % 1)),
);
export const classWord = (index: number): number => classes[index % 10];

/** Lines between regions. */
export const lineWord = word(0x222222);
