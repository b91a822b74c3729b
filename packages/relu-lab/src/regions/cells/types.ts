import type { Box } from "./domain";

/** The whole input space. */
export interface WholeSpace {
  readonly type: "whole";
}

/** Where cells are counted: a box, or everywhere. */
export type CellsDomain = Box | WholeSpace;
