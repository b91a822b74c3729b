import { palettePng } from "./palette-png";

/** One small picture and its place in a grid. */
export interface Picture {
  /** Row after row, 0 white. */
  pixels: ArrayLike<number>;
  /** Row of the grid; with `column`, the grid gets axes. */
  row?: number | string;
  /** Column of the grid. */
  column?: number | string;
  /** A few words below the picture, where the grid has no axes. */
  label?: string;
  /** Its own width in its own pixels, where it differs from the others'. */
  columns?: number;
}

/** How a grid of pictures looks. */
export interface ImageGridOptions {
  /** Width of each picture in its own pixels. */
  columns: number;
  /** Title of the axis along the top: what the columns of the grid are. */
  across?: string;
  /** Title of the axis along the side: what the rows of the grid are. */
  down?: string;
  /** The numbers have signs: blue below zero, white zero, vermillion above. */
  signed?: boolean;
  /** How many pictures stand in a row of a grid without axes (10). */
  perRow?: number;
  /** Side of a picture on the page in pixels (46). */
  size?: number;
}

const dataUri = (png: Uint8Array) => `data:image/png;base64,${Buffer.from(png).toString("base64")}`;

/**
 * A grid of small pictures, as a specification for `chart`.
 *
 * @param pictures with `row` and `column` each (a grid with axes), or without (filled line by line, labels below)
 * @param options the pictures' width, titles of the axes, signs, sizes
 * @returns a Vega-Lite specification with the pictures inline
 * @throws RangeError when there is no picture, or one is not a rectangle of that width
 * @example
 * chart(imageGrid(samples, { columns: 28, across: "example", down: "digit" }), { alt: "Handwritten digits" });
 */
export function imageGrid(pictures: Picture[], options: ImageGridOptions): object {
  const { columns, across, down, signed = false, perRow = 10, size = 46 } = options;
  if (pictures.length === 0) throw new RangeError("imageGrid: there is no picture; give at least one");
  const placed = pictures.every(({ row, column }) => row !== undefined && column !== undefined);
  const values = pictures.map(({ pixels, row, column, label, columns: own = columns }, i) => ({
    picture: dataUri(palettePng(pixels, own, { signed })),
    row: placed ? row : Math.floor(i / perRow),
    column: placed ? column : i % perRow,
    label: label ?? "",
  }));
  const hidden = { labels: false, ticks: false, domain: false, title: null };
  const quiet = { ticks: false, domain: false, labelAngle: 0, grid: false };
  const axis = (title: string | undefined, orient: string) =>
    placed ? { ...quiet, orient, title: title ?? null } : hidden;
  const labelled = values.some(({ label }) => label !== "");
  const gap = labelled && !placed ? 20 : 4;
  const x = { field: "column", type: "ordinal", sort: null, axis: axis(across, "top") };
  const y = { field: "row", type: "ordinal", sort: null, axis: axis(down, "left") };
  const image = {
    mark: { type: "image", width: size, height: size, smooth: false, aria: false },
    encoding: { x, y, url: { field: "picture", type: "nominal" } },
  };
  const text = {
    // Said, though it is the default: a page in dark colours exchanges only the black that is written.
    mark: { type: "text", dy: size / 2 + 8, fontSize: 11, color: "#000000" },
    encoding: { x, y, text: { field: "label", type: "nominal" } },
  };
  return {
    data: { values },
    width: { step: size + 4 },
    height: { step: size + gap },
    layer: labelled && !placed ? [image, text] : [image],
  };
}
