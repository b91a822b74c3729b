export { fitSvd, SvdClassifier, type ColumnAccuracy, type SvdOptions } from "./svd";
export { type ClassBasis } from "./svd-kernel";
export {
  networkFromLayersModel,
  toLayersModel,
  type FromLayersModelOptions,
  type LayersModelLike,
} from "./layers-model";
