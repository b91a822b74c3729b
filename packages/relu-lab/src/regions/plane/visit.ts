import type { ReluNetwork } from "../../network";
import { halfEdges, RegionRecords } from "./collect";
import { checkDomain } from "./domain";
import { Engine } from "./engine";
import { layersOfNeurons } from "./enumerate";
import { planOf } from "./plan";
import type { PlaneCount, PlaneDomain, PlaneOptions } from "./types";

/** Some regions, handed to a visitor; the arrays are laid out as in {@link PlaneRegions}. */
export interface RegionBlock {
  readonly count: number;
  readonly vertices: Float64Array;
  readonly offsets: Uint32Array;
  readonly edgeNeurons: Int32Array;
  readonly areas: Float64Array;
  readonly patternWords: number;
  readonly patterns: Uint32Array;
  readonly patternHash: Uint32Array;
  readonly maps: Float64Array;
  readonly outputs: number;
  readonly layerOfNeuron: Uint16Array;
}

/**
 * Streams the regions of a network on a plane to a visitor, a few hundred at a time, and keeps none of them.
 *
 * @param network the network
 * @param domain where to look
 * @param visit called with each block of regions; its arrays may be kept
 * @param options `maps` (default true); limit, progress
 * @returns the counts
 * @throws RangeError or TypeError naming what is wrong with the domain; whatever the visitor throws
 * @example
 * let total = 0;
 * visitPlane(network, box, ({ areas }) => areas.forEach((area) => (total += area)));
 */
export function visitPlane(
  network: ReluNetwork,
  domain: PlaneDomain,
  visit: (block: RegionBlock) => void,
  options: PlaneOptions & { readonly maps?: boolean } = {},
): PlaneCount {
  const start = performance.now();
  const plan = planOf(network);
  const withMaps = options.maps ?? true;
  const outputs = withMaps ? plan.output.outputs : 0;
  const patternWords = Math.ceil(plan.neurons / 32);
  const layerOfNeuron = layersOfNeurons(plan);
  const certified = options.certified ?? true;
  const engine: Engine = new Engine(
    plan,
    checkDomain(domain, network.inputs),
    {
      regions(at, count) {
        const records = new RegionRecords(patternWords, outputs);
        records.take(engine.exports, at, count);
        const edges = halfEdges(engine.exports);
        const first = records.firstEdges.finish();
        const base = first[0];
        const offsets = new Uint32Array(count + 1);
        for (let i = 0; i < count; i++) offsets[i] = first[i] - base;
        offsets[count] = edges.edgeNeurons.length;
        visit({
          count,
          vertices: edges.vertices,
          offsets,
          edgeNeurons: edges.edgeNeurons,
          areas: records.areas.finish(),
          patternWords,
          patterns: records.patterns.finish(),
          patternHash: records.hashes.finish(),
          maps: records.maps.finish(),
          outputs,
          layerOfNeuron,
        });
      },
      progress(regions) {
        options.onProgress?.(regions);
        options.signal?.throwIfAborted();
        return false;
      },
    },
    certified,
    withMaps,
  );
  engine.exports.enumerate(outputs, 1);
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
