// The kernels, on the memory of the TensorFlow.js wasm backend: addresses in, nothing allocated, no data segment.
export { product, productScratch } from "./product";
export { setPooling, setShape } from "./convolution-shape";
export { convolutionScratch } from "./convolution-scratch";
export { convolve } from "./convolution-forward";
export { filterGradient } from "./convolution-filter-gradient";
export { inputGradient } from "./convolution-input-gradient";
export { maxPoolGradient } from "./pooling";
export { activationGradient, columnSums, scale } from "./activation";
export { softmaxCrossEntropy, countCorrect } from "./loss";
export { crossentropy, crossentropyGradient } from "./crossentropy";
export { scaleBytes } from "./images";
export { addRow, copyRows } from "./rows";
export { momentumStep, adamStep } from "./optimisers";
