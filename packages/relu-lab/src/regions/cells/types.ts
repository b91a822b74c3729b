import type { Box } from "./domain";

/** The whole input space. */
export interface WholeSpace {
  readonly type: "whole";
}

/** A slice of the inputs: the points origin + t_1 u_1 + ... + t_d u_d of exactly these doubles, with t in a box. */
export interface SpaceSliceDomain {
  readonly origin: ArrayLike<number>;
  /** d independent directions, each as long as the origin. */
  readonly directions: readonly ArrayLike<number>[];
  /** The box of t. */
  readonly bounds: Box;
}

/** Where cells are counted: a box, a slice, or everywhere. */
export type CellsDomain = Box | SpaceSliceDomain | WholeSpace;
