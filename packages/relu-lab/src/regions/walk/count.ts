/** What a walk that only counts finds. */
export interface WalkCount {
  /** Activation regions: full-dimensional cells of the domain on which every hidden neuron keeps its sign. */
  readonly regions: number;
  /** Cells of the first 1, 2, ... hidden layers; the last entry is `regions`. */
  readonly cellsAfterEachLayer: number[];
  /** Every decision was certain, and nothing was cut short. */
  readonly certified: boolean;
  /** Whether the walk reached its end; false when a limit stopped it (the counts are then lower bounds). */
  readonly complete: boolean;
  /** How often a sign had to be decided in exact integers. */
  readonly fallbacks: number;
  readonly seconds: number;
  readonly workers: number;
}

/** What one thread counted. */
export interface WalkShare {
  readonly regions: number;
  /** Cells of each hidden layer. */
  readonly cells: number[];
  readonly fallbacks: number;
  /** Whether the thread reached the end of its share. */
  readonly complete: boolean;
}

/** The shares of all threads as one count, which the walk's clock has still to time. */
export function sumOf(shares: readonly WalkShare[], certified: boolean): Omit<WalkCount, "seconds"> {
  const sum = (of: (share: WalkShare) => number): number => shares.reduce((s, share) => s + of(share), 0);
  const complete = shares.every((share) => share.complete);
  return {
    regions: sum((share) => share.regions),
    cellsAfterEachLayer: shares[0].cells.map((_, l) => sum((share) => share.cells[l])),
    certified: certified && complete,
    complete,
    fallbacks: sum((share) => share.fallbacks),
    workers: shares.length,
  };
}
