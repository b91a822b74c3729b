import type { PatternTable } from "../maps";

/** Finds a region by its activation pattern: open addressing over the flat patterns. */
export class PatternIndex {
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(private readonly found: PatternTable) {
    let size = 4;
    while (size < 2 * found.count) size *= 2;
    this.mask = size - 1;
    this.slots = new Int32Array(size).fill(-1);
    for (let r = 0; r < found.count; r++) {
      let slot = this.hash(found.patterns, r * found.patternWords);
      while (this.slots[slot] >= 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = r;
    }
  }

  /** The region with this pattern, or -1. */
  find(pattern: Uint32Array): number {
    const { patterns, patternWords } = this.found;
    for (let slot = this.hash(pattern, 0); this.slots[slot] >= 0; slot = (slot + 1) & this.mask) {
      const at = this.slots[slot] * patternWords;
      let same = true;
      for (let w = 0; same && w < patternWords; w++) same = patterns[at + w] === pattern[w];
      if (same) return this.slots[slot];
    }
    return -1;
  }

  private hash(words: Uint32Array, from: number): number {
    let h = 0;
    for (let w = 0; w < this.found.patternWords; w++) {
      h = Math.imul(h ^ words[from + w], 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h & this.mask;
  }
}
