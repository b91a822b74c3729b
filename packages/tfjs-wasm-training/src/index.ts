export { disableTraining, enableTraining, supportedVersion } from "./enable";
export { trainingActive, trainingStatus, type TrainingStatus } from "./status";
export { overridden } from "./overrides";
export { dense, type Activation } from "./ops/dense";
export { convolution, type ConvolutionOptions } from "./ops/convolution";
export { countCorrect, softmaxCrossEntropy } from "./ops/loss";
export { gatherImages } from "./ops/images";
export { adam, FusedAdam } from "./optimisers/adam";
export { FusedMomentum, momentum } from "./optimisers/momentum";
