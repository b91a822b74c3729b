import { commonScale, toInteger } from "../arithmetic/integers";
import type { IntegerRow } from "./elimination";

/** A hyperplane that bounds a domain. */
export interface Face {
  /** The hidden neuron that vanishes on it, or -1 - k for face k. */
  readonly id: number;
  /** Coefficients, and by how much they may be wrong anywhere in the domain. */
  readonly row: readonly number[];
  readonly error: number;
  readonly exact: IntegerRow;
}

/** A corner of a domain in homogeneous coordinates. */
export interface Corner {
  readonly point: readonly number[];
  /** No true coordinate is farther away. */
  readonly radius: number;
  /** The indices of the faces it lies on. */
  readonly faces: readonly number[];
}

/** A simple polytope of homogeneous points in which regions are counted. */
export interface Domain {
  readonly corners: readonly Corner[];
  readonly faces: readonly Face[];
  /** A functional that is 1 on the domain, up to an error; and exactly, times a positive factor. */
  readonly height: readonly number[];
  readonly heightError: number;
  readonly exactHeight: IntegerRow;
}

/** What {@link checkedBox} gives: finite bounds, lo below hi. */
export interface Box {
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

/** The integers that doubles are, times one power of two. */
export function integersOf(values: readonly number[]): bigint[] {
  const scale = commonScale(values);
  return values.map((value) => toInteger(value, scale));
}

/** A box of d dimensions: 2 d faces, 2^d corners. */
export function boxDomain({ lo, hi }: Box): Domain {
  const d = lo.length;
  const faces = Array.from({ length: 2 * d }, (_, k): Face => {
    const row = new Array<number>(d + 1).fill(0);
    row[k >> 1] = 1;
    row[d] = -(k & 1 ? hi : lo)[k >> 1];
    return { id: -1 - k, row, error: 0, exact: integersOf(row) };
  });
  const corners = Array.from({ length: 2 ** d }, (_, v): Corner => {
    const high = (k: number): number => (v >> k) & 1;
    const point = Array.from({ length: d + 1 }, (_c, k) => (k === d ? 1 : (high(k) ? hi : lo)[k]));
    return { point, radius: 0, faces: Array.from({ length: d }, (_c, k) => 2 * k + high(k)) };
  });
  const height = new Array<number>(d + 1).fill(0);
  height[d] = 1;
  return { corners, faces, height, heightError: 0, exactHeight: integersOf(height) };
}
