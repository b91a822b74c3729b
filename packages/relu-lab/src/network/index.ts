export { ReluNetwork, type Activation, type DenseLayer, type LayerSpec } from "./relu-network";
export { fromBlocks, type Block, type BlockActivation, type ImageShape } from "./blocks";
export { compose } from "./compose";
export { heNetwork } from "./initialise";
export { networkFromJson, networkToJson, type Domain, type NetworkJson } from "./json";
