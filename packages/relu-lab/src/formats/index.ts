export { readNetwork, type NetworkFile, type ReadOptions } from "./file";
export { networkFromLayersModel, type FromLayersModelOptions, type LayersModelLike } from "./layers-model";
export { networkFromOnnx, type FromOnnxOptions, type OnnxNetwork } from "./onnx/network";
export { type Port } from "./graph/compile";
export { type ReadBeside } from "./beside";
export { networkFromTensors, type ChainNetwork, type NamedFormat } from "./named/chain";
export { type ChainOptions } from "./named/tensor";
export { networkFromSafetensors, readSafetensors, type NamedTensor } from "./safetensors";
export { networkFromTfjs, type FromTfjsOptions, type TfjsNetwork } from "./tfjs/network";
