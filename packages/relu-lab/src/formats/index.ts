export { networkFromOnnx, type OnnxNetwork } from "./onnx/network";
export { type ReadBeside } from "./onnx/tensors";
export { networkFromSafetensors, readSafetensors, type NamedTensor } from "./safetensors";
