/** What is used of a tensor: tfjs's own types would burden every notebook cell. */
export interface TensorLike {
  readonly shape: number[];
  /** The numbers, row-major. */
  dataSync(): ArrayLike<number>;
  /** Gives its memory back. */
  dispose(): void;
}

/** One layer's weights as tf.layers keeps them: kernel [inputs, outputs], bias [outputs]. */
export interface LayerTensors {
  readonly kernel: TensorLike;
  readonly bias: TensorLike;
}

/** A box, one number a coordinate. */
export interface Box {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Points, one array of coordinates each. */
export type Points = readonly (readonly number[])[];
