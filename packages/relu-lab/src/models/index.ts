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
