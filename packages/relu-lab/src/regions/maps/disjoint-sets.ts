/** Disjoint sets of 0 .. length - 1, with path halving. */
export class DisjointSets {
  private readonly parents: Uint32Array;
  /** Number of sets. */
  count: number;

  constructor(length: number) {
    this.parents = new Uint32Array(length);
    for (let i = 0; i < length; i++) this.parents[i] = i;
    this.count = length;
  }

  find(i: number): number {
    const { parents } = this;
    while (parents[i] !== i) {
      parents[i] = parents[parents[i]];
      i = parents[i];
    }
    return i;
  }

  /** Merges two sets under the smaller of their roots. */
  unite(i: number, j: number): void {
    const [a, b] = [this.find(i), this.find(j)];
    if (a === b) return;
    this.parents[Math.max(a, b)] = Math.min(a, b);
    this.count--;
  }

  /** For each element the number of its set, in order of first elements. */
  labels(): Uint32Array {
    const { parents } = this;
    const labels = new Uint32Array(parents.length);
    let next = 0;
    for (let i = 0; i < labels.length; i++) {
      const root = this.find(i);
      labels[i] = root === i ? next++ : labels[root]; // a root is the smallest of its set
    }
    return labels;
  }
}
