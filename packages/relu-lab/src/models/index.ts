export { fitSvd, SvdClassifier, type ColumnAccuracy, type Mistake, type SvdOptions } from "./svd";
export { type ClassBasis } from "./svd-kernel";
export {
  networkFromLayersModel,
  toLayersModel,
  type FromLayersModelOptions,
  type LayersModelLike,
} from "./layers-model";
export { bestColumns, type BestColumns } from "./best-columns";
export { confusionRows, type ConfusionRow } from "./confusion";
export {
  architectureName,
  convolutional,
  feedforward,
  parameterCount,
  type Architecture,
  type ConvolutionalOptions,
  type ConvolutionDescription,
  type DenseDescription,
  type LayerDescription,
  type LayerShape,
} from "./architecture";
export { firstLayerFilters, type Filter } from "./filters";
export { ImageClassifier, type Evaluation } from "./image-classifier";
export { type OptimiserDescription } from "./optimiser-description";
export { sweep, type SweepOptions } from "./sweep";
export { type SweepResult, type SweepRun } from "./sweep-run";
export { DivergedError, train, type TrainOptions, type TrainProgress, type TrainResult } from "./train";
export type { EpochRecord } from "./epoch-record";
