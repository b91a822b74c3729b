export { criticalOrbitLoss, type TentTensors } from "./critical-orbit";
export { kacRiceLoss, lengthLoss } from "./densities";
export { depthGradedLoss, depthGradedWeights } from "./depth-graded";
export { intersectionPenalty } from "./intersection-penalty";
export { sliceLayers } from "./slice";
export type { LayerTensors, TensorLike } from "./types";
