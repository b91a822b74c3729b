/** A named array of numbers, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What a file of weights does not say, and its reader therefore has to be told. */
export interface ChainOptions {
  /** What stands behind every layer but the last: ReLU when not given, which the notes then say. */
  readonly activation?: "relu" | { readonly leaky: number };
  /** What stands behind the last layer: nothing when not given. */
  readonly last?: "relu" | "linear";
  /** Names of the layers in their order; the name of a group stands for all layers in it. */
  readonly layers?: readonly string[];
}
