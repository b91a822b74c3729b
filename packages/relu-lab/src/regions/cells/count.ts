import type { ReluNetwork } from "../../network";
import { onTeam } from "../../workers";
import { startClock } from "../walk/clock";
import { sumOf, type WalkCount, type WalkShare } from "../walk/count";
import { progressHere, type WalkOptions } from "../walk/options";
import { chooseThreads } from "../walk/threads";
import { runWalk, type CellsWalk } from "./engine";
import { taskOf } from "./task";
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
  return timed(countOf(walk, [shareHere(walk, options)]));
}

function shareHere(walk: CellsWalk, options: WalkOptions): WalkShare {
  options.signal?.throwIfAborted();
  return walk.domains.length === 0 ? oneRegion(walk) : runWalk(walk, { onProgress: progressHere(options) });
}

/** A walk on so many threads, its progress told in this one. */
function sharesOn(
  walk: CellsWalk,
  workers: number,
  { onProgress, signal }: WalkOptions,
): Promise<WalkShare[]> {
  const { control } = walk;
  const stop = (): void => void Atomics.store(control, 0, 1);
  const found = (): number => Atomics.load(control, 1);
  const task = taskOf(walk, (bytes) => new SharedArrayBuffer(bytes));
  const file = `${__dirname}/worker.js`;
  return onTeam({ file, workers, stop, signal, found, onProgress }, (ask) => ask<WalkShare>(() => task));
}

/**
 * Counts the activation regions of a network with up to 8 inputs in a box or on the whole space, on several threads.
 * The count does not depend on the number of threads.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain lowest and highest corner, in input units; or `{ type: "whole" }`
 * @param options `workers`, `certified`, `maximumRegions`, `onProgress`, `signal`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain, the network or the options; the signal's reason
 *   when aborted; what `onProgress` throws
 * @example
 * (await countCells(network, { type: "whole" }, { workers: 2 })).regions;
 */
export async function countCells(
  network: ReluNetwork,
  domain: CellsDomain,
  options: WalkOptions = {},
): Promise<WalkCount> {
  const timed = startClock();
  const threads = await chooseThreads(options);
  const onWorkers = threads !== undefined;
  const walk = walkOf(network, domain, { ...options, onWorkers });
  const shares =
    onWorkers && walk.domains.length > 0
      ? await sharesOn(walk, threads, options)
      : [shareHere(walk, options)];
  return timed(countOf(walk, shares));
}
