import type { ReluNetwork } from "../../network";
import { threadCount } from "../../workers";
import { checkBox, type Bounds } from "./box";
import { countOf } from "./count";
import { walkOf, type SpaceWalk } from "./engine";
import { runShares } from "./pool";
import { mergeKept, type Kept } from "./records";
import { CLAIM_WORDS, shareOf, type TaskShare } from "./task";
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
  return { regions: 1, cells: [], fallbacks: 0, kept };
}

function regionsOf(walk: SpaceWalk, shares: readonly TaskShare[], start: number): SpaceRegions {
  const neurons = walk.hidden.reduce((sum, layer) => sum + layer.outputs, 0);
  const patternWords = Math.ceil(neurons / 32);
  const merged = mergeKept(
    walk,
    shares.flatMap((share) => share.kept ?? []),
    patternWords,
  );
  const count = countOf(walk, shares, (performance.now() - start) / 1000);
  return { ...count, count: count.regions, ...merged, patternWords };
}

/** {@link space} in this thread. */
export function spaceSync(
  network: ReluNetwork,
  box: SpaceBox,
  options: SpaceEnumerateOptions = {},
): SpaceRegions {
  const start = performance.now();
  const bounds = checkBox(box, network.inputs);
  const walk = walkOf(network, bounds, options.certified ?? true, true, options.shapes ?? false);
  const share =
    walk.hidden.length === 0 ? wholeBox(bounds) : shareOf({ walk, claims: new Int32Array(CLAIM_WORDS) }, 0);
  return regionsOf(walk, [share], start);
}

/**
 * Every activation region of a network with three inputs in a box: volumes, patterns, and the polyhedra if asked for.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param box lowest and highest corner, in input units
 * @param options `shapes` to keep corners and edges; `workers`, `certified`
 * @returns flat arrays, see {@link SpaceRegions}; the same bytes for any number of workers
 * @throws RangeError or TypeError naming what is wrong with the box, the network or the number of workers
 * @example
 * const { volumes, patterns } = await space(network, { lo: [-1, -1, -1], hi: [1, 1, 1] });
 */
export async function space(
  network: ReluNetwork,
  box: SpaceBox,
  options: SpaceEnumerateOptions = {},
): Promise<SpaceRegions> {
  const start = performance.now();
  const workers = await threadCount(options.workers);
  const bounds = checkBox(box, network.inputs);
  const walk = walkOf(network, bounds, options.certified ?? true, true, options.shapes ?? false);
  const shares = walk.hidden.length === 0 ? [wholeBox(bounds)] : await runShares(walk, workers);
  return regionsOf(walk, shares, start);
}
