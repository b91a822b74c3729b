export { readNetwork, type NetworkFile } from "./file";
export { networkFromLayersModel, type FromLayersModelOptions, type LayersModelLike } from "./layers-model";
export { networkFromOnnx, type OnnxNetwork } from "./onnx/network";
export { type ReadBeside } from "./beside";
export { networkFromSafetensors, readSafetensors, type NamedTensor } from "./safetensors";
export { networkFromTfjs, type TfjsNetwork } from "./tfjs/network";
