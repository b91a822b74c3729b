// A stack of working memory: the walk is depth first, so what a cell needs is released when its subtree is done.

let top: usize = 0;
let limit: usize = 0;

/** Empties the stack. What `reserve` took stays taken until the next call. */
export function resetArena(): void {
  top = (__heap_base + 15) & ~(<usize>15);
  limit = <usize>memory.size() << 16;
}

/** Memory for `bytes` bytes, aligned to 16. */
// @ts-ignore: decorator
@inline
export function alloc(bytes: usize): usize {
  const at = top;
  top = (at + bytes + 15) & ~(<usize>15);
  if (top > limit) grow();
  return at;
}

function grow(): void {
  // 1 MiB at a time at least: growing is slow.
  const pages = <i32>((top - limit + 0xfffff) >> 16);
  if (memory.grow(pages) < 0) unreachable();
  limit = <usize>memory.size() << 16;
}

// @ts-ignore: decorator
@inline
export function mark(): usize {
  return top;
}

// @ts-ignore: decorator
@inline
export function release(to: usize): void {
  top = to;
}
