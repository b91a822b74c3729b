import { cssColour, layerColours } from "./colours";
import { imageLayer, layerLegend, plotSize, rasterFor, type FrameOptions } from "./image-layer";
import type { Polygons, Rectangle } from "./polygons";

/** A stretch of the boundary of one neuron: where its pre-activation vanishes, bent by the layers below. */
export interface BentHyperplane {
  /** Layer of the neuron, from 1. */
  readonly layer: number;
  readonly neuron: number;
  /** x, y of each corner along it. */
  readonly points: Float64Array;
}

/** How bent hyperplanes are drawn. */
export interface HyperplanesOptions extends FrameOptions {
  /** The part of the plane that is shown. */
  bounds: Rectangle;
  /** How many layers; all of them without it. */
  depth?: number;
}

/** A rectangle as the only region. */
const sheet = ({ lo, hi }: Rectangle): Polygons => ({
  vertices: Float64Array.of(lo[0], lo[1], hi[0], lo[1], hi[0], hi[1], lo[0], hi[1]),
  offsets: Uint32Array.of(0, 4),
});

/**
 * The bent hyperplanes of the first layer, of the first two, ... side by side, as in the first figure of Raghu et al.
 * (2017): each panel adds a layer, whose lines are straight between those of the layers below.
 *
 * @param polylines boundary of each neuron with its layer
 * @param options bounds of the plane, depth, width of a panel in pixels
 * @returns Vega-Lite specification for `chart`
 * @throws Error when a polyline has no layer, or a coordinate is not a number
 * @example
 * chart(hyperplanes(regions.hyperplanes(found), { bounds: { lo: [-1, -1], hi: [1, 1] }, depth: 3 }));
 */
export function hyperplanes(polylines: readonly BentHyperplane[], options: HyperplanesOptions): object {
  let deepest = 0;
  polylines.forEach(({ layer, points }, i) => {
    if (!(Number.isInteger(layer) && layer >= 1))
      throw new Error(`hyperplanes: layer of polyline ${i} is ${layer}`);
    const bad = points.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new Error(`hyperplanes: polyline ${i} has points[${bad}] = ${points[bad]}`);
    deepest = Math.max(deepest, layer);
  });
  const depth = Math.min(options.depth ?? deepest, deepest);
  if (!(depth >= 1))
    throw new Error(`hyperplanes: depth is ${options.depth}, and the lines reach layer ${deepest}`);
  const colours = layerColours(deepest);
  const size = options.size ?? Math.max(160, Math.min(300, Math.floor(780 / depth)));

  const panels = Array.from({ length: depth }, (_, panel) => {
    const raster = rasterFor(options.bounds, size);
    raster.fill(sheet(options.bounds)); // white: the dark lines of the first layers would vanish on a dark page
    for (let layer = panel + 1; layer >= 1; layer--) {
      // The layer that a panel adds stands out; those below it show why it bends.
      const thickness = layer === panel + 1 ? 2.4 : 1.4;
      for (const line of polylines) {
        if (line.layer !== layer) continue;
        const { points } = line;
        for (let i = 0; i + 3 < points.length; i += 2) {
          raster.stroke(points[i], points[i + 1], points[i + 2], points[i + 3], layer, thickness);
        }
      }
    }
    const pixels = raster.paint(() => 0xffffff, colours);
    const picture = imageLayer(raster, pixels, { ...options, yTitle: panel > 0 ? null : options.yTitle });
    const title = panel === 0 ? "layer 1" : `layers 1 to ${panel + 1}`;
    const layer =
      panel === depth - 1 ? [picture, layerLegend(colours.slice(0, depth).map(cssColour))] : [picture];
    return { ...plotSize(raster), title: { text: title, fontSize: 13, fontWeight: "normal" }, layer };
  });
  return {
    description: `Boundaries of the neurons of layers 1 to ${depth}, in ${depth} panels`,
    hconcat: panels,
  };
}
