/** Polygons in flat arrays: corner i is (vertices[2 i], vertices[2 i + 1]); polygon r has corners offsets[r] to offsets[r + 1] - 1. */
export interface Polygons {
  readonly vertices: Float64Array;
  readonly offsets: Uint32Array;
}

/** A rectangle of the plane. */
export interface Rectangle {
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

/**
 * A picture as samples, `oversampling` x `oversampling` to a pixel. Each sample knows the polygon that covers it and
 * the line that crosses it; colours come later, so that one raster serves flat colours and shaded reliefs alike.
 */
export class Raster {
  /** Samples a row and a column. */
  readonly columns: number;
  readonly rows: number;
  /** Polygon at each sample, row by row from the top; -1 where there is none. */
  readonly polygonAt: Int32Array;
  /** Number of the line at each sample; 0 where there is none. */
  readonly lineAt: Uint8Array;

  /**
   * @param width in pixels
   * @param height in pixels
   * @param frame the part of the plane that is seen
   * @param oversampling samples to a pixel in each direction
   */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly frame: Rectangle,
    readonly oversampling = 2,
  ) {
    this.columns = width * oversampling;
    this.rows = height * oversampling;
    this.polygonAt = new Int32Array(this.columns * this.rows).fill(-1);
    this.lineAt = new Uint8Array(this.columns * this.rows);
  }

  /** Column of a coordinate, in samples. */
  column(x: number): number {
    const { lo, hi } = this.frame;
    return ((x - lo[0]) / (hi[0] - lo[0])) * this.columns;
  }

  /** Row of a coordinate, in samples; the first row is the top one. */
  row(y: number): number {
    const { lo, hi } = this.frame;
    return ((hi[1] - y) / (hi[1] - lo[1])) * this.rows;
  }

  /**
   * Gives every sample whose centre lies in a convex polygon that polygon's number; time is linear in the samples.
   *
   * @param polygons the polygons
   * @param start number of the first one, when others came before
   */
  fill(polygons: Polygons, start = 0): void {
    const { vertices, offsets } = polygons;
    const { columns, rows, polygonAt } = this;
    const left = new Float64Array(rows).fill(Infinity);
    const right = new Float64Array(rows).fill(-Infinity);
    for (let r = 0; r + 1 < offsets.length; r++) {
      let top = rows;
      let bottom = 0;
      const end = offsets[r + 1];
      for (let i = offsets[r]; i < end; i++) {
        const j = i + 1 < end ? i + 1 : offsets[r];
        const [x0, y0] = [this.column(vertices[2 * i]), this.row(vertices[2 * i + 1])];
        const [x1, y1] = [this.column(vertices[2 * j]), this.row(vertices[2 * j + 1])];
        // Half-open in both directions: a sample on a common edge belongs to one polygon, never to none.
        const first = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
        const last = Math.min(rows, Math.ceil(Math.max(y0, y1) - 0.5));
        for (let row = first; row < last; row++) {
          const x = x0 + ((row + 0.5 - y0) * (x1 - x0)) / (y1 - y0);
          if (x < left[row]) left[row] = x;
          if (x > right[row]) right[row] = x;
        }
        if (first < top) top = first;
        if (last > bottom) bottom = last;
      }
      for (let row = top; row < bottom; row++) {
        const from = Math.max(0, Math.ceil(left[row] - 0.5));
        const to = Math.min(columns, Math.ceil(right[row] - 0.5));
        if (from < to) polygonAt.fill(start + r, row * columns + from, row * columns + to);
        left[row] = Infinity;
        right[row] = -Infinity;
      }
    }
  }

  /**
   * Draws a straight line over what is there.
   *
   * @param line its number, 1 to 255
   * @param thickness in pixels
   */
  stroke(x0: number, y0: number, x1: number, y1: number, line: number, thickness: number): void {
    const { columns, rows, lineAt } = this;
    const from = [this.column(x0), this.row(y0)];
    const to = [this.column(x1), this.row(y1)];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    if (length === 0) return;
    const steep = Math.abs(dy) > Math.abs(dx) ? 1 : 0;
    const limits = [columns, rows];
    if (from[steep] > to[steep]) from.splice(0, 2, ...to.splice(0, 2, ...from));
    const slope = (to[1 - steep] - from[1 - steep]) / (to[steep] - from[steep]);
    // Across the line's main direction it is wider than it is thick.
    const half = (thickness * this.oversampling * length) / Math.max(Math.abs(dx), Math.abs(dy)) / 2;
    const first = Math.max(0, Math.ceil(from[steep] - 0.5));
    const last = Math.min(limits[steep], Math.ceil(to[steep] - 0.5));
    for (let a = first; a < last; a++) {
      const centre = from[1 - steep] + (a + 0.5 - from[steep]) * slope;
      const low = Math.max(0, Math.ceil(centre - half - 0.5));
      const high = Math.min(limits[1 - steep], Math.ceil(centre + half - 0.5));
      for (let b = low; b < high; b++) lineAt[steep ? a * columns + b : b * columns + a] = line;
    }
  }

  /**
   * Colours the samples and averages them into pixels.
   *
   * @param colourOf colour of a polygon at a sample, as 0xrrggbb
   * @param lineColours colours of the lines, line 1 first
   * @returns red, green, blue, alpha of each pixel, row by row from the top; transparent where nothing is
   */
  paint(
    colourOf: (polygon: number, column: number, row: number) => number,
    lineColours: readonly number[],
  ): Uint8Array {
    const { width, height, columns, oversampling, polygonAt, lineAt } = this;
    const pixels = new Uint8Array(4 * width * height);
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at += 4) {
        let [red, green, blue, covered] = [0, 0, 0, 0];
        for (let row = y * oversampling; row < (y + 1) * oversampling; row++) {
          for (let column = x * oversampling; column < (x + 1) * oversampling; column++) {
            const sample = row * columns + column;
            const line = lineAt[sample];
            const polygon = polygonAt[sample];
            if (line === 0 && polygon < 0) continue;
            const colour = line > 0 ? lineColours[line - 1] : colourOf(polygon, column, row);
            red += colour >> 16;
            green += (colour >> 8) & 255;
            blue += colour & 255;
            covered++;
          }
        }
        if (covered === 0) continue;
        pixels[at] = Math.round(red / covered);
        pixels[at + 1] = Math.round(green / covered);
        pixels[at + 2] = Math.round(blue / covered);
        pixels[at + 3] = Math.round((255 * covered) / oversampling ** 2);
      }
    }
    return pixels;
  }
}
