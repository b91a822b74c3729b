import { patternColour, type Raster } from "relu-lab/pictures";
import { classColours, cssColour, layerColours, schemeColours } from "./colours";
import {
  continuousLegend,
  imageLayer,
  layerLegend,
  namedLegend,
  plotSize,
  rasterFor,
  type FrameOptions,
} from "./image-layer";
import { boundsOf, checkPolygons, polygonCount, type Polygons } from "./polygons";

/** Regions of a plane, as `regions.plane` returns them; each colouring asks for the arrays it needs. */
export interface RegionPolygons extends Polygons {
  /** Four words of hash a region. */
  readonly patternHash?: Uint32Array;
  /** Output k of region r is maps[i] x + maps[i + 1] y + maps[i + 2], i = 3 (r outputs + k). */
  readonly maps?: Float64Array;
  readonly outputs?: number;
  /** For each edge (it starts at the corner of the same number) the neuron that vanishes on it, negative at the border. */
  readonly edgeNeurons?: Int32Array;
  /** The layer of each hidden neuron, from 1. */
  readonly layerOfNeuron?: Uint16Array;
}

/** What gives a region its colour. */
export type RegionColour =
  | "pattern"
  | "gradient"
  | "depth"
  | { values: ArrayLike<number>; title: string; domain?: [number, number] }
  | { classes: ArrayLike<number>; names: readonly string[]; title: string };

/** How a region map is drawn. */
export interface RegionMapOptions extends FrameOptions {
  /**
   * "pattern": by the activation pattern's hash, stable while a network trains; "gradient": by the gradient's length;
   * "depth": white regions, each edge in the colour of the layer that made it; or values of your own, one a region;
   * or classes, for each region the number of its name.
   */
  colour?: RegionColour;
  /** The output whose gradient is meant (0). */
  output?: number;
  /** The interval of the colour scale; fix it to compare pictures. */
  domain?: [number, number];
  /** Thickness of the regions' edges in pixels; 0 for none. By default thin up to 3,000 regions, none beyond. */
  edges?: number;
}

/** An array that a colouring needs, or an error that says how to get it. */
export function required<T>(array: T | undefined, name: string, purpose: string): T {
  if (array !== undefined && (array as unknown as ArrayLike<number>).length !== 0) return array;
  throw new Error(`regionMap: ${purpose} needs regions.${name}; enumerate the regions with it`);
}

/** Smallest and largest of some values, opened a little where they are equal. */
export function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (!(low <= high)) throw new Error("picture: there is no value to colour by");
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** Lengths of the gradients of one output. */
function gradientLengths(regions: RegionPolygons, output: number): Float64Array {
  const maps = required(regions.maps, "maps", 'colour "gradient"');
  const outputs = regions.outputs ?? 1;
  if (!(output >= 0 && output < outputs)) {
    throw new Error(`regionMap: output is ${output}; the network has outputs 0 to ${outputs - 1}`);
  }
  return Float64Array.from({ length: polygonCount(regions) }, (_, r) => {
    const at = 3 * (r * outputs + output);
    return Math.hypot(maps[at], maps[at + 1]);
  });
}

function valueColours(values: ArrayLike<number>, [low, high]: [number, number]): Uint32Array {
  const colours = schemeColours("viridis");
  return Uint32Array.from(values, (value) => {
    const t = Math.max(0, Math.min(1, (value - low) / (high - low)));
    return colours[Math.round(255 * t)];
  });
}

/** Draws every edge with the line number of its layer, the first layers last and so on top. */
function strokeByDepth(raster: Raster, regions: RegionPolygons, thickness: number): number {
  const neurons = required(regions.edgeNeurons, "edgeNeurons", 'colour "depth"');
  const layerOf = required(regions.layerOfNeuron, "layerOfNeuron", 'colour "depth"');
  const layers = layerOf.reduce((most, layer) => Math.max(most, layer), 0);
  for (let layer = layers; layer >= 1; layer--) {
    strokeEdges(
      raster,
      regions,
      layer,
      thickness,
      (edge) => neurons[edge] >= 0 && layerOf[neurons[edge]] === layer,
    );
  }
  return layers;
}

function strokeEdges(
  raster: Raster,
  { vertices, offsets }: Polygons,
  line: number,
  thickness: number,
  wanted: (edge: number) => boolean = () => true,
): void {
  for (let r = 0; r + 1 < offsets.length; r++) {
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      if (!wanted(i)) continue;
      const j = i + 1 < offsets[r + 1] ? i + 1 : offsets[r];
      raster.stroke(
        vertices[2 * i],
        vertices[2 * i + 1],
        vertices[2 * j],
        vertices[2 * j + 1],
        line,
        thickness,
      );
    }
  }
}

/**
 * The regions of a plane as a map. The polygons become one image under the axes, so that 50,000 draw in a second.
 *
 * @param regions flat convex polygons and, by colouring, their hashes, maps or edge labels
 * @param options colouring, part of the plane, size in pixels, edges, axis titles
 * @returns Vega-Lite specification for `chart`
 * @throws Error when an array is missing that the colouring needs, or holds what is no number
 * @example
 * const found = await regions.plane(net, { lo: [-1, -1], hi: [1, 1] });
 * chart(regionMap(found, { colour: "depth" }), { title: "Each layer bends the next one's lines" });
 */
export function regionMap(regions: RegionPolygons, options: RegionMapOptions = {}): object {
  checkPolygons(regions);
  const count = polygonCount(regions);
  const colour = options.colour ?? "pattern";
  const raster = rasterFor(options.bounds ?? boundsOf(regions.vertices), options.size ?? 420);
  raster.fill(regions);

  let fill: Uint32Array;
  let lines = [0x222222];
  let legend: object | undefined;
  if (colour === "depth") {
    const layers = strokeByDepth(raster, regions, options.edges ?? (count > 3000 ? 1 : 2.4));
    lines = layerColours(layers);
    legend = layerLegend(lines.map(cssColour));
    fill = new Uint32Array(count).fill(0xffffff);
  } else {
    const edges = options.edges ?? (count > 3000 ? 0 : 1);
    if (edges > 0) strokeEdges(raster, regions, 1, edges);
    if (colour === "pattern") {
      const hash = required(regions.patternHash, "patternHash", 'colour "pattern"');
      fill = Uint32Array.from({ length: count }, (_, r) => patternColour(hash[4 * r]));
    } else if (typeof colour === "object" && "classes" in colour) {
      const { classes, names, title } = colour;
      if (classes.length !== count)
        throw new Error(`regionMap: ${classes.length} classes for ${count} regions`);
      const colours = classColours(names.length);
      fill = Uint32Array.from({ length: count }, (_, r) => {
        const own = colours[classes[r]];
        if (own !== undefined) return own;
        throw new Error(`regionMap: class ${classes[r]} of region ${r} is none of ${names.length} names`);
      });
      legend = namedLegend(names, colours.map(cssColour), title);
    } else {
      const own = typeof colour === "object";
      const values = own ? colour.values : gradientLengths(regions, options.output ?? 0);
      if (values.length !== count) throw new Error(`regionMap: ${values.length} values for ${count} regions`);
      const domain = options.domain ?? (own && colour.domain) ?? undefined;
      const range = domain || rangeOf(values);
      fill = valueColours(values, range);
      legend = continuousLegend(own ? colour.title : "length of the gradient", range, "viridis");
    }
  }
  const pixels = raster.paint((region) => fill[region], lines);
  const picture = imageLayer(raster, pixels, options);
  const by = typeof colour === "object" ? colour.title : colour === "depth" ? "layer of each edge" : colour;
  const description = `Map of ${count} regions of a plane, coloured by ${by}`;
  return { ...plotSize(raster), description, layer: legend ? [picture, legend] : [picture] };
}
