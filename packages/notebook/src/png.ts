import { fontFamily, fontFiles } from "./font";

/**
 * An SVG as PNG, drawn with the shipped font only: the same bytes on every machine.
 *
 * @param svg the SVG text
 * @param scale pixels of the PNG to a pixel of the SVG
 * @returns the bytes of the PNG file
 */
export function svgToPng(svg: string, scale: number): Buffer {
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  const family = fontFamily;
  // resvg knows SVG's word for unsmoothed images, but not the one from CSS that Vega puts after it.
  return new Resvg(svg.replaceAll("image-rendering: pixelated;", ""), {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles],
      defaultFontFamily: family,
      serifFamily: family,
      sansSerifFamily: family,
      monospaceFamily: family,
      cursiveFamily: family,
      fantasyFamily: family,
    },
    logLevel: "off",
  })
    .render()
    .asPng();
}
