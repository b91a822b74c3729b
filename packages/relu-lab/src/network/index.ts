export { ReluNetwork, type Activation, type DenseLayer, type LayerSpec } from "./relu-network";
export { compose } from "./compose";
export { heNetwork } from "./initialise";
export { networkFromJson, networkToJson, type Domain, type NetworkJson } from "./json";
