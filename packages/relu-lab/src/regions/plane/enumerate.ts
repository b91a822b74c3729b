import type { ReluNetwork } from "../../network";
import { layersOfNeurons } from "../plan/places";
import { planOf, type Plan } from "../plan/plan";
import { startClock } from "../walk/clock";
import { sumOf } from "../walk/count";
import { limitOf, progressHere } from "../walk/options";
import { ALONE_REGIONS, chooseThreads } from "../walk/threads";
import { ownRoom, sharedRoom, type RegionArrays } from "./collect";
import { checkDomain, type CheckedDomain } from "./domain";
import { Engine } from "./engine";
import { walkHere, type Untimed } from "./here";
import { mergeLinearRegions } from "./linear";
import type { Delivery } from "./pieces";
import { join, layOut, SubtreeCollector, type Kept } from "./subtrees";
import type { EnumerateShare } from "./task";
import type { EnumerateOptions, PlaneDomain, PlaneOptions, PlaneRegions } from "./types";
import { walkOnWorkers } from "./walk-on-workers";

/** What an enumeration is asked for, resolved. */
interface Wanted {
  readonly kept: Kept;
  readonly withMaps: boolean;
  /** Regions after which to stop. */
  readonly limit: number;
}

/** What an enumeration found, before linear regions are merged. */
interface Enumerated {
  readonly summary: Untimed;
  readonly arrays: RegionArrays;
  readonly doubtful: Iterable<number>;
}

/** Resolves the options; about four edges a region fill the memory: the engine's copy and the result's. */
function wantedOf(plan: Plan, options: EnumerateOptions): Wanted {
  const withMaps = options.maps ?? true;
  const outputs = withMaps ? plan.output.outputs : 0;
  const patternWords = Math.ceil(plan.neurons / 32);
  const { maximumMemory: mebibytes } = options;
  let limit = limitOf(options);
  if (mebibytes !== undefined) {
    if (!(mebibytes > 0)) throw new RangeError(`maximumMemory is ${mebibytes}: give a number of MiB above 0`);
    const edges = 4 * (32 + 28);
    const region = 2 * (28 + 4 * patternWords + 32 * outputs) + 8 * outputs + 4;
    limit = Math.min(limit, Math.max(1, Math.floor((mebibytes * 2 ** 20) / (edges + region))));
  }
  const linear = withMaps && (options.linear ?? true);
  return { kept: { patternWords, outputs, linear }, withMaps, limit };
}

/**
 * Every activation region of a network on a plane: polygons, areas, patterns, output maps, neighbours, linear regions.
 *
 * Runs in this thread. Regions share no memory with the engine afterwards.
 *
 * @param network the network
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options what to keep; limit, progress
 * @returns flat arrays, see {@link PlaneRegions}
 * @throws RangeError or TypeError naming what is wrong with the domain or the options
 * @example
 * const { areas, linearRegions } = planeSync(network, { lo: [-1, -1], hi: [1, 1] });
 */
export function planeSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: EnumerateOptions = {},
): PlaneRegions {
  const timed = startClock();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const wanted = wantedOf(plan, options);
  return timed(regionsOf(plan, checked, wanted, enumerateHere(plan, checked, wanted, options)));
}

/** Alone, a walk hands over subtrees at this depth: their number bounds what the engine keeps of them at a time. */
const DEPTH_ALONE = 5;

function enumerateHere(
  plan: Plan,
  domain: CheckedDomain,
  { kept, withMaps, limit }: Wanted,
  options: EnumerateOptions,
): Enumerated {
  const certified = options.certified ?? true;
  const collector = new SubtreeCollector(kept);
  const { pieces, subtrees, script } = collector;
  const host = {
    progress: progressHere({ ...options, maximumRegions: limit }),
    ...collector.host(
      () => engine,
      () => true,
    ),
  };
  const engine: Engine = new Engine(plan, domain, host, certified, withMaps);
  const { exports } = engine;
  exports.enumerate(kept.outputs, 0, kept.linear ? 1 : 0);
  exports.claimAt(DEPTH_ALONE, 1);
  const { summary, mismatches } = walkHere(engine, certified, (count) => ({
    summary: count,
    mismatches: exports.mismatches(),
  }));
  const { arrays, places } = layOut(subtrees, kept, ownRoom);
  pieces.deliver({ arrays, places });
  pieces.release();
  return {
    summary,
    arrays,
    doubtful: join(subtrees, places, script, arrays.twins, mismatches, summary.complete),
  };
}

/**
 * Enumerates on several workers. They claim subtrees and keep what they find; when all are done, the place of each
 * subtree in the result is known, the workers copy theirs there (the result's memory is shared), and this thread joins
 * the subtrees along the cuts above them.
 */
async function enumerateOnWorkers(
  plan: Plan,
  domain: CheckedDomain,
  { kept, withMaps, limit }: Wanted,
  options: PlaneOptions,
  workers: number,
): Promise<Enumerated> {
  return walkOnWorkers(plan, domain, options, workers, limit, async (walk, ask) => {
    const shares = await ask<EnumerateShare>(() => ({ enumerate: { ...walk, kept, withMaps } }));
    const summary = sumOf(shares, walk.certified);
    const subtrees = shares.flatMap((share) => share.subtrees);
    const { arrays, places } = layOut(subtrees, kept, sharedRoom);
    const delivery: Delivery = { arrays, places };
    await ask(() => ({ deliver: delivery }));
    const mismatches = shares.reduce((sum, share) => sum + share.mismatches, 0);
    const { script } = shares[0];
    const doubtful = join(subtrees, places, script, arrays.twins, mismatches, summary.complete);
    return { summary, arrays, doubtful };
  });
}

function regionsOf(
  plan: Plan,
  domain: CheckedDomain,
  { kept: { patternWords, outputs, linear: wanted } }: Wanted,
  { summary, arrays, doubtful }: Enumerated,
): Omit<PlaneRegions, "seconds"> {
  const found = {
    count: summary.regions,
    ...arrays,
    patternWords,
    outputs,
    layerOfNeuron: layersOfNeurons(plan),
  };
  const linear = wanted ? mergeLinearRegions(plan, domain, found, doubtful) : undefined;
  let distinct = linear ? -1 : 0;
  return {
    ...found,
    linearRegion: linear?.linearRegion ?? new Uint32Array(0),
    linearRegions: linear?.linearRegions ?? 0,
    // Rarely asked for, and dearer than all the rest: counted when it is.
    get distinctMaps() {
      if (linear && distinct < 0) distinct = linear.countDistinctMaps();
      return distinct;
    },
    ...summary,
  };
}

/**
 * Every activation region of a network on a plane, found on several threads where it pays: polygons, areas, patterns,
 * output maps, neighbours, linear regions. Every array is bit for bit the one of {@link planeSync}.
 *
 * @param network the network
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options what to keep; threads, limits, progress, cancellation
 * @returns flat arrays, see {@link PlaneRegions}; from several threads they lie in shared memory
 * @throws RangeError or TypeError naming what is wrong with the domain or the options; the signal's reason when aborted
 * @example
 * const { areas, linearRegions } = await plane(network, { lo: [-1, -1], hi: [1, 1] });
 */
export async function plane(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: EnumerateOptions = {},
): Promise<PlaneRegions> {
  const timed = startClock();
  options.signal?.throwIfAborted();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const wanted = wantedOf(plan, options);
  const finish = (found: Enumerated): PlaneRegions => timed(regionsOf(plan, checked, wanted, found));
  const threads = await chooseThreads(options);
  if (threads === undefined) return finish(enumerateHere(plan, checked, wanted, options));
  if (options.workers === undefined) {
    const first = { ...wanted, limit: Math.min(wanted.limit, ALONE_REGIONS / 2) };
    const alone = enumerateHere(plan, checked, first, { ...options, onProgress: undefined });
    if (alone.summary.complete || wanted.limit <= first.limit) return finish(alone);
  }
  return finish(await enumerateOnWorkers(plan, checked, wanted, options, threads));
}
