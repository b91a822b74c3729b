// What every part of the engine shares: the network's shape, the limits, the counters, and the stack of nodes.

/** Half a unit in the last place of 1. */
export const U: f64 = 1.1102230246251565e-16;
/** Larger than any loss by underflow in the formulas of exactness.md. */
export const ETA: f64 = 1e-290;

/** gamma_n of exactness.md: the relative error of n roundings, n up to about 10^12. */
@inline
export function gamma(n: f64): f64 {
  return 1.001 * n * U;
}

export class Net {
  /** Hidden layers. */
  static layers: i32 = 0;
  /** 1 when an output layer follows, which is folded but never bounded or split. */
  static outputs: i32 = 0;
  static neurons: i32 = 0;
  /** f64 a neuron: the slope below zero (0 for a ReLU, 1 for a linear neuron). */
  static slopes: usize = 0;
  /** u8 a neuron: 1 on, 0 off; meaningful once the neuron is decided on the current polygon. */
  static states: usize = 0;
  /** i32 a neuron: the first neuron of its layer whose row is a multiple of its own. */
  static classes: usize = 0;
  /** Largest |x| and |y| of the domain, and its diameter. */
  static X: f64 = 0;
  static Y: f64 = 0;
  static diameter: f64 = 0;
  static certified: bool = true;
  /** Whether rows are lists of non-zeros (sparse-fold.ts). */
  static sparse: bool = false;
  /** The neurons without a column, with what they sum up: neuron, number of terms, terms (i32 each); and their end. */
  static sums: usize = 0;
  static sumsEnd: usize = 0;
  /** Likewise rows of few terms without a constant: where all terms are off they are off, though they may count as on. */
  static zeroable: usize = 0;
  static zeroableEnd: usize = 0;
  /** u8 a neuron: the states as the patterns of a sparse network show them. */
  static shown: usize = 0;
}

export class Run {
  static regions: i64 = 0;
  static nodes: i64 = 0;
  /** i64 a hidden layer. */
  static cells: usize = 0;
  static fallbacks: i64 = 0;
  /** Of them, those asked within a claimed subtree. */
  static claimedFallbacks: i64 = 0;
  static stopped: bool = false;
  /** At so many regions `progress` is asked whether to go on. */
  static regionLimit: i64 = 0;
  static enumerating: bool = false;
  /** Subtrees at this depth are claimed one by one; negative when one worker does it all. */
  static claimDepth: i32 = -1;
  /** Subtrees met so far, claimed or not: the next one's number. */
  static subtrees: i32 = 0;
  /** Whether this worker answers for what lies above the subtrees, which every worker walks alike. */
  static first: bool = true;
}

/** The stack of nodes: allocated downwards the tree, given back on return. */
export class Stack {
  static top: usize = 0;
  static end: usize = 0;
}

@inline
export function allocate(bytes: usize): usize {
  const at = Stack.top;
  Stack.top = at + ((bytes + 15) & ~15);
  if (Stack.top > Stack.end) unreachable();
  return at;
}

export class Heap {
  static top: usize = 0;
}

/** Memory is asked for in steps of at least 4 MiB; untouched pages cost nothing. */
const GROW_PAGES: i32 = 64;

/** Room that is kept until the next reset; 0 when there is none. */
export function reserveIfPossible(bytes: usize): usize {
  const at = Heap.top;
  const end = (<u64>at + <u64>bytes + 63) & ~63;
  if (end > 0xffff0000) return 0;
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(max(pages, GROW_PAGES)) < 0 && memory.grow(pages) < 0) return 0;
  Heap.top = <usize>end;
  return at;
}

/** Room that is kept until the next reset. */
export function reserve(bytes: usize): usize {
  const at = reserveIfPossible(bytes);
  if (at === 0) unreachable();
  return at;
}

/**
 * Decides in exact integers: the sign of a neuron's row where the lines of two neurons or domain edges meet. 2 stands for
 * a row that is zero everywhere, 3 says that the walk is to stop.
 */
// @ts-ignore: a decorator
@external("env", "exactSign")
export declare function exactSign(neuron: i32, first: i32, second: i32): i32;

/** Whether this worker may take a subtree. */
// @ts-ignore: a decorator
@external("env", "claim")
export declare function claim(subtree: i32): i32;

/** Reports the number of regions so far, and answers with the number at which to ask again: no more than that stops. */
// @ts-ignore: a decorator
@external("env", "progress")
export declare function progress(regions: f64): f64;
