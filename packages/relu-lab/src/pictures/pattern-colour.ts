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
