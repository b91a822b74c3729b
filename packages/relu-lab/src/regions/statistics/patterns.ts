import type { PatternTable } from "../maps";

/**
 * The number of different activation patterns among regions: counted, not assumed, so that a region that was found twice
 * would show.
 *
 * @param found regions on a segment, on a plane or in space
 * @returns their number; equal to `found.count` when every region was found once
 * @example
 * countPatterns(spaceSync(network, { lo: [-1, -1, -1], hi: [1, 1, 1] }));
 */
export function countPatterns({ count, patterns, patternWords }: PatternTable): number {
  const seen = new Set<string>();
  for (let r = 0; r < count; r++)
    seen.add(patterns.subarray(r * patternWords, (r + 1) * patternWords).join());
  return seen.size;
}
