import type { Block } from "../../network";

/** Joins x W (or a convolution) and a bias that follows: adding to zeros rounds nothing. */
export function withBiases(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const before = joined.at(-1);
    const mergeable =
      before && "b" in before && before.activation === "linear" && Array.from(before.b).every((v) => v === 0);
    if (mergeable && "b" in block && isShift(block, before.b.length))
      joined[joined.length - 1] = { ...before, b: block.b };
    else joined.push(block);
  }
  return joined;
}

function isShift(block: Extract<Block, { b: ArrayLike<number> }>, count: number): boolean {
  const entries = block.type === "dense" ? (block.W as Float64Array) : block.kernel;
  if (block.activation !== "linear" || block.b.length !== count || entries.length !== count * count)
    return false;
  return Array.from(entries).every((v, i) => v === (i % (count + 1) === 0 ? 1 : 0));
}
