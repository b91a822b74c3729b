import { schemeColours, shade } from "./colours";
import { continuousLegend, imageLayer, plotSize, rasterFor, type FrameOptions } from "./image-layer";
import { boundsOf, checkPolygons, polygonCount } from "./polygons";
import { rangeOf, required, type RegionPolygons } from "./region-map";

/** How a relief is drawn. */
export interface ReliefOptions extends FrameOptions {
  /** Which output of the network (0). */
  output?: number;
  /** Its name on the colour scale ("f(x)"). */
  title?: string;
  /** The interval of the colour scale; fix it to compare pictures. */
  domain?: [number, number];
  /** About how many contour lines (12); 0 for none. */
  contours?: number;
}

/** A step of 1, 2 or 5 times a power of ten that divides an interval into about `count` parts. */
function niceStep([low, high]: [number, number], count: number): number {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
}

/**
 * Brightness of a plane with gradient (gx, gy) under a light from the upper left: Lambert's law, 1 for level ground.
 * Slopes are measured against the typical one, so that flat and steep functions show their facets alike.
 */
function brightness(gx: number, gy: number): number {
  const light = [-0.5, 0.5, 0.7071];
  const facing = (-gx * light[0] - gy * light[1] + light[2]) / Math.hypot(gx, gy, 1);
  return 0.55 + 0.45 * Math.max(0, facing / light[2]);
}

/**
 * A network's function on a plane as a relief seen from above: height as colour, each affine piece lit as the flat facet
 * that it is, with contour lines.
 *
 * @param regions flat convex polygons with the affine map of each
 * @param options output, part of the plane, contours, size in pixels, axis titles
 * @returns Vega-Lite specification for `chart`
 * @throws Error when the maps are missing or the output is not there
 * @example
 * chart(relief(await regions.plane(net, { lo: [-1, -1], hi: [1, 1] })), { title: "The function's facets" });
 */
export function relief(regions: RegionPolygons, options: ReliefOptions = {}): object {
  checkPolygons(regions);
  const maps = required(regions.maps, "maps", "a relief");
  const outputs = regions.outputs ?? 1;
  const output = options.output ?? 0;
  if (!(output >= 0 && output < outputs)) {
    throw new Error(`relief: output is ${output}; the network has outputs 0 to ${outputs - 1}`);
  }
  const { vertices, offsets } = regions;
  const count = polygonCount(regions);
  const mapAt = (region: number) => 3 * (region * outputs + output);

  const corners = new Float64Array(offsets[count]);
  const slopes = new Float64Array(count);
  for (let r = 0; r < count; r++) {
    const m = mapAt(r);
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      corners[i] = maps[m] * vertices[2 * i] + maps[m + 1] * vertices[2 * i + 1] + maps[m + 2];
    }
    slopes[r] = Math.hypot(maps[m], maps[m + 1]);
  }
  const range = options.domain ?? rangeOf(corners);
  const typical = slopes.slice().sort()[count >> 1] || 1;
  const lit = Float64Array.from({ length: count }, (_, r) => {
    return brightness(maps[mapAt(r)] / typical, maps[mapAt(r) + 1] / typical);
  });

  const raster = rasterFor(options.bounds ?? boundsOf(vertices), options.size ?? 420);
  raster.fill(regions);
  const { columns, rows, frame, polygonAt } = raster;
  const [stepX, stepY] = [(frame.hi[0] - frame.lo[0]) / columns, (frame.hi[1] - frame.lo[1]) / rows];
  const height = (region: number, column: number, row: number) => {
    const m = mapAt(region);
    const [x, y] = [frame.lo[0] + (column + 0.5) * stepX, frame.hi[1] - (row + 0.5) * stepY];
    return maps[m] * x + maps[m + 1] * y + maps[m + 2];
  };
  const contours = options.contours ?? 12;
  const step = contours > 0 ? niceStep(range, contours) : 0;
  const level = (region: number, column: number, row: number) =>
    Math.floor(height(region, column, row) / step);

  const colours = schemeColours("viridis");
  const pixels = raster.paint((region, column, row) => {
    const t = (height(region, column, row) - range[0]) / (range[1] - range[0]);
    let light = lit[region];
    if (step > 0) {
      // A contour passes where the sample two to the right or below stands on another level.
      const here = level(region, column, row);
      const right = column + 2 < columns ? polygonAt[row * columns + column + 2] : -1;
      const below = row + 2 < rows ? polygonAt[(row + 2) * columns + column] : -1;
      const crossed =
        (right >= 0 && level(right, column + 2, row) !== here) ||
        (below >= 0 && level(below, column, row + 2) !== here);
      if (crossed) light *= 0.55;
    }
    return shade(colours[Math.round(255 * Math.max(0, Math.min(1, t)))], light);
  }, []);
  const legend = continuousLegend(options.title ?? "f(x)", range, "viridis");
  const description = `Relief of ${options.title ?? "f(x)"} over a plane, between ${range.map((v) => v.toPrecision(3)).join(" and ")}`;
  return { ...plotSize(raster), description, layer: [imageLayer(raster, pixels, options), legend] };
}
