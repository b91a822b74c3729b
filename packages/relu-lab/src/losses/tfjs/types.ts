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
