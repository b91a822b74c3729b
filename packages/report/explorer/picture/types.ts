import type { ReluNetwork } from "relu-lab/network";
import type { BoxDomain, PlaneDomain } from "relu-lab/regions/plane";

/** What gives a region its colour: its pattern, the length of its gradient, or the network's answer. */
export type Colouring = "pattern" | "gradient" | "output";

/** How a picture is drawn. */
export interface Look {
  /** The part of the plane that is seen. */
  readonly view: BoxDomain;
  /** Pixels in each direction. */
  readonly size: number;
  readonly colouring: Colouring;
  /** Two samples a pixel in each direction where it is not large, and linear regions counted: for a picture that stays. */
  readonly fine: boolean;
}

/** What is looked at: a network as plain data (without it the one of the last picture), and where. */
export interface Seen {
  readonly layers?: ReturnType<ReluNetwork["specs"]>;
  readonly domain: PlaneDomain;
}

/** A picture that is wanted; `pixels` of an earlier one are written over. */
export interface PictureRequest extends Look, Seen {
  readonly pixels?: ArrayBuffer;
}

/** A picture, and what was counted. */
export interface Picture {
  /** Red, green, blue, alpha, row by row from the top. */
  readonly pixels: ArrayBuffer;
  readonly size: number;
  readonly regions: number;
  readonly cellsAfterEachLayer: readonly number[];
  /** Only in a fine picture. */
  readonly linearRegions?: number;
  readonly certified: boolean;
  /** ms that counting took, and drawing. */
  readonly counting: number;
  readonly drawing: number;
}

/** The region under a point of a picture. */
export interface PointedAt {
  readonly region: number;
  /** Which neurons are on, layer by layer. */
  readonly pattern: readonly (readonly boolean[])[];
  readonly area: number;
  /** The first output's slopes along both axes. */
  readonly gradient: readonly [number, number];
  /** All outputs at the point. */
  readonly outputs: readonly number[];
  /** The neuron that separates it from the neighbour across the nearest edge: layer from 1, neuron from 1; null at the border. */
  readonly separating: { readonly layer: number; readonly neuron: number } | null;
  /** The region's corners, x and y. */
  readonly corners: readonly number[];
  /** The two ends of the nearest edge, x and y. */
  readonly edge: readonly [number, number, number, number];
  readonly point: readonly [number, number];
}
