// Apart from optimiser.ts, so that a notebook which reads these types does not read those of TensorFlow.js.

/** How weights follow their gradients. */
export type OptimiserDescription =
  | { readonly name: "adam"; readonly rate: number }
  | { readonly name: "momentum"; readonly rate: number; readonly momentum: number };

/** An optimiser's memory: steps taken, and the moments of each variable in order. */
export interface OptimiserNumbers {
  readonly steps: number;
  readonly moments: Float32Array[][];
}
