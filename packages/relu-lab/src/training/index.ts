export { sawtoothBatch, tableBatch, type BatchSource, type GradedBatch } from "./batch";
export { finalOnly, geometric, logarithmic, weighted, type Grading } from "./grading";
export { breakpointChain, heChain, mirrorChain, type ChainShape } from "./chain-starts";
export {
  trainChains,
  type ChainStart,
  type GradedTraining,
  type TrainedChain,
  type Wiring,
} from "./graded-chains";
export { bentChain, sumOfChains, type BentMap, type ReadOutWeights } from "./scalar-blocks";
export { frontierSteps, trainFrontier, type FrontierResult, type FrontierTraining } from "./frontier";
export {
  coupledWeights,
  peakOf,
  tent,
  tentNetwork,
  tentValue,
  type TentChain,
  type TentFunction,
} from "./tents";
export { descendTents, tentStart, type TentDescent } from "./tent-descent";
export { fitTents, type TentFit } from "./tent-least-squares";
export { unfold, type Unfolding, type UnfoldOptions } from "./unfold";
