import type { ReluNetwork } from "../../network";
import { halfEdges, RegionRecords } from "./collect";
import { checkDomain } from "./domain";
import { Engine } from "./engine";
import { mergeLinearRegions } from "./linear";
import { planOf, type Plan } from "./plan";
import type { EnumerateOptions, PlaneDomain, PlaneRegions } from "./types";

/** 1 for the neurons of the first hidden layer, 2 for those of the second, ... */
export function layersOfNeurons(plan: Plan): Uint16Array {
  const layers = new Uint16Array(plan.neurons);
  let start = 0;
  plan.hidden.forEach((layer, l) => {
    layers.fill(l + 1, start, start + layer.outputs);
    start += layer.outputs;
  });
  return layers;
}

/** How many regions fit into so many MiB, given about four edges a region: the engine's copy and the result's. */
function regionsWithin(mebibytes: number | undefined, patternWords: number, outputs: number): number {
  if (mebibytes === undefined) return Infinity;
  if (!(mebibytes > 0)) throw new RangeError(`maximumMemory is ${mebibytes}: give a number of MiB above 0`);
  const edges = 4 * (32 + 28);
  const region = 8 + 16 + 4 + 4 + 4 * patternWords + 32 * outputs;
  return Math.max(1, Math.floor((mebibytes * 2 ** 20) / (edges + region)));
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
 * @throws RangeError or TypeError naming what is wrong with the domain
 * @example
 * const { areas, linearRegions } = planeSync(network, { lo: [-1, -1], hi: [1, 1] });
 */
export function planeSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: EnumerateOptions = {},
): PlaneRegions {
  const start = performance.now();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const withMaps = options.maps ?? true;
  const outputs = withMaps ? plan.output.outputs : 0;
  const patternWords = Math.ceil(plan.neurons / 32);
  const records = new RegionRecords(patternWords, outputs);
  const certified = options.certified ?? true;
  const engine: Engine = new Engine(
    plan,
    checked,
    {
      regions: (at, count) => records.take(engine.exports, at, count),
      progress(regions) {
        options.onProgress?.(regions);
        options.signal?.throwIfAborted();
        return false;
      },
    },
    certified,
    withMaps,
  );
  engine.exports.enumerate(outputs, 0);
  engine.exports.limit(
    Math.min(options.maximumRegions ?? Infinity, regionsWithin(options.maximumMemory, patternWords, outputs)),
  );
  engine.run();
  const complete = engine.exports.stopped() === 0;
  if (complete && engine.exports.mismatches() > 0) {
    throw new Error(
      `${engine.exports.mismatches()} chords have unequal numbers of edges on their two sides: a sign was wrong`,
    );
  }
  const count = records.areas.length;
  const edges = halfEdges(engine.exports);
  const cellsAfterEachLayer = engine.cells();
  const fallbacks = engine.exports.fallbacks();
  engine.release();
  const offsets = new Uint32Array(count + 1);
  offsets.set(records.firstEdges.finish());
  offsets[count] = edges.edgeNeurons.length;
  const found = {
    count,
    ...edges,
    offsets,
    areas: records.areas.finish(),
    patternWords,
    patterns: records.patterns.finish(),
    patternHash: records.hashes.finish(),
    maps: records.maps.finish(),
    mapErrors: records.mapErrors.finish(),
    outputs,
    layerOfNeuron: layersOfNeurons(plan),
  };
  const linear = withMaps && (options.linear ?? true) ? mergeLinearRegions(plan, checked, found) : undefined;
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
    regions: count,
    cellsAfterEachLayer,
    certified: certified && complete,
    complete,
    fallbacks,
    seconds: (performance.now() - start) / 1000,
    workers: 1,
  };
}

/** {@link planeSync} as a promise. */
export async function plane(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: EnumerateOptions = {},
): Promise<PlaneRegions> {
  return planeSync(network, domain, options);
}
