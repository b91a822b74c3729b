import { ReluNetwork } from "../network";
import { countPlane, countSpace, plane, segment, type PlaneDomain } from "../regions";
import { numbers, objectField, type NetworkDocument } from "./document";
import { costs, type Report } from "./report";
import { blame, UserError } from "./user-error";

/** What of the command line matters here. */
export interface RegionsOptions {
  readonly count: boolean;
  readonly workers: number | undefined;
}

/** Counts on the file's own domain, under the names of the networks with exact counts. */
export async function regionsReport(document: NetworkDocument, options: RegionsOptions): Promise<Report> {
  const { network, file } = document;
  const domain = objectField(document, "domain");
  if (domain.type === "slice") {
    const slice = {
      origin: numbers(document, "domain.c", domain.c, network.inputs),
      directions: [
        numbers(document, "domain.u", domain.u, network.inputs),
        numbers(document, "domain.v", domain.v, network.inputs),
      ] as const,
      bounds: box(document, domain, 2),
    };
    return inPlane(document, slice, options);
  }
  if (domain.type !== "box") {
    throw new UserError(`${file}: domain.type is ${JSON.stringify(domain.type)}: "box" or "slice" is needed`);
  }
  const { lo, hi } = box(document, domain, network.inputs);
  switch (network.inputs) {
    case 1:
      return onLine(network, lo, hi, options);
    case 2:
      return inPlane(document, { lo, hi }, options);
    case 3:
      return inSpace(document, { lo, hi }, options);
    default:
      throw new UserError(
        `${file}: domain is a box of ${network.inputs} dimensions: regions are counted in 1, 2 or 3, or on a slice`,
      );
  }
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
    return {
      activation_regions: found.regions,
      linear_components: found.linearRegions,
      distinct_affine_maps: found.distinctMaps,
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

async function inSpace(
  document: NetworkDocument,
  domain: { lo: number[]; hi: number[] },
  { workers }: RegionsOptions,
): Promise<Report> {
  const start = performance.now();
  const found = await countSpace(document.network, domain, { workers }).catch((error: unknown) =>
    blame(document.file, () => {
      throw error;
    }),
  );
  return {
    activation_regions: found.regions,
    cells_after_each_hidden_layer: found.cellsAfterEachLayer,
    certified: found.certified,
    ...costs(found.regions, start, found.workers),
  };
}
