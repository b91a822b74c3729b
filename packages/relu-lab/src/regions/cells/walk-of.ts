import type { ReluNetwork } from "../../network";
import { planOf, type PlanLayer } from "../plan/plan";
import { limitOf, type WalkOptions } from "../walk/options";
import { boxDomain, integersOf, type Box } from "./domain";
import type { CellsWalk } from "./engine";
import { Echelon } from "./elimination";
import { MOST_NEURONS } from "./exact";
import { MOST_DIMENSIONS } from "./modules";
import type { CellsDomain, SpaceSliceDomain, WholeSpace } from "./types";
import { wholeSpace } from "./whole";

function checkBox(box: Box, inputs: number): Box {
  for (const name of ["lo", "hi"] as const) {
    const values: unknown = box?.[name];
    if (values === null || typeof values !== "object" || (values as ArrayLike<number>).length !== inputs) {
      throw new TypeError(`box.${name} must be an array of ${inputs} numbers, but is ${String(values)}`);
    }
    Array.from(values as ArrayLike<unknown>).forEach((value, i) => {
      if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 1e60) {
        throw new RangeError(
          `box.${name}[${i}] is ${String(value)}: it must be a number of at most 1e60 in size`,
        );
      }
    });
  }
  for (let i = 0; i < inputs; i++) {
    if (!(box.lo[i] < box.hi[i])) {
      throw new RangeError(
        `box: lo[${i}] = ${box.lo[i]} is not below hi[${i}] = ${box.hi[i]}; the box is empty`,
      );
    }
  }
  return box;
}

function checkDimensions(dimensions: number): void {
  if (dimensions > MOST_DIMENSIONS) {
    throw new RangeError(
      `${dimensions} dimensions: regions can be counted in ${MOST_DIMENSIONS} at most; take a slice or a plane through them instead`,
    );
  }
}

/** The layer without ReLUs that turns coordinates of a slice into inputs. */
function sliceLayer({ origin, directions }: SpaceSliceDomain, inputs: number): PlanLayer {
  const vectors = [origin, ...directions].map((vector, k) => {
    const values = Array.from(vector);
    const name = k === 0 ? "origin" : `directions[${k - 1}]`;
    if (values.length !== inputs || !values.every((value) => Number.isFinite(value))) {
      throw new RangeError(
        `domain.${name} must be ${inputs} finite numbers, one for each input of the network`,
      );
    }
    return values;
  });
  const independent = new Echelon();
  vectors.slice(1).forEach((direction, k) => {
    if (!independent.take(integersOf(direction))) {
      throw new RangeError(`domain.directions[${k}] depends on those before it: give independent directions`);
    }
  });
  const weights = Float64Array.from(
    Array.from({ length: inputs }, (_, i) => vectors.slice(1).map((direction) => direction[i])).flat(),
  );
  const biases = Float64Array.from(vectors[0]);
  return { inputs: directions.length, outputs: inputs, weights, biases, slope: 1 };
}

const isWhole = (domain: CellsDomain): domain is WholeSpace =>
  (domain as WholeSpace | null)?.type === "whole";

const isSlice = (domain: CellsDomain): domain is SpaceSliceDomain =>
  (domain as SpaceSliceDomain | null)?.directions !== undefined;

/** The layers with those of a domain before them, and its box in their inputs; no box: the whole space. */
function placed(
  layers: readonly PlanLayer[],
  domain: CellsDomain,
  inputs: number,
): { layers: readonly PlanLayer[]; box?: Box } {
  if (isWhole(domain)) return { layers };
  if (!isSlice(domain)) {
    checkDimensions(inputs);
    return { layers, box: checkBox(domain, inputs) };
  }
  checkDimensions(domain.directions.length);
  const box = checkBox(domain.bounds, domain.directions.length);
  return { layers: [sliceLayer(domain, inputs), ...layers], box };
}

/**
 * The walk of a network in a box or on the whole space; without domains where there is one region.
 *
 * @throws RangeError or TypeError naming what is wrong with the domain, the network or the limit
 */
export function walkOf(
  network: ReluNetwork,
  domain: CellsDomain,
  options: WalkOptions & { readonly onWorkers?: boolean },
): CellsWalk {
  const limit = limitOf(options);
  const { hidden } = planOf(network);
  let last = hidden.length - 1;
  while (last >= 0 && hidden[last].slope === 1) last--;
  const own = hidden.slice(0, last + 1);
  const { layers, box } = placed(own, domain, network.inputs);
  const neurons = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  if (neurons >= MOST_NEURONS) {
    throw new RangeError(`${neurons} hidden neurons: regions can be counted for ${MOST_NEURONS - 1} at most`);
  }
  const walked =
    own.length === 0
      ? { hidden: own, cones: [] }
      : box
        ? { hidden: layers, cones: [boxDomain(box)] }
        : wholeSpace(layers, checkDimensions);
  // Without threads no shared memory, which a page may not have.
  const words = options.onWorkers ? new SharedArrayBuffer(8) : new ArrayBuffer(8);
  return {
    hidden: walked.hidden,
    domains: walked.cones,
    certified: options.certified ?? true,
    limit,
    control: new Int32Array(words),
  };
}
