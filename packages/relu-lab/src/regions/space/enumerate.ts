import type { ReluNetwork } from "../../network";
import { startClock } from "../walk/clock";
import { chooseThreads } from "../walk/threads";
import { checkBox, type Bounds } from "./box";
import { countOf } from "./count";
import { walkOf, type SpaceWalk } from "./engine";
import { linearSpace } from "./linear";
import { neighboursOf } from "./neighbours";
import { mergeKept, type Kept } from "./records";
import { shareHere, sharesOn } from "./run";
import type { TaskShare } from "./task";
import type { SpaceBox, SpaceEnumerateOptions, SpaceRegions } from "./types";

/** The box as the one region of a network without hidden neurons. */
function wholeBox(bounds: Bounds): TaskShare {
  const corners = Array.from({ length: 8 }, (_, v) => [0, 1, 2].map((k) => bounds[(v >> k) & 1 ? k + 3 : k]));
  const edges = corners.flatMap((_, v) =>
    [0, 1, 2]
      .filter((axis) => !((v >> axis) & 1))
      .map((axis) => {
        const facets = [0, 1, 2].filter((k) => k !== axis).map((k) => -1 - (2 * k + ((v >> k) & 1)));
        return [v, v | (1 << axis), ...facets];
      }),
  );
  const kept: Kept = {
    volumes: Float64Array.of((bounds[3] - bounds[0]) * (bounds[4] - bounds[1]) * (bounds[5] - bounds[2])),
    patterns: new Uint32Array(0),
    counts: Int32Array.of(8, 12),
    vertices: Float64Array.from(corners.flat()),
    edges: Int32Array.from(edges.flat()),
    subtrees: [0],
    starts: [0],
  };
  return { regions: 1, cells: [], fallbacks: 0, complete: true, kept };
}

/** Neighbours are found from the polyhedra, so these are kept until then. */
const needsShapes = (options: SpaceEnumerateOptions): boolean =>
  Boolean(options.shapes || options.neighbours || options.linear);

function regionsOf(
  network: ReluNetwork,
  walk: SpaceWalk,
  shares: readonly TaskShare[],
  options: SpaceEnumerateOptions,
): Omit<SpaceRegions, "seconds"> {
  const neurons = walk.hidden.reduce((sum, layer) => sum + layer.outputs, 0);
  const patternWords = Math.ceil(neurons / 32);
  const merged = mergeKept(
    walk,
    shares.flatMap((share) => share.kept ?? []),
    patternWords,
  );
  const count = countOf(walk, shares);
  const found = { ...count, count: count.regions, ...merged, patternWords };
  const neighbours = (options.neighbours ?? options.linear) ? neighboursOf(network, found) : undefined;
  const linear = options.linear && neighbours ? linearSpace(network, found, neighbours) : undefined;
  let distinct: number | undefined;
  return {
    ...found,
    shapes: options.shapes ? found.shapes : undefined,
    neighbours,
    linearRegion: linear?.linearRegion,
    linearRegions: linear?.linearRegions,
    get distinctMaps() {
      return (distinct ??= linear?.countDistinctMaps());
    },
  };
}

/**
 * {@link space} in this thread.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param box lowest and highest corner, in input units
 * @param options `shapes`, `neighbours`, `linear`; `certified`, `maximumRegions`, `onProgress`
 * @returns flat arrays, see {@link SpaceRegions}
 * @throws RangeError or TypeError naming what is wrong with the box, the network or the options
 * @example
 * spaceSync(network, { lo: [-1, -1, -1], hi: [1, 1, 1] }).volumes;
 */
export function spaceSync(
  network: ReluNetwork,
  box: SpaceBox,
  options: SpaceEnumerateOptions = {},
): SpaceRegions {
  const timed = startClock();
  const bounds = checkBox(box, network.inputs);
  const walk = walkOf(network, bounds, { ...options, enumerate: true, shapes: needsShapes(options) });
  const share = walk.hidden.length === 0 ? wholeBox(bounds) : shareHere(walk, options);
  return timed(regionsOf(network, walk, [share], options));
}

/**
 * Every activation region of a network with three inputs in a box: volumes, patterns, and if asked for the polyhedra,
 * the pairs of neighbours, and the linear regions.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param box lowest and highest corner, in input units
 * @param options `shapes`, `neighbours`, `linear`; `workers`, `certified`, `maximumRegions`, `onProgress`, `signal`
 * @returns flat arrays, see {@link SpaceRegions}; the same bytes for any number of workers
 * @throws RangeError or TypeError naming what is wrong with the box, the network or the options; the signal's reason when
 *   aborted; what `onProgress` throws
 * @example
 * const { volumes, linearRegions } = await space(network, { lo: [-1, -1, -1], hi: [1, 1, 1] }, { linear: true });
 */
export async function space(
  network: ReluNetwork,
  box: SpaceBox,
  options: SpaceEnumerateOptions = {},
): Promise<SpaceRegions> {
  const timed = startClock();
  const threads = await chooseThreads(options);
  const onWorkers = threads !== undefined;
  const bounds = checkBox(box, network.inputs);
  const shapes = needsShapes(options);
  const walk = walkOf(network, bounds, { ...options, onWorkers, enumerate: true, shapes });
  const shares =
    walk.hidden.length === 0
      ? [wholeBox(bounds)]
      : onWorkers
        ? await sharesOn(walk, threads, options)
        : [shareHere(walk, options)];
  return timed(regionsOf(network, walk, shares, options));
}
