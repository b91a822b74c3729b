import { countPlane, countSpace, plane, segment, space, type PlaneDomain, type WalkCount } from "../regions";
import { ReluNetwork } from "../network";
import type { Arguments } from "./arguments";
import { boundaryOn, boundaryReport } from "./boundary";
import { countable } from "./countable";
import { commandPlace } from "./domain";
import type { NetworkDocument } from "./document";
import { countInParts } from "./count-in-parts";
import { marksOf } from "./marks";
import { ownPlace } from "./own-place";
import { checkPicture, writePicture } from "./picture";
import { costs, type Report } from "./report";
import { lineReport, planeReport, spaceReport } from "./statistics";
import { UserError } from "./user-error";

/** Counts on the file's own domain or on the one that was asked for, under the names of the networks with exact counts. */
export async function regionsReport(document: NetworkDocument, options: Arguments): Promise<Report> {
  const { network, file } = document;
  if (options.picture !== undefined) checkPicture(options.picture);
  if (options.wholeSpace) return onWholeSpace(document, options);
  const inParts = options.shard ?? options.merge ?? options.resume;
  const place = countable((await commandPlace(document, options)) ?? ownPlace(document), document);
  if (inParts !== undefined) {
    if (place.type !== "plane")
      throw new UserError(
        `${file}: --shard, --merge and --resume count on planes, but the domain is ${place.type === "line" ? "a line" : "a box of 3 or more inputs"}`,
      );
    return countInParts(document, place.domain, options);
  }
  if (place.type === "plane") return inPlane(document, place.domain, options);
  const drawn = options.picture !== undefined ? "picture" : options.boundary ? "boundary" : undefined;
  if (drawn !== undefined) {
    const what = place.type === "line" ? "is a line" : `has ${document.network.inputs} dimensions`;
    throw new UserError(`${file}: --${drawn} draws a plane, but the domain ${what}`);
  }
  if (place.type === "line") return onLine(network, place.from, place.to, options);
  if (!options.count && document.network.inputs > 3)
    throw new UserError(
      `${file}: domain is a box of ${document.network.inputs} dimensions: its regions are counted, not listed: ` +
        `add --count, or look at a plane within the box: add --plane random:0 or --plane axes:0,1`,
    );
  return inSpace(network, place, options);
}

type Point = readonly number[];

/** A count, under the names of the networks with exact counts. */
const counted = (found: WalkCount, start: number): Report => ({
  activation_regions: found.regions,
  cells_after_each_hidden_layer: found.cellsAfterEachLayer,
  certified: found.certified,
  ...costs(found.regions, start, found.workers),
});

async function onWholeSpace({ network }: NetworkDocument, { workers }: Arguments): Promise<Report> {
  const start = performance.now();
  return counted(await countSpace(network, { type: "whole" }, { workers }), start);
}

function onLine(network: ReluNetwork, from: Point, to: Point, options: Arguments): Report {
  const start = performance.now();
  const found = segment(network, from, to);
  const { acts, pieces, certified } = found;
  const cost = costs(acts, start, 1);
  const counted = { activation_regions: acts, activation_intervals: acts };
  if (options.count) return { ...counted, certified, ...cost };
  return {
    ...counted,
    affine_pieces: pieces,
    linear_components: pieces,
    distinct_affine_maps: found.distinctMaps,
    cells_after_each_hidden_layer: hiddenLayers(network).map((part) => segment(part, from, to).acts),
    certified,
    ...cost,
    ...(options.statistics ? lineReport(found, distanceBetween(from, to)) : {}),
  };
}

function distanceBetween(from: Point, to: Point): number {
  return Math.sqrt(from.reduce((sum, v, i) => sum + (to[i] - v) ** 2, 0));
}

/** The networks of the first 1, 2, ... hidden layers, each with the sum of the last one's neurons as its output. */
function hiddenLayers(network: ReluNetwork): ReluNetwork[] {
  const specs = network.sparseSpecs();
  return network.layers.flatMap(({ activation, outputs }, l) => {
    if (activation !== "relu") return [];
    const sum = { W: [new Array<number>(outputs).fill(1)], b: [0], activation: "linear" as const };
    return [ReluNetwork.of([...specs.slice(0, l + 1), sum])];
  });
}

async function inPlane(document: NetworkDocument, domain: PlaneDomain, options: Arguments): Promise<Report> {
  const { network } = document;
  const start = performance.now();
  const { workers } = options;
  if (options.count) return counted(await countPlane(network, domain, { workers }), start);
  const marks = await marksOf(options.mark, domain, document);
  const found = await plane(network, domain, { workers });
  const cost = costs(found.regions, start, found.workers);
  const boundary = options.boundary ? boundaryOn(document, domain) : undefined;
  if (options.picture !== undefined)
    writePicture(options.picture, found, { marks, boundary: boundary?.lines ?? [] });
  return {
    activation_regions: found.regions,
    linear_components: found.linearRegions,
    distinct_affine_maps: found.distinctMaps,
    cells_after_each_hidden_layer: found.cellsAfterEachLayer,
    certified: found.certified && (boundary?.certified ?? true),
    ...cost,
    ...(options.statistics ? planeReport(network, domain, found) : {}),
    ...(boundary ? boundaryReport(boundary, domain) : {}),
    ...(marks.length > 0 ? { marks: marks.map(([s, t]) => [s, t]) } : {}),
  };
}

async function inSpace(
  network: ReluNetwork,
  domain: { lo: Point; hi: Point },
  { count, workers, statistics }: Arguments,
): Promise<Report> {
  const start = performance.now();
  if (count) return counted(await countSpace(network, domain, { workers }), start);
  const found = await space(network, domain, { workers, linear: true });
  const cost = costs(found.regions, start, found.workers);
  return {
    activation_regions: found.regions,
    linear_components: found.linearRegions ?? 0,
    distinct_affine_maps: found.distinctMaps ?? 0,
    cells_after_each_hidden_layer: found.cellsAfterEachLayer,
    certified: found.certified,
    ...cost,
    ...(statistics ? spaceReport(found) : {}),
  };
}
