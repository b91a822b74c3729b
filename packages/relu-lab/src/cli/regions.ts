import { ReluNetwork } from "../network";
import {
  countPlane,
  countSpace,
  plane,
  regionStatistics,
  segment,
  type PlaneDomain,
  type PlaneRegions,
  space,
  type SpaceCount,
  type SpaceRegions,
} from "../regions";
import type { Arguments } from "./arguments";
import { boxOption, planeOption, type Place } from "./domain";
import { checkPicture, writePicture } from "./picture";
import { numbers, objectField, type NetworkDocument } from "./document";
import { costs, type Report } from "./report";
import { blame, UserError } from "./user-error";

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
  if (place.type === "plane") return inPlane(document, place.domain, options);
  if (network.inputs === 2) return inPlane(document, place, options);
  if (options.picture !== undefined || options.statistics) {
    throw new UserError(
      `${file}: --picture and --statistics are for a plane, but the domain has ${network.inputs} dimensions`,
    );
  }
  switch (network.inputs) {
    case 1:
      return onLine(network, place.lo, place.hi, options);
    case 3:
      return inSpace(document, place, options);
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
  const domain = objectField(document, "domain");
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
  const { acts, pieces, certified } = segment(network, lo, hi);
  const cost = costs(acts, start, 1);
  if (options.count) return { activation_regions: acts, activation_intervals: acts, certified, ...cost };
  return {
    affine_pieces: pieces,
    activation_intervals: acts,
    cells_after_each_hidden_layer: hiddenLayers(network).map((part) => segment(part, lo, hi).acts),
    certified,
    ...cost,
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

async function inPlane(
  document: NetworkDocument,
  domain: PlaneDomain,
  options: RegionsOptions,
): Promise<Report> {
  const start = performance.now();
  const { workers } = options;
  try {
    if (options.count) {
      const found = await countPlane(document.network, domain, { workers });
      return {
        activation_regions: found.regions,
        cells_after_each_hidden_layer: found.cellsAfterEachLayer,
        certified: found.certified,
        ...costs(found.regions, start, found.workers),
      };
    }
    const found = await plane(document.network, domain, { workers });
    if (options.picture !== undefined) writePicture(options.picture, found);
    return {
      activation_regions: found.regions,
      linear_components: found.linearRegions,
      distinct_affine_maps: found.distinctMaps,
      cells_after_each_hidden_layer: found.cellsAfterEachLayer,
      certified: found.certified,
      ...(options.statistics ? statistics(found) : {}),
      ...costs(found.regions, start, found.workers),
    };
  } catch (error) {
    return blame(document.file, () => {
      throw error;
    });
  }
}

/** What the subdivision looks like, in a few numbers; areas in the plane's own units. */
function statistics(found: PlaneRegions): Report {
  const { totalArea, meanArea, medianArea, smallestArea, largestArea, atBorder, adjacentPairs } =
    regionStatistics(found);
  return {
    total_area: totalArea,
    mean_area: meanArea,
    median_area: medianArea,
    smallest_area: smallestArea,
    largest_area: largestArea,
    edges_per_region: found.twins.length / found.count,
    neighbours_per_region: (2 * adjacentPairs) / found.count,
    regions_at_border: atBorder,
  };
}

async function inSpace(
  document: NetworkDocument,
  domain: { lo: number[]; hi: number[] },
  { count, workers }: RegionsOptions,
): Promise<Report> {
  const start = performance.now();
  try {
    const found: SpaceCount & Partial<SpaceRegions> = count
      ? await countSpace(document.network, domain, { workers })
      : await space(document.network, domain, { workers, linear: true });
    return {
      activation_regions: found.regions,
      ...(count
        ? {}
        : { linear_components: found.linearRegions ?? 0, distinct_affine_maps: found.distinctMaps ?? 0 }),
      cells_after_each_hidden_layer: found.cellsAfterEachLayer,
      certified: found.certified,
      ...costs(found.regions, start, found.workers),
    };
  } catch (error) {
    return blame(document.file, () => {
      throw error;
    });
  }
}
