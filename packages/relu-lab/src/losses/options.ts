import type { Box, Points } from "./box";

/** Where and how sharply boundaries are felt. */
export interface DensityOptions {
  /** Points at which the expectation is taken, uniform in the box: see {@link uniformPoints}. */
  readonly points: Points;
  /** Width h of the Gaussian; 0.15 when not given. */
  readonly bandwidth?: number;
  /** The domain; [-1, 1]^n when not given. */
  readonly box?: Box;
}

/** Under the root of a slope's length: a neuron that is off everywhere has none, and would give NaN. */
export const smallestSquare = 1e-12;
/** Under the logarithm: finite even when no boundary is near any point. */
export const smallestDensity = 1e-12;

/** The three kinds of pairs: two of the first layer, one of each, two of the second. */
export type PairKind = "first" | "mixed" | "second";
/** All kinds of pairs of neurons whose boundaries can meet. */
export const pairKinds: readonly PairKind[] = ["first", "mixed", "second"];

/** Which intersections, and where they should lie. */
export interface IntersectionOptions {
  /** Points whose activation regions are asked; 8 a step are enough. */
  readonly points: Points;
  /** How far inside an intersection should lie; 0.05 when not given. */
  readonly margin?: number;
  /** The domain; [-1, 1]^2 when not given. */
  readonly box?: Box;
  /** All three when not given. */
  readonly pairs?: readonly PairKind[];
}

/** Rows shorter than this (squared) are no lines: such a neuron is constant, and meets nothing. */
export const shortestLine = 1e-10;

/**
 * Lines whose angle has a smaller sine are parallel: no side of a region is asked of them, only the box. In a region where
 * one neuron is active all second-layer lines are parallel, and the sign of their sine would be rounding's.
 */
export const smallestSine = 1e-5;

/** How far each inequality must hold, and the form of the maps. */
export interface CriticalOrbitOptions {
  /** 0.05 when not given. */
  readonly margin?: number;
  /** How steep each side of a tent must be at least; 0.1 when not given. */
  readonly slope?: number;
  /** Whether a ReLU follows each map, as in the naive sawtooth network; true when not given. */
  readonly outerRelu?: boolean;
}

/** The second hinge's weight is not taken smaller than this: its place is a quotient. */
export const smallestHinge = 1e-3;
