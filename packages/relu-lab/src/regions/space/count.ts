import type { ReluNetwork } from "../../network";
import { startClock } from "../walk/clock";
import { sumOf, type WalkShare } from "../walk/count";
import { chooseThreads } from "../walk/threads";
import { checkBox } from "./box";
import { walkOf, type SpaceWalk } from "./engine";
import { countHere, sharesOn } from "./run";
import { countCells, countCellsSync, type CellsDomain } from "../cells";
import type { SpaceBox, SpaceCount, SpaceOptions } from "./types";

/** A walk's shares as one count, which the walk's clock has still to time. */
export function countOf(walk: SpaceWalk, shares: readonly WalkShare[]): Omit<SpaceCount, "seconds"> {
  const count = sumOf(shares, walk.certified);
  // Layers without a ReLU have no cells of their own.
  const cellsAfterEachLayer = count.cellsAfterEachLayer.filter((_, l) => walk.hidden[l].slope !== 1);
  return { ...count, cellsAfterEachLayer };
}

/** The box of a network with three inputs, for which the engine of three dimensions is there. */
function boxOfThree(network: ReluNetwork, domain: CellsDomain): SpaceBox | undefined {
  const { type, directions } = (domain ?? {}) as { type?: unknown; directions?: unknown };
  return network.inputs === 3 && type !== "whole" && directions === undefined
    ? (domain as SpaceBox)
    : undefined;
}

/** The one share of a network without hidden neurons: the box is one region. */
const oneRegion: WalkShare = { regions: 1, cells: [], fallbacks: 0, complete: true };

/**
 * Counts the activation regions of a network in up to eight dimensions, in this thread, keeping nothing.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box (lowest and highest corner, in input units), a slice (`origin`, `directions`, `bounds`), or
 *   `{ type: "whole" }`
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain or the network
 * @example
 * countSpaceSync(heNetwork([3, 32, 32, 1], generator(0), 0.1), { lo: [-1, -1, -1], hi: [1, 1, 1] }).regions;
 */
export function countSpaceSync(
  network: ReluNetwork,
  domain: CellsDomain,
  options: SpaceOptions = {},
): SpaceCount {
  const box = boxOfThree(network, domain);
  if (!box) return countCellsSync(network, domain, options);
  const timed = startClock();
  const walk = walkOf(network, checkBox(box, network.inputs), options);
  const share = walk.hidden.length === 0 ? oneRegion : countHere(walk, options);
  return timed(countOf(walk, [share]));
}

/**
 * Counts the activation regions of a network in up to eight dimensions, on several threads, keeping nothing.
 * The count does not depend on the number of threads.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box (lowest and highest corner, in input units), a slice (`origin`, `directions`, `bounds`), or
 *   `{ type: "whole" }`
 * @param options `workers`, `certified`, `maximumRegions`, `onProgress`, `signal`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain, the network or the options; the signal's reason when
 *   aborted; what `onProgress` throws
 * @example
 * (await countSpace(network, { lo: [-1, -1, -1], hi: [1, 1, 1] }, { workers: 2 })).regions;
 */
export async function countSpace(
  network: ReluNetwork,
  domain: CellsDomain,
  options: SpaceOptions = {},
): Promise<SpaceCount> {
  const box = boxOfThree(network, domain);
  if (!box) return countCells(network, domain, options);
  const timed = startClock();
  const threads = await chooseThreads(options);
  const onWorkers = threads !== undefined;
  const walk = walkOf(network, checkBox(box, network.inputs), { ...options, onWorkers });
  const shares =
    walk.hidden.length === 0
      ? [oneRegion]
      : onWorkers
        ? await sharesOn(walk, threads, options)
        : [countHere(walk, options)];
  return timed(countOf(walk, shares));
}
