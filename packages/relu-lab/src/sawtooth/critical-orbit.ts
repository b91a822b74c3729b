import type { ReluNetwork } from "../network";

/** A map that rises up to its fold and falls beyond it. It may be flat where a ReLU cuts it off at 0. */
export interface UnimodalBlock {
  /** Where the map turns. */
  readonly fold: number;
  /** The map's value at u. */
  readonly at: (u: number) => number;
}

/** What the critical orbit says about a chain of n blocks on [0, 1]. */
export interface CriticalOrbit {
  /** Whether the chain has all of its 2^n laps. */
  readonly full: boolean;
  /** The smallest slack of all conditions: positive when all hold, negative by as much as the worst one fails. */
  readonly margin: number;
  /** The first block (from 1) whose fold misses a lap; 0 when none does. */
  readonly firstMiss: number;
}

/**
 * Decides from O(n^2) numbers whether a chain of n unimodal maps has 2^n laps on [0, 1].
 *
 * Every lap after k blocks runs between the peak v_k = g_k(c_k) and a value of E_k, where E_0 = {0, 1} are the ends of
 * the interval and E_k = g_k(E_(k-1) and v_(k-1)). The next fold c_(k+1) doubles all of them exactly when it lies
 * strictly between: below v_k and above all of E_k. Only the orbits of the folds count, hence the name. The numbers are
 * computed in doubles: a margin of the size of their rounding decides nothing.
 *
 * @param blocks the maps, first to last
 * @returns whether all laps are there, the slack, and where the first ones are lost
 * @throws RangeError when there is no block, or a fold or value is not a number
 * @see Milnor, Thurston, On iterated maps of the interval, 1988 (kneading theory, for one map iterated)
 * @example
 * criticalOrbit(unimodalBlocks(sawtoothNetwork(6))).margin; // 0.5
 */
export function criticalOrbit(blocks: readonly UnimodalBlock[]): CriticalOrbit {
  if (blocks.length === 0) throw new RangeError("criticalOrbit: a chain needs at least one block");
  let ends = [0, 1];
  let peak = 1; // the identity before the first block has one lap, from 0 to 1: its upper end plays the peak
  let [margin, firstMiss] = [Infinity, 0];
  for (const [k, { fold, at }] of blocks.entries()) {
    const lower = k === 0 ? [0] : ends;
    const slack = Math.min(peak - fold, fold - Math.max(...lower));
    if (Number.isNaN(slack))
      throw new RangeError(
        `criticalOrbit: block ${k + 1} has the fold ${fold}, between ${Math.max(...lower)} and ${peak}`,
      );
    if (slack <= 0 && firstMiss === 0) firstMiss = k + 1;
    margin = Math.min(margin, slack);
    ends = (k === 0 ? ends : [...ends, peak]).map(at);
    peak = at(fold);
  }
  return { full: margin > 0, margin, firstMiss };
}

/**
 * The maps of a chain of layers 2, 1, 2, 1, ... such as the naive sawtooth, an overfull one, or either perturbed; the
 * layers of 1 may have a ReLU or none.
 *
 * @param network from one number to one number, with a readout that keeps order
 * @returns its blocks; undefined when one of them does not rise to a single fold and fall beyond it
 * @example
 * unimodalBlocks(sawtoothNetwork(6))?.length; // 6
 */
export function unimodalBlocks(network: ReluNetwork): UnimodalBlock[] | undefined {
  const blocks: UnimodalBlock[] = [];
  const { layers } = network;
  for (let l = 0; l + 2 < layers.length; l += 2) {
    const [folding, mixing] = [layers[l], layers[l + 1]];
    if (folding.inputs !== 1 || folding.outputs !== 2 || mixing.outputs !== 1) return undefined;
    if (folding.activation !== "relu") return undefined;
    const [w0, w1] = folding.weights;
    const [b0, b1] = folding.biases;
    const [up, down] = mixing.weights;
    const base = mixing.biases[0];
    const fold = -b1 / w1;
    const rises = w0 > 0 && w1 > 0 && up > 0 && up * w0 + down * w1 < 0 && w0 * fold + b0 > 0;
    if (!rises) return undefined;
    const relu = (z: number) => (z > 0 ? z : 0);
    const outer = mixing.activation === "relu" ? relu : (z: number) => z;
    blocks.push({ fold, at: (u) => outer(base + up * relu(w0 * u + b0) + down * relu(w1 * u + b1)) });
  }
  const readout = layers[layers.length - 1];
  const straight = layers.length % 2 === 1 && readout.activation === "linear" && readout.weights.length === 1;
  return straight && readout.weights[0] > 0 && blocks.length > 0 ? blocks : undefined;
}
