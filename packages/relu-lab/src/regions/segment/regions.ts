import type { ReluNetwork } from "../../network";
import { placeOf, startsOf } from "../plan/places";
import { planOf } from "../plan/plan";
import type { Cell } from "./cell";
import { CellRefinement } from "./cells";
import { point } from "./segment";

/** How {@link segmentRegions} walks. */
export interface SegmentRegionsOptions {
  /** Stop after this many activation intervals, with a partial result (`complete: false`). */
  readonly maximumRegions?: number;
  /** Called now and then with the number of intervals found so far. */
  readonly onProgress?: (regions: number) => void;
  /** Stops the walk within some milliseconds; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Every activation interval of a network on a segment, in flat arrays, from left to right. The patterns are laid out as
 * on a plane, so `regionMap(network, found, i)` is the gradient and constant of interval i in the whole input space.
 */
export interface SegmentRegions {
  /** Number of activation intervals. */
  readonly count: number;
  /** Their ends as t in [0, 1] (up to where a limit stopped); length count + 1. */
  readonly activationKnots: Float64Array;
  /** Words of 32 bits in a pattern. */
  readonly patternWords: number;
  /** `patternWords` words an interval: bit n % 32 of word n / 32 is 1 where hidden neuron n is active. */
  readonly patterns: Uint32Array;
  /** The neurons that switch at inner knot k (between intervals k and k + 1): entries `offsets[k]` to `offsets[k + 1] - 1`. */
  readonly separators: Int32Array;
  readonly separatorOffsets: Uint32Array;
  /** For each interval the affine piece it belongs to (0, 1, ...). */
  readonly pieceOfInterval: Uint32Array;
  /** Number of affine pieces of all outputs together. */
  readonly pieces: number;
  /** Intervals of the first 1, 2, ... hidden layers alone; the last entry is `count`. */
  readonly cellsAfterEachLayer: number[];
  /** Every decision was certain, and nothing was cut short. */
  readonly certified: boolean;
  /** False when a limit stopped the walk. */
  readonly complete: boolean;
  /** Decisions taken in integers. */
  readonly fallbacks: number;
}

/** Intervals of one batch: between two of them the walk reports, and lets others have the thread. */
const BATCH = 256;
const MILLISECONDS = 20;

/** A walk over a segment's intervals, depth first from left to right. */
class SegmentWalk {
  readonly refinement: CellRefinement;
  private readonly words: number;
  private readonly bitStarts: Int32Array;
  private readonly knots: number[] = [];
  private readonly patterns: number[] = [];
  private readonly pieceOf: number[] = [];
  private readonly cells: number[];
  private last: Cell | null = null;
  private readonly walk: Generator<Cell>;
  private complete = false;

  constructor(
    private readonly network: ReluNetwork,
    from: Float64Array,
    to: Float64Array,
    private readonly limit: number,
  ) {
    this.refinement = new CellRefinement(network, {
      from,
      direction: to.map((v, i) => v - from[i]),
      to,
    });
    this.words = Math.ceil(planOf(network).neurons / 32);
    this.bitStarts = startsOf(network.layers);
    this.cells = network.layers.map(() => 0);
    this.walk = this.leaves(this.refinement.start());
  }

  get count(): number {
    return this.knots.length;
  }

  /** Adds up to a batch of intervals; false when none are left or the limit is reached. */
  advance(): boolean {
    for (let i = 0; i < BATCH; i++) {
      if (this.count >= this.limit) {
        // Only another interval beyond the limit makes the result partial.
        this.complete = this.walk.next().done === true;
        return false;
      }
      const { value, done } = this.walk.next();
      if (done) {
        this.complete = true;
        return false;
      }
      this.add(value);
    }
    return true;
  }

  result(): SegmentRegions {
    const { network, refinement, words, count, complete } = this;
    const patterns = Uint32Array.from(this.patterns);
    const separators: number[] = [];
    const offsets = [0];
    for (let k = 0; k + 1 < count; k++) {
      for (let word = 0; word < words; word++) {
        let flipped = patterns[k * words + word] ^ patterns[(k + 1) * words + word];
        for (; flipped !== 0; flipped &= flipped - 1)
          separators.push(32 * word + 31 - Math.clz32(flipped & -flipped));
      }
      offsets.push(separators.length);
    }
    return {
      count,
      activationKnots: Float64Array.from([...this.knots, complete ? 1 : (this.last?.right.t ?? 0)]),
      patternWords: words,
      patterns,
      separators: Int32Array.from(separators),
      separatorOffsets: Uint32Array.from(offsets),
      pieceOfInterval: Uint32Array.from(this.pieceOf),
      pieces: count === 0 ? 0 : this.pieceOf[count - 1] + 1,
      cellsAfterEachLayer: this.cells.filter((_, l) => network.layers[l].activation === "relu"),
      certified: complete,
      complete,
      fallbacks: refinement.exactDecisions,
    };
  }

  private *leaves(cell: Cell): Generator<Cell> {
    if (cell.level === this.network.layers.length) {
      yield cell;
      return;
    }
    const finer: Cell[] = [];
    this.refinement.refine(cell, finer);
    this.cells[cell.level] += finer.length;
    for (const child of finer) yield* this.leaves(child);
  }

  private add(cell: Cell): void {
    const { network, refinement, last } = this;
    const at = this.patterns.length;
    for (let word = 0; word < this.words; word++) this.patterns.push(0);
    for (let here: Cell | null = cell; here && here.level > 0; here = here.parent) {
      if (network.layers[here.level - 1].activation !== "relu") continue;
      for (let k = here.start; k < here.start + here.count; k++) {
        const bit = this.bitStarts[here.level - 1] + refinement.rows.neuron[k];
        this.patterns[at + (bit >>> 5)] |= 1 << (bit & 31);
      }
    }
    let differs = false;
    if (last !== null)
      for (let o = 0; o < network.outputs && !differs; o++)
        differs = refinement.slopeSign(o, last, cell) !== 0;
    this.pieceOf.push(last === null ? 0 : this.pieceOf[this.count - 1] + (differs ? 1 : 0));
    this.knots.push(cell.left.t);
    this.last = cell;
  }
}

function begin(
  network: ReluNetwork,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  { maximumRegions = Infinity }: SegmentRegionsOptions,
): SegmentWalk {
  if (!(maximumRegions >= 1))
    throw new RangeError(`segmentRegions: maximumRegions is ${maximumRegions}: give a number of 1 or more`);
  return new SegmentWalk(
    network,
    point(from, "from", network.inputs),
    point(to, "to", network.inputs),
    maximumRegions,
  );
}

/**
 * Every activation interval of a network on a segment: patterns, the neurons that separate neighbours, pieces.
 *
 * @param network dense layers with ReLU or linear activations
 * @param from start of the segment, as many coordinates as the network has inputs
 * @param to end of the segment
 * @param options limit and progress
 * @returns flat arrays, see {@link SegmentRegions}
 * @throws RangeError when an end has the wrong length or a coordinate that is not finite
 * @example
 * const found = segmentRegionsSync(network, [0, 0], [1, 1]);
 * regionMap(network, found, 0); // gradient and constant where the segment starts
 */
export function segmentRegionsSync(
  network: ReluNetwork,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  options: Omit<SegmentRegionsOptions, "signal"> = {},
): SegmentRegions {
  const walk = begin(network, from, to, options);
  while (walk.advance()) options.onProgress?.(walk.count);
  return walk.result();
}

/**
 * The same as {@link segmentRegionsSync}, leaving the thread to others every 20 ms, so that it can be cancelled.
 *
 * @param network dense layers with ReLU or linear activations
 * @param from start of the segment, as many coordinates as the network has inputs
 * @param to end of the segment
 * @param options limit, progress, cancellation
 * @returns flat arrays, see {@link SegmentRegions}
 * @throws RangeError as the synchronous form; the signal's reason when aborted
 * @example
 * const { separators } = await segmentRegions(network, [0, 0], [1, 1], { signal: AbortSignal.timeout(1000) });
 */
export async function segmentRegions(
  network: ReluNetwork,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  options: SegmentRegionsOptions = {},
): Promise<SegmentRegions> {
  options.signal?.throwIfAborted();
  const walk = begin(network, from, to, options);
  let pause = performance.now() + MILLISECONDS;
  while (walk.advance()) {
    options.onProgress?.(walk.count);
    options.signal?.throwIfAborted();
    if (performance.now() < pause) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    pause = performance.now() + MILLISECONDS;
  }
  return walk.result();
}

/**
 * The layer (1 for the first) and the place in it of a neuron's number, as `separators` and `patterns` count them.
 *
 * @param network the network
 * @param neuron 0 for the first neuron of the first layer, counted layer by layer
 * @returns its layer, from 1, and its index there, from 0
 * @throws RangeError when there is no such neuron
 * @example
 * neuronPlace(heNetwork([2, 8, 8, 1], random.generator(0)), 9); // { layer: 2, index: 1 }
 */
export function neuronPlace(network: ReluNetwork, neuron: number): { layer: number; index: number } {
  const starts = startsOf(network.layers);
  const all = starts[network.layers.length];
  if (!(Number.isInteger(neuron) && neuron >= 0 && neuron < all))
    throw new RangeError(`neuronPlace: there is no neuron ${neuron}; they are numbered 0 to ${all - 1}`);
  const { layer, index } = placeOf(starts, neuron);
  return { layer: layer + 1, index };
}
