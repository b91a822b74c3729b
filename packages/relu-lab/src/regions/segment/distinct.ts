import type { ReluNetwork } from "../../network";
import type { Line } from "./cell";
import { CellRefinement } from "./cells";

/** The number of different affine maps of t on a segment, in integers. */
export function countDistinctMaps(network: ReluNetwork, line: Line): number {
  const refinement = new CellRefinement(network, line);
  return new Set(refinement.all().map((cell) => refinement.exact.mapKey(cell))).size;
}
