import type { ReluNetwork } from "../../network";
import { checkDomain } from "./domain";
import { Engine } from "./engine";
import { planOf } from "./plan";
import { runOnWorkers, workerCount } from "./pool";
import { CLAIM_WORDS, type CountTask } from "./task";
import type { PlaneCount, PlaneDomain, PlaneOptions } from "./types";

/**
 * Counts the activation regions of a network on a plane in this thread, keeping nothing.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain
 * @example
 * countPlaneSync(heNetwork([2, 64, 64, 1], generator(0), 0.1), { lo: [-1, -1], hi: [1, 1] }).regions;
 */
export function countPlaneSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): PlaneCount {
  const start = performance.now();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const certified = options.certified ?? true;
  const engine = new Engine(
    plan,
    checked,
    {
      progress(regions) {
        options.onProgress?.(regions);
        options.signal?.throwIfAborted();
        return false;
      },
    },
    certified,
  );
  if (options.maximumRegions !== undefined) engine.exports.limit(options.maximumRegions);
  engine.run();
  const complete = engine.exports.stopped() === 0;
  const result = {
    regions: engine.exports.regions(),
    cellsAfterEachLayer: engine.cells(),
    certified: certified && complete,
    complete,
    fallbacks: engine.exports.fallbacks(),
    seconds: (performance.now() - start) / 1000,
    workers: 1,
  };
  engine.release();
  return result;
}

/** A walk shorter than this is over before threads would have started. */
const ALONE_REGIONS = 60_000;

/**
 * Counts the activation regions of a network on a plane, on several threads where it pays. Nothing is kept.
 *
 * The number is exact for the network as given: signs that double arithmetic cannot decide are decided in integers
 * (exactness.md). It does not depend on the number of threads.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options threads, limit, progress, cancellation
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain; the signal's reason when aborted
 * @example
 * const { regions } = await countPlane(heNetwork([2, 64, 64, 1], generator(0), 0.1), { lo: [-1, -1], hi: [1, 1] });
 */
export async function countPlane(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): Promise<PlaneCount> {
  const start = performance.now();
  options.signal?.throwIfAborted();
  const workers = await workerCount(options.workers);
  if (workers === 1 && !options.signal) return countPlaneSync(network, domain, options);
  const limit = options.maximumRegions ?? Infinity;
  if (options.workers === undefined) {
    const alone = countPlaneSync(network, domain, {
      certified: options.certified,
      maximumRegions: Math.min(ALONE_REGIONS, limit),
    });
    if (alone.complete || limit <= ALONE_REGIONS) return alone;
  }
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const certified = options.certified ?? true;
  const task: CountTask = {
    plan,
    domain: checked,
    certified,
    limit,
    claims: new Int32Array(new SharedArrayBuffer(4 * (CLAIM_WORDS + 1))),
    found: new Float64Array(new SharedArrayBuffer(8 * workers)),
  };
  const stop = (): void => void Atomics.store(task.claims, CLAIM_WORDS, 1);
  options.signal?.addEventListener("abort", stop);
  const { onProgress } = options;
  const timer = onProgress && setInterval(() => onProgress(task.found.reduce((sum, n) => sum + n, 0)), 100);
  try {
    const shares = await runOnWorkers(workers, task);
    options.signal?.throwIfAborted();
    const complete = shares.every((share) => !share.stopped);
    return {
      regions: shares.reduce((sum, share) => sum + share.regions, 0),
      cellsAfterEachLayer: shares[0].cells.map((_, l) =>
        shares.reduce((sum, share) => sum + share.cells[l], 0),
      ),
      certified: certified && complete,
      complete,
      fallbacks: shares.reduce((sum, share) => sum + share.fallbacks, 0),
      seconds: (performance.now() - start) / 1000,
      workers,
    };
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}
