export { unitBox, uniformPoints, volume } from "./box";
export { kacRiceLoss, lengthLoss, type DensityOptions } from "./densities";
export {
  intersectionPenalty,
  pairKinds,
  type IntersectionOptions,
  type PairKind,
} from "./intersection-penalty";
export { criticalOrbitLoss, type CriticalOrbitOptions, type TentTensors } from "./critical-orbit";
export { depthGradedLoss, depthGradedWeights } from "./depth-graded";
export * from "./tape";
export { sliceLayers } from "./slice";
export { always, switchedOff, type LossSchedule } from "./schedule";
export {
  criticalOrbitReference,
  intersectionReference,
  kacRiceReference,
  lengthReference,
} from "./reference";
export type { Box, LayerTensors, Points, TensorLike } from "./types";
