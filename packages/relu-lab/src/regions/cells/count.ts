import type { ReluNetwork } from "../../network";
import { startClock } from "../walk/clock";
import { sumOf, type WalkCount, type WalkShare } from "../walk/count";
import { progressHere, type WalkOptions } from "../walk/options";
import { runWalk, type CellsWalk } from "./engine";
import type { CellsDomain } from "./types";
import { walkOf } from "./walk-of";

/** The one share of a walk without domains: everything is one region. */
const oneRegion = ({ hidden }: CellsWalk): WalkShare => ({
  regions: 1,
  cells: hidden.map(() => 1),
  fallbacks: 0,
  complete: true,
});

/** A walk's shares as one count, which the walk's clock has still to time. */
function countOf(walk: CellsWalk, shares: readonly WalkShare[]): Omit<WalkCount, "seconds"> {
  const count = sumOf(shares, walk.certified);
  // Layers without a ReLU have no cells of their own.
  const cellsAfterEachLayer = count.cellsAfterEachLayer.filter((_, l) => walk.hidden[l].slope !== 1);
  return { ...count, cellsAfterEachLayer };
}

/**
 * Counts the activation regions of a network with up to 8 inputs in a box or on the whole space, in this thread.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain lowest and highest corner, in input units; or `{ type: "whole" }`
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain or the network
 * @example
 * countCellsSync(heNetwork([4, 16, 16, 1], generator(0), 0.1), { type: "whole" }).regions;
 */
export function countCellsSync(
  network: ReluNetwork,
  domain: CellsDomain,
  options: WalkOptions = {},
): WalkCount {
  const timed = startClock();
  const walk = walkOf(network, domain, options);
  options.signal?.throwIfAborted();
  const share =
    walk.domains.length === 0 ? oneRegion(walk) : runWalk(walk, { onProgress: progressHere(options) });
  return timed(countOf(walk, [share]));
}
