import type { Activation, LayerSpec } from "../relu-network";

/** Height, width and channels of an image; numbers lie in this order, channels running fastest. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** ReLU, nothing, or a leaky ReLU: z where z > 0, slope z elsewhere. */
export type BlockActivation = Activation | { readonly leaky: number };

/** A building block of a piecewise-linear network, beyond the plain dense layer. */
export type Block =
  | {
      readonly type: "dense";
      readonly W: LayerSpec["W"];
      readonly b: ArrayLike<number>;
      readonly activation: BlockActivation;
    }
  | {
      readonly type: "convolution";
      /** Flat, in the order [kernel height][kernel width][input channel][output channel]. */
      readonly kernel: ArrayLike<number>;
      readonly size: readonly [height: number, width: number];
      readonly b: ArrayLike<number>;
      /** One step for both directions, or [down, right]. */
      readonly stride?: number | readonly [down: number, right: number];
      /** "same" as TensorFlow has it, or rows and columns of zeros. */
      readonly padding?:
        "valid" | "same" | readonly [top: number, left: number, bottom: number, right: number];
      readonly activation: BlockActivation;
    }
  | {
      readonly type: "average-pool" | "max-pool";
      readonly size: number;
      readonly stride?: number;
    }
  /** An activation alone; after a linear block it becomes that block's own. */
  | { readonly type: "activation"; readonly activation: BlockActivation }
  /** x + F(x): an identity skip around the blocks of F. */
  | { readonly type: "residual"; readonly blocks: readonly Block[] };
