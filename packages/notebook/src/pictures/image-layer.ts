import { Raster, rgbaPng } from "relu-lab/pictures";
import type { Rectangle } from "./polygons";

/** Where and how a picture stands. */
export interface FrameOptions {
  /** The part of the plane that is shown; all of it without this. */
  bounds?: Rectangle;
  /** Width of the plot in pixels. */
  size?: number;
  /** Title of the horizontal axis ("x₁"); null for none. */
  xTitle?: string | null;
  /** Title of the vertical axis ("x₂"); null for none. */
  yTitle?: string | null;
}

/** Pixels of the image to a pixel of the plot: as many as the chart's PNG has. */
const density = 2;

/**
 * An empty raster for a part of the plane, both axes at the same scale.
 *
 * @param bounds what is seen
 * @param size width of the plot in pixels
 * @throws Error when the rectangle is empty or not finite
 */
export function rasterFor(bounds: Rectangle, size: number): Raster {
  const [width, height] = [0, 1].map((k) => bounds.hi[k] - bounds.lo[k]);
  if (!(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height))) {
    throw new Error(`picture: the part to be shown is ${width} by ${height}; it must have an inside`);
  }
  // A very flat or very tall plane would make a picture nobody can read: then the axes get scales of their own.
  const aspect = Math.min(4, Math.max(1 / 4, height / width));
  const columns = Math.round(size);
  return new Raster(columns * density, Math.max(1, Math.round(size * aspect)) * density, bounds);
}

/** Plot width and height of a raster, in pixels of the specification. */
export function plotSize(raster: Raster): { width: number; height: number } {
  return { width: raster.width / density, height: raster.height / density };
}

/** The layer that puts a raster's pixels under the axes: one image mark, however many regions it shows. */
export function imageLayer(raster: Raster, pixels: Uint8Array, options: FrameOptions): object {
  const { lo, hi } = raster.frame;
  const { width, height } = plotSize(raster);
  const url = `data:image/png;base64,${Buffer.from(rgbaPng(pixels, raster.width)).toString("base64")}`;
  const axis = (k: number, title: string | null) => ({
    field: "xy"[k],
    type: "quantitative",
    scale: { domain: [lo[k], hi[k]], nice: false, zero: false },
    axis: { title, grid: false, tickCount: 5, zindex: 1 }, // over the picture, which would hide half of the line
  });
  return {
    data: { values: [{ url, x: (lo[0] + hi[0]) / 2, y: (lo[1] + hi[1]) / 2 }] },
    // Without aria: false, a screen reader would be given the image's address: a megabyte of base64.
    mark: { type: "image", width, height, aspect: false, align: "center", baseline: "middle", aria: false },
    encoding: {
      url: { field: "url", type: "nominal" },
      x: axis(0, options.xTitle === undefined ? "x₁" : options.xTitle),
      y: axis(1, options.yTitle === undefined ? "x₂" : options.yTitle),
    },
  };
}

/** The layer that draws nothing but the legend of a continuous colour scale. */
export function continuousLegend(
  title: string,
  domain: readonly number[],
  scheme: string,
  log = false,
): object {
  return {
    data: { values: domain.map((value) => ({ value })) },
    mark: { type: "square", opacity: 0, size: 0 },
    encoding: {
      color: {
        field: "value",
        type: "quantitative",
        title,
        scale: { domain, scheme, nice: false, ...(log ? { type: "log" } : { zero: false }) },
      },
    },
  };
}

/** A legend of names and their colours. */
export function namedLegend(names: readonly string[], colours: readonly string[], title: string): object {
  return {
    data: { values: names.map((name) => ({ name })) },
    mark: { type: "square", size: 0, opacity: 1 },
    encoding: {
      color: {
        field: "name",
        type: "ordinal",
        title,
        scale: { domain: names, range: colours },
        legend: { symbolType: "square", symbolSize: 160 },
      },
    },
  };
}

/** The layer that draws nothing but the legend of the layers' colours. */
export function layerLegend(colours: string[]): object {
  return namedLegend(
    colours.map((_, k) => `layer ${k + 1}`),
    colours,
    "boundary of a neuron of",
  );
}
