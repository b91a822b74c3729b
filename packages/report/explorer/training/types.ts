import type { Look, Picture } from "../picture/types";
import type { TargetName } from "./targets";

/** What two networks are to learn, and how: one on the target alone, one with more regions promoted as well. */
export interface Lesson {
  readonly target: TargetName;
  /** Neurons of each hidden layer. */
  readonly hidden: readonly number[];
  readonly seed: number;
  /** Weight of the anti-regularising loss in the second network's training. */
  readonly weight: number;
  /** Steps of the optimiser from one picture to the next. */
  readonly every: number;
}

/** How both networks are drawn; `pixels` of earlier pictures are written over. */
export type Sight = Pick<Look, "size" | "colouring" | "fine"> & {
  readonly pixels?: readonly (ArrayBuffer | undefined)[];
};

/** A network at a step of its training. */
export interface Pupil {
  readonly picture: Picture;
  /** Mean squared error at the batch of the last step; NaN before the first one. */
  readonly fit: number;
  readonly parameters: Float64Array;
}

/** Both networks at one step; a network whose weights are no longer finite is missing. */
export interface Learned {
  readonly step: number;
  /** Whether this was the last step. */
  readonly done: boolean;
  readonly pupils: readonly (Pupil | undefined)[];
}
