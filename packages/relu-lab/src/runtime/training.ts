/**
 * Puts the training kernels of tfjs-wasm-training on the wasm backend, which as shipped trains badly or not at all.
 * Its self-test switches them off, with one line, when the backend is not as expected.
 */
export function startTrainingKernels(): void {
  const { enableTraining } = require("tfjs-wasm-training") as typeof import("tfjs-wasm-training");
  enableTraining();
}
