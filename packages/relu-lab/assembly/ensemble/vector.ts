// Two trials to a vector: lane 0 and lane 1 never meet. Places of the heap are counted in vectors of 16 bytes.

export const zero: v128 = f64x2.splat(0);
export const signBit: v128 = i64x2.splat(i64.MIN_VALUE);

/** Where the heap begins. */
export let heap: usize = 0;
export function setHeap(at: usize): void {
  heap = at;
}

/** Address of a place. */
// @ts-ignore: decorator
@inline
export function address(place: i32): usize {
  return heap + (<usize>place << 4);
}

// @ts-ignore: decorator
@inline
export function get(at: usize): v128 {
  return v128.load(at);
}

// @ts-ignore: decorator
@inline
export function put(at: usize, value: v128): void {
  v128.store(at, value);
}

/** The value where the mask is set, else +0. */
// @ts-ignore: decorator
@inline
export function where(value: v128, mask: v128): v128 {
  return v128.and(value, mask);
}

// Loops, not memory.fill and memory.copy: those leave the compiled code, which costs more than a row of samples.
export function clear(at: usize, count: i32): void {
  const end = at + (<usize>count << 4);
  for (; at < end; at += 16) put(at, zero);
}

export function move(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>count << 4);
  for (; to < end; to += 16, from += 16) put(to, get(from));
}
