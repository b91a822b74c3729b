import { tensorflow } from "../runtime";

/** TensorFlow.js with its types, and the operations and optimisers of tfjs-wasm-training, loaded when first needed. */
export type Tfjs = typeof import("@tensorflow/tfjs");
export type Own = typeof import("tfjs-wasm-training");
export type Tensor = import("@tensorflow/tfjs").Tensor;
export type Variable = import("@tensorflow/tfjs").Variable;

export const tfjs = () => tensorflow<Tfjs>();

/**
 * Operations that are fast on the wasm backend and made of stock ones elsewhere.
 * `tensorflow()` comes first: it decides which TensorFlow.js all share.
 */
export function own(): Own {
  tensorflow();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- after the runtime has chosen, not at import
  return require("tfjs-wasm-training") as Own;
}
