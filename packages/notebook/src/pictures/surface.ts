import { schemeColours, shade } from "./colours";
import { imageLayer, plotSize, rasterFor, type FrameOptions } from "./image-layer";

/** A function of two variables on a grid: values row after row, the first row at y = lo[1], ends included. */
export interface Heights {
  lo: ArrayLike<number>;
  hi: ArrayLike<number>;
  columns: number;
  rows: number;
  values: ArrayLike<number>;
}

/** A point of a path over the surface. */
export interface SurfacePoint {
  x: number;
  y: number;
  /** Which path it belongs to. */
  path: string;
}

/** How a surface is drawn. */
export interface SurfaceOptions extends Omit<FrameOptions, "bounds"> {
  /** Name of the height on the colour scale ("height"). */
  title?: string;
  /** Colours and contours by ratios instead of differences; heights must then be positive. */
  log?: boolean;
  /** About how many contour lines (12); 0 for none. */
  contours?: number;
  /** Paths in the order of their points; the name of each stands at its first point (circle), a cross at its last. */
  paths?: readonly SurfacePoint[];
}

/** Bright on the dark half of viridis and told apart with any common colour blindness; names stand at the starts. */
const pathColours = ["#ff9a3c", "#8fe9ff", "#ff6fa8", "#ffffff"];
const dark = "#20102e";

function checkHeights({ columns, rows, values }: Heights, log: boolean): void {
  if (!(columns >= 2 && rows >= 2) || values.length !== columns * rows) {
    throw new Error(
      `surface: ${values.length} values do not fill a grid of ${columns} x ${rows} (at least 2 x 2)`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]) || (log && !(values[i] > 0))) {
      const need = log ? "a positive number, as the scale is logarithmic" : "finite";
      throw new Error(`surface: values[${i}] is ${values[i]}; it must be ${need}`);
    }
  }
}

/** The height between grid points, by bilinear interpolation; u and v run from 0 to 1. */
function sampler({ columns, rows, values }: Heights): (u: number, v: number) => number {
  return (u, v) => {
    const [x, y] = [u * (columns - 1), v * (rows - 1)];
    const [c, r] = [Math.min(columns - 2, Math.floor(x)), Math.min(rows - 2, Math.floor(y))];
    const [s, t] = [x - c, y - r];
    const at = r * columns + c;
    const low = values[at] * (1 - s) + values[at + 1] * s;
    const high = values[at + columns] * (1 - s) + values[at + columns + 1] * s;
    return low * (1 - t) + high * t;
  };
}

/** The layers of the paths: each line with a dark rim, so that it is seen on every height. */
function pathLayers(paths: readonly SurfacePoint[], middle: number): object[] {
  const names = [...new Set(paths.map(({ path }) => path))];
  const values = names.flatMap((name) =>
    paths
      .filter(({ path }) => path === name)
      .map((point, step, own) => ({
        ...point,
        step,
        end: step === 0 ? "first" : step === own.length - 1 ? "last" : "",
      })),
  );
  const position = { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } };
  const order = {
    order: { field: "step", type: "quantitative" },
    detail: { field: "path", type: "nominal" },
  };
  const colour = {
    stroke: {
      field: "path",
      type: "nominal",
      legend: null,
      scale: { domain: names, range: names.map((_, i) => pathColours[i % pathColours.length]) },
    },
  };
  const line = (width: number, encoding: object, color?: string) => ({
    data: { values },
    mark: { type: "line", strokeWidth: width, clip: true, strokeJoin: "round", ...(color ? { color } : {}) },
    encoding: { ...position, ...order, ...encoding },
  });
  const ends = (end: string, shape: string, size: number) => ({
    data: { values: values.filter((point) => point.end === end) },
    mark: { type: "point", size, filled: true, fill: dark, strokeWidth: 2.5, opacity: 1, clip: true },
    encoding: { ...position, ...colour, shape: { value: shape } },
  });
  // A name reaches into the picture from its start, dark letters' rim under light letters.
  const name = (right: boolean, mark: object) => ({
    data: { values: values.filter(({ end, x }) => end === "first" && right === x > middle) },
    mark: { type: "text", align: right ? "right" : "left", dx: right ? -11 : 11, fontSize: 12, ...mark },
    encoding: { ...position, text: { field: "path" } },
  });
  const rim = { stroke: dark, strokeWidth: 3.5, strokeJoin: "round", aria: false };
  return [
    line(5, {}, dark),
    line(2.4, { ...colour, strokeDash: { value: [1, 0] } }),
    ends("last", "cross", 150),
    ends("first", "circle", 110),
    ...[false, true].flatMap((right) => [name(right, rim), name(right, { color: "#f4f0ff" })]),
  ];
}

/**
 * A function of two variables seen from above: height as colour with contour lines, and paths over it.
 *
 * @param heights the function on a grid
 * @param options titles, scale, contours, paths, width of the plot in pixels
 * @returns Vega-Lite specification for `chart`
 * @throws Error when the values do not fill the grid, or one cannot be shown on the scale
 * @example
 * chart(surface(experiments.costSurface(data, [-1, -2], [3, 2]), { title: "cost", log: true }), { caption: "A valley." });
 */
export function surface(heights: Heights, options: SurfaceOptions = {}): object {
  const { log = false, contours = 12, title = "height", paths = [] } = options;
  checkHeights(heights, log);
  const scaled = log ? { ...heights, values: Array.from(heights.values, Math.log) } : heights;
  const range = Array.from(scaled.values).reduce(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
  const extent = range[1] - range[0] || 1;
  const height = sampler(scaled);
  const bounds = { lo: heights.lo, hi: heights.hi };
  const raster = rasterFor(bounds, options.size ?? 420);
  const { width, height: tall } = raster;
  const colours = schemeColours("viridis");
  const share = (column: number, row: number) =>
    (height((column + 0.5) / width, 1 - (row + 0.5) / tall) - range[0]) / extent;
  const bands = Math.max(1, contours) * Math.ceil(48 / Math.max(1, contours));
  const level = (t: number) => Math.floor(t * contours);
  const pixels = new Uint8Array(4 * width * tall);
  for (let row = 0, at = 0; row < tall; row++) {
    for (let column = 0; column < width; column++, at += 4) {
      const t = share(column, row);
      const crossed =
        contours > 0 &&
        (level(share(Math.min(width - 1, column + 1), row)) !== level(t) ||
          level(share(column, Math.min(tall - 1, row + 1))) !== level(t));
      // Bands of one colour make a PNG a third as large; steps this small are not seen.
      const band = (Math.floor(bands * Math.max(0, Math.min(0.9999, t))) + 0.5) / bands;
      const colour = shade(colours[Math.round(255 * band)], crossed ? 0.6 : 1);
      pixels.set([colour >> 16, (colour >> 8) & 255, colour & 255, 255], at);
    }
  }
  const domain = log ? range.map(Math.exp) : range;
  const legend = {
    data: { values: domain.map((value) => ({ value })) },
    mark: { type: "square", opacity: 0, size: 0 },
    encoding: {
      color: {
        field: "value",
        type: "quantitative",
        title,
        scale: {
          type: log ? "log" : "linear",
          domain,
          scheme: "viridis",
          nice: false,
          ...(log ? {} : { zero: false }),
        },
      },
    },
  };
  const size = plotSize(raster);
  const description = `${title} over a plane, between ${domain.map((v) => v.toPrecision(3)).join(" and ")}`;
  const drawn = paths.length > 0 ? pathLayers(paths, (heights.lo[0] + heights.hi[0]) / 2) : [];
  return { ...size, description, layer: [imageLayer(raster, pixels, options), legend, ...drawn] };
}
