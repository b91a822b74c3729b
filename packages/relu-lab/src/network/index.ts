export {
  ReluNetwork,
  type Activation,
  type DenseLayer,
  type LayerSpec,
  type SparseLayerSpec,
} from "./relu-network";
export { type SparseRows } from "./sparse-rows";
export { fromBlocks, type Block, type BlockActivation, type ImageShape } from "./blocks";
export { compose } from "./compose";
export { heNetwork } from "./initialise";
export { networkFromJson, networkToJson, type Domain, type NetworkJson } from "./json";
