export { oklch, patternColour } from "./pattern-colour";
export { pngFile, type PngParts } from "./png-file";
export { Raster, type Polygons, type Rectangle } from "./raster";
export { rgbaPng } from "./rgba-png";
