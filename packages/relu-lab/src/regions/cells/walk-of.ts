import type { ReluNetwork } from "../../network";
import { planOf } from "../plan/plan";
import { limitOf, type WalkOptions } from "../walk/options";
import { boxDomain, type Box } from "./domain";
import type { CellsWalk } from "./engine";
import { MOST_NEURONS } from "./exact";
import { MOST_DIMENSIONS } from "./modules";
import type { CellsDomain } from "./types";
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
      `${dimensions} dimensions: regions can be counted in ${MOST_DIMENSIONS} at most; explore those around a point instead (regions.explore)`,
    );
  }
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
  const layers = hidden.slice(0, last + 1);
  const neurons = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  if (neurons >= MOST_NEURONS) {
    throw new RangeError(`${neurons} hidden neurons: regions can be counted for ${MOST_NEURONS - 1} at most`);
  }
  const box =
    "type" in domain && domain.type === "whole" ? undefined : checkBox(domain as Box, network.inputs);
  if (box) checkDimensions(network.inputs);
  const { hidden: own, cones } =
    layers.length === 0
      ? { hidden: layers, cones: [] }
      : box
        ? { hidden: layers, cones: [boxDomain(box)] }
        : wholeSpace(layers, checkDimensions);
  // Without threads no shared memory, which a page may not have.
  const words = options.onWorkers ? new SharedArrayBuffer(8) : new ArrayBuffer(8);
  return {
    hidden: own,
    domains: cones,
    certified: options.certified ?? true,
    limit,
    control: new Int32Array(words),
  };
}
