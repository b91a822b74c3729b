export {
  disableTraining,
  enableTraining,
  supportedVersion,
  trainingActive,
  trainingStatus,
  type TrainingStatus,
} from "./enable";
export { overridden } from "./overrides";
export { dense, type Activation } from "./ops/dense";
export { convolution, type ConvolutionOptions } from "./ops/convolution";
export { countCorrect, softmaxCrossEntropy } from "./ops/loss";
export { gatherImages } from "./ops/images";
export { adam, FusedAdam } from "./optimisers/adam";
export { FusedMomentum, momentum } from "./optimisers/momentum";
