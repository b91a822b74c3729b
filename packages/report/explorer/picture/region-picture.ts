import { Raster } from "relu-lab/pictures/raster";
import { ReluNetwork } from "relu-lab/network";
import type { PlaneRegions } from "relu-lab/regions/plane";
import { classWord, lineWord, outputWord, patternWord, rampWord } from "./colours";
import { findAll, findQuickly, type Found } from "./found";
import { pointedAt } from "./point";
import type { Colouring, Look, Picture, PictureRequest, PointedAt } from "./types";

/** Larger pictures are for screens whose pixels are too small to see steps. */
const mostOversampled = 700;

const sameFrame = (a: Look["view"], b: Look["view"]): boolean =>
  [0, 1].every((k) => a.lo[k] === b.lo[k] && a.hi[k] === b.hi[k]);

/** Lines between more regions than these would cover them. */
const mostOutlined = 4000;

/** The picture of a plane's regions, kept for questions about its points. */
export class RegionPicture {
  private network: ReluNetwork | undefined;
  private raster: Raster | undefined;
  private regions: PlaneRegions | undefined;

  /** Counts every region and draws it. */
  draw({ layers, domain, pixels, ...look }: PictureRequest): Picture {
    const start = performance.now();
    if (layers) this.network = ReluNetwork.of(layers);
    if (!this.network) throw new Error("a first picture needs a network");
    const raster = this.rasterOf(look);
    const found = look.fine
      ? findAll(this.network, domain, raster)
      : findQuickly(this.network, domain, raster, look.colouring !== "pattern");
    const counting = performance.now() - start - found.filling;
    const drawn = paint(raster, found, look.colouring, pixels);
    [this.raster, this.regions] = [raster, found.regions];
    return {
      pixels: drawn,
      size: look.size,
      regions: found.count,
      cellsAfterEachLayer: found.cellsAfterEachLayer,
      linearRegions: found.regions?.linearRegions,
      certified: found.certified,
      counting,
      drawing: performance.now() - start - counting,
    };
  }

  /** The last raster again where it fits: a frame should not leave megabytes behind. */
  private rasterOf({ size, view, fine }: Look): Raster {
    const oversampling = fine && size <= mostOversampled ? 2 : 1;
    const { raster } = this;
    if (raster?.width !== size || raster.oversampling !== oversampling || !sameFrame(raster.frame, view))
      return new Raster(size, size, view, oversampling);
    raster.polygonAt.fill(-1);
    return raster;
  }

  /** What lies under a pixel; null outside of the domain, and while the picture moves. */
  at(column: number, row: number): PointedAt | null {
    const { raster, regions } = this;
    if (!raster || !regions) return null;
    const { width, oversampling, frame } = raster;
    if (!(column >= 0 && column < width && row >= 0 && row < width)) return null;
    const sample = (pixel: number) => Math.floor(pixel * oversampling);
    const region = raster.polygonAt[sample(row) * raster.columns + sample(column)];
    if (region < 0) return null;
    const x = frame.lo[0] + (column / width) * (frame.hi[0] - frame.lo[0]);
    const y = frame.hi[1] - (row / width) * (frame.hi[1] - frame.lo[1]);
    return pointedAt(regions, region, x, y);
  }
}

/** The colour of each region. */
function wordsOf({ count, maps, outputs, patternHash }: Found, colouring: Colouring): Uint32Array {
  const words = new Uint32Array(count);
  if (colouring === "pattern") {
    for (let r = 0; r < count; r++) words[r] = patternWord(patternHash[4 * r]);
    return words;
  }
  const lengths = new Float64Array(count);
  for (let r = 0; r < count; r++) lengths[r] = Math.hypot(maps[3 * r * outputs], maps[3 * r * outputs + 1]);
  // The steepest hundredth may be of another size than all the rest: it gets the last colour.
  const most = lengths.slice().sort()[Math.floor(0.99 * (count - 1))] || 1;
  for (let r = 0; r < count; r++) words[r] = rampWord(lengths[r] / most);
  return words;
}

/** Colours the samples by what the network says there: one output by its value, several by the largest. */
function colourOutputs(
  { frame, columns, rows, polygonAt }: Raster,
  { maps, outputs }: Found,
  samples: Uint32Array,
): void {
  const [width, height] = [frame.hi[0] - frame.lo[0], frame.hi[1] - frame.lo[1]];
  for (let row = 0, at = 0; row < rows; row++) {
    const y = frame.hi[1] - ((row + 0.5) / rows) * height;
    for (let column = 0; column < columns; column++, at++) {
      if (polygonAt[at] < 0) continue;
      const x = frame.lo[0] + ((column + 0.5) / columns) * width;
      let [best, largest] = [0, -Infinity];
      for (let k = 0, m = 3 * polygonAt[at] * outputs; k < outputs; k++, m += 3) {
        const value = maps[m] * x + maps[m + 1] * y + maps[m + 2];
        if (value > largest) [best, largest] = [k, value];
      }
      samples[at] = outputs === 1 ? outputWord(largest) : classWord(best);
    }
  }
}

/**
 * Colours the samples, a line wherever two regions meet, and averages them into pixels: as `Raster.paint`, for words of an
 * image's memory and without a list of lines, several times as fast.
 */
function paint(raster: Raster, found: Found, colouring: Colouring, into?: ArrayBuffer): ArrayBuffer {
  const { width, height, columns, rows, oversampling, polygonAt } = raster;
  const buffer = into?.byteLength === 4 * width * height ? into : new ArrayBuffer(4 * width * height);
  const samples = oversampling === 1 ? new Uint32Array(buffer) : new Uint32Array(columns * rows);
  if (colouring === "output") colourOutputs(raster, found, samples);
  else {
    const words = wordsOf(found, colouring);
    for (let at = 0; at < samples.length; at++) samples[at] = polygonAt[at] < 0 ? 0 : words[polygonAt[at]];
  }
  if (found.count <= mostOutlined) outline(raster, samples);
  if (oversampling === 2) halve(samples, columns, new Uint32Array(buffer));
  return buffer;
}

/** Draws a line wherever a sample and the next one, to the right or below, are of two regions. */
function outline({ columns, rows, polygonAt }: Raster, samples: Uint32Array): void {
  for (let row = 0, at = 0; row < rows; row++) {
    const below = row + 1 < rows ? columns : 0;
    for (let column = 1; column < columns; column++, at++) {
      const region = polygonAt[at];
      if (polygonAt[at + 1] !== region || polygonAt[at + below] !== region) samples[at] = lineWord;
    }
    at++; // nothing is to the right of the last one
  }
}

/** Each pixel the mean of four samples, byte by byte. */
function halve(samples: Uint32Array, columns: number, pixels: Uint32Array): void {
  const width = columns / 2;
  for (let at = 0, pixel = 0; pixel < pixels.length; at += columns) {
    for (const end = pixel + width; pixel < end; pixel++, at += 2) {
      const [a, b, c, d] = [samples[at], samples[at + 1], samples[at + columns], samples[at + columns + 1]];
      const even = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff);
      const odd =
        ((a >>> 8) & 0xff00ff) + ((b >>> 8) & 0xff00ff) + ((c >>> 8) & 0xff00ff) + ((d >>> 8) & 0xff00ff);
      pixels[pixel] = ((even >>> 2) & 0xff00ff) | (((odd >>> 2) & 0xff00ff) << 8);
    }
  }
}
