import { ReluNetwork } from "../network";
import { countPlane, countSpace, plane, segment, space, type PlaneDomain } from "../regions";
import type { Arguments } from "./arguments";
import { boxOption, planeOption, type Place } from "./domain";
import { checkPicture, writePicture } from "./picture";
import { numbers, objectField, pointLike, type NetworkDocument } from "./document";
import { costs, type Report } from "./report";
import { lineReport, planeReport, spaceReport } from "./statistics";
import { UserError } from "./user-error";

/** What of the command line matters here. */
export type RegionsOptions = Pick<
  Arguments,
  "count" | "workers" | "plane" | "box" | "picture" | "statistics"
>;

/** Counts on the file's own domain or on the one that was asked for, under the names of the networks with exact counts. */
export async function regionsReport(document: NetworkDocument, options: RegionsOptions): Promise<Report> {
  const { network, file } = document;
  if (options.picture !== undefined) checkPicture(options.picture);
  const place =
    options.plane !== undefined
      ? await planeOption(options.plane, document)
      : options.box !== undefined
        ? boxOption(options.box, network.inputs)
        : ownPlace(document);
  if (place.type === "plane") return inPlane(network, place.domain, options);
  if (network.inputs === 2) return inPlane(network, place, options);
  if (options.picture !== undefined) {
    throw new UserError(
      `${file}: --picture draws a plane, but the domain has ${network.inputs} dimension${network.inputs === 1 ? "" : "s"}`,
    );
  }
  switch (network.inputs) {
    case 1:
      return onLine(network, place.lo, place.hi, options);
    case 3:
      return inSpace(network, place, options);
    default:
      throw new UserError(
        `${file}: domain is a box of ${network.inputs} dimensions: regions are counted in 1, 2 or 3, or on a slice (--plane)`,
      );
  }
}

/** The domain that the file gives. */
function ownPlace(document: NetworkDocument): Place {
  const { network, file, fields } = document;
  if (fields.domain === undefined && fields.layers === undefined) {
    throw new UserError(
      `${file}: such a file gives no domain: say --plane random, --plane FILE.json or --box LO,HI`,
    );
  }
  const cube = `{ "type": "box", "lo": ${pointLike(-1, network.inputs)}, "hi": ${pointLike(1, network.inputs)} }`;
  const domain = objectField(document, "domain", cube);
  if (domain.type === "slice") {
    const directions = [
      numbers(document, "domain.u", domain.u, network.inputs),
      numbers(document, "domain.v", domain.v, network.inputs),
    ] as const;
    const origin = numbers(document, "domain.c", domain.c, network.inputs);
    return { type: "plane", domain: { origin, directions, bounds: box(document, domain, 2) } };
  }
  if (domain.type !== "box") {
    throw new UserError(`${file}: domain.type is ${JSON.stringify(domain.type)}: "box" or "slice" is needed`);
  }
  return { type: "box", ...box(document, domain, network.inputs) };
}

function box(document: NetworkDocument, domain: Record<string, unknown>, dimension: number) {
  const lo = numbers(document, "domain.lo", domain.lo, dimension);
  const hi = numbers(document, "domain.hi", domain.hi, dimension);
  const empty = lo.findIndex((v, i) => !(v < hi[i]));
  if (empty >= 0) {
    throw new UserError(
      `${document.file}: domain.lo[${empty}] is ${lo[empty]}, not below domain.hi[${empty}], ${hi[empty]}`,
    );
  }
  return { lo, hi };
}

function onLine(network: ReluNetwork, lo: number[], hi: number[], options: RegionsOptions): Report {
  const start = performance.now();
  const found = segment(network, lo, hi);
  const { acts, pieces, certified } = found;
  const cost = costs(acts, start, 1);
  const counted = { activation_regions: acts, activation_intervals: acts };
  if (options.count) return { ...counted, certified, ...cost };
  return {
    ...counted,
    affine_pieces: pieces,
    linear_components: pieces,
    distinct_affine_maps: found.distinctMaps,
    cells_after_each_hidden_layer: hiddenLayers(network).map((part) => segment(part, lo, hi).acts),
    certified,
    ...cost,
    ...(options.statistics ? lineReport(found, hi[0] - lo[0]) : {}),
  };
}

/** The networks of the first 1, 2, ... hidden layers, each with the sum of the last one's neurons as its output. */
function hiddenLayers(network: ReluNetwork): ReluNetwork[] {
  const specs = network.specs();
  return network.layers.flatMap(({ activation, outputs }, l) => {
    if (activation !== "relu") return [];
    const sum = { W: [new Array<number>(outputs).fill(1)], b: [0], activation: "linear" as const };
    return [ReluNetwork.of([...specs.slice(0, l + 1), sum])];
  });
}

async function inPlane(network: ReluNetwork, domain: PlaneDomain, options: RegionsOptions): Promise<Report> {
  const start = performance.now();
  const { workers } = options;
  if (options.count) {
    const found = await countPlane(network, domain, { workers });
    return {
      activation_regions: found.regions,
      cells_after_each_hidden_layer: found.cellsAfterEachLayer,
      certified: found.certified,
      ...costs(found.regions, start, found.workers),
    };
  }
  const found = await plane(network, domain, { workers });
  const cost = costs(found.regions, start, found.workers);
  if (options.picture !== undefined) writePicture(options.picture, found);
  return {
    activation_regions: found.regions,
    linear_components: found.linearRegions,
    distinct_affine_maps: found.distinctMaps,
    cells_after_each_hidden_layer: found.cellsAfterEachLayer,
    certified: found.certified,
    ...cost,
    ...(options.statistics ? planeReport(network, domain, found) : {}),
  };
}

async function inSpace(
  network: ReluNetwork,
  domain: { lo: number[]; hi: number[] },
  { count, workers, statistics }: RegionsOptions,
): Promise<Report> {
  const start = performance.now();
  if (count) {
    const found = await countSpace(network, domain, { workers });
    return {
      activation_regions: found.regions,
      cells_after_each_hidden_layer: found.cellsAfterEachLayer,
      certified: found.certified,
      ...costs(found.regions, start, found.workers),
    };
  }
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
