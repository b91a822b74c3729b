import type { LabelledImages } from "../../datasets";
import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { distance, segment } from "../../regions";
import { countTriangle } from "../rows/triangle";
import { countLine, countSquare } from "./whole-space";

/** How many of each kind are laid through a network. */
export interface ProbeNumbers {
  /** Lines through the origin and an image, and as many through an image in a random direction. */
  readonly lines: number;
  /** Segments from image to image. */
  readonly segments: number;
  /** Planes through the origin and two images. */
  readonly planes: number;
  /** Triangles of three images. */
  readonly triangles: number;
  /** Images whose distance to the nearest boundary is measured. */
  readonly points: number;
}

/** Where a network is looked at: images in units of pixels / 255. */
export interface Probes {
  readonly dataLines: readonly Float64Array[];
  readonly randomLines: readonly { through: Float64Array; direction: Float64Array }[];
  readonly segments: readonly [Float64Array, Float64Array][];
  readonly planes: readonly [Float64Array, Float64Array][];
  readonly triangles: readonly [Float64Array, Float64Array, Float64Array][];
  readonly points: readonly Float64Array[];
}

/** What is measured of a network, normalised by its number N of hidden neurons. */
export interface PracticeMeasures {
  /** Activation intervals on lines through the origin and an image, divided by N. */
  readonly "data line": number;
  /** The same on lines through an image in a random direction. */
  readonly "random line": number;
  /** On segments between two images, divided by N. */
  readonly segment: number;
  /** Activation regions on planes through the origin and two images, divided by N^2. */
  readonly plane: number;
  /** In triangles of three images, divided by N^2. */
  readonly triangle: number;
  /** Mean distance of an image to the boundary of its region, times N. */
  readonly distance: number;
  /** Length of the outputs' path along a segment, divided by the segment's length. */
  readonly stretch: number;
}

/** Lines and squares reach this many lengths of an image from the origin: beyond, next to nothing changes sign. */
const reach = 1000;

/**
 * Draws lines, segments, planes, triangles and points through random training images.
 *
 * @param set images
 * @param numbers how many of each
 * @param random which images and directions
 * @returns the probes
 */
export function drawProbes(set: LabelledImages, numbers: ProbeNumbers, random: Generator): Probes {
  const pixels = set.images.length / set.count;
  const some = <T>(
    name: keyof Probes,
    count: number,
    one: (images: () => Float64Array, g: Generator) => T,
  ) => {
    const g = random.split(name);
    return Array.from({ length: count }, () => {
      const taken = new Set<number>(); // the images of one probe are different ones
      const image = () => {
        let i = g.integer(set.count);
        while (taken.has(i)) i = g.integer(set.count);
        taken.add(i);
        return Float64Array.from(set.images.subarray(i * pixels, (i + 1) * pixels), (byte) => byte / 255);
      };
      return one(image, g);
    });
  };
  return {
    dataLines: some("dataLines", numbers.lines, (image) => image()),
    randomLines: some("randomLines", numbers.lines, (image, g) => {
      const through = image();
      const direction = through.map(() => g.normal());
      const scale = length(through) / length(direction);
      return { through, direction: direction.map((d) => d * scale) };
    }),
    segments: some("segments", numbers.segments, (image) => [image(), image()]),
    planes: some("planes", numbers.planes, (image) => [image(), image()]),
    triangles: some("triangles", numbers.triangles, (image) => [image(), image(), image()]),
    points: some("points", numbers.points, (image) => image()),
  };
}

const length = (v: Float64Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const difference = (a: Float64Array, b: Float64Array) => a.map((x, i) => x - b[i]);

/** The mean over probes; 0 probes give NaN, which no row keeps. */
function mean<T>(probes: readonly T[], value: (probe: T) => number): number {
  return probes.reduce((sum, probe) => sum + value(probe), 0) / probes.length;
}

/**
 * Measures one network at the probes. Every count is exact.
 *
 * @param network a classifier of images
 * @param probes from {@link drawProbes}
 * @returns means over the probes, normalised; NaN for a kind of which there is none
 */
export function measure(network: ReluNetwork, probes: Probes): PracticeMeasures {
  const N = network.neurons;
  const zero = new Float64Array(network.inputs);
  const walked = probes.segments.map(([a, b]) => ({
    found: segment(network, a, b, { outputs: "all" }),
    distance: length(difference(b, a)),
  }));
  const { distances } = distance(network, probes.points);
  return {
    "data line": mean(probes.dataLines, (image) => countLine(network, zero, image, reach)) / N,
    "random line": mean(probes.randomLines, (l) => countLine(network, l.through, l.direction, reach)) / N,
    segment: mean(walked, ({ found }) => found.acts) / N,
    plane: mean(probes.planes, (images) => countSquare(network, zero, images, reach)) / N ** 2,
    triangle: mean(probes.triangles, (corners) => countTriangle(network, corners)) / N ** 2,
    distance: mean([...distances], (d) => d) * N,
    stretch: mean(walked, ({ found, distance: long }) => pathLength(found, network.outputs) / long),
  };
}

/** Length of the outputs' path over t in [0, 1]: the speed is constant on each piece. */
function pathLength(
  { knots, slopes }: { knots: Float64Array; slopes: Float64Array },
  outputs: number,
): number {
  let total = 0;
  for (let i = 0; i + 1 < knots.length; i++) {
    total += (knots[i + 1] - knots[i]) * length(slopes.subarray(i * outputs, (i + 1) * outputs));
  }
  return total;
}
