import { adam, cosine, dense, Tape, train, type Model, type Schedule, type Value } from "../ensemble";
import { compose, ReluNetwork } from "../network";
import type { Generator } from "../random";
import type { BatchSource } from "./batch";
import type { Grading } from "./grading";

/** A chain that is to be trained. */
export interface ChainStart {
  /** Blocks of two layers, ReLU and linear; see {@link breakpointChain}. */
  readonly network: ReluNetwork;
  /** Starts with the same generator see the same samples. */
  readonly random: Generator;
}

/**
 * What the blocks are fed with while they are trained.
 * - `chained`: each with what the one before gives: the network as it is used.
 * - `given`: each with the level before it, exactly (teacher forcing): the blocks learn apart from each other.
 * - `tied`: one block, used once for each level.
 */
export type Wiring = "chained" | "given" | "tied";

/** How chains are trained. */
export interface GradedTraining {
  /** Samples and levels, e.g. {@link sawtoothBatch} or {@link tableBatch}. */
  readonly source: BatchSource;
  /** What the levels' errors weigh, e.g. `geometric(4)`. */
  readonly grading: Grading;
  readonly steps: number;
  /** Adam's rate; half a cosine from 1e-2 to 1e-5 when not given. */
  readonly rate?: Schedule;
  /** `chained` when not given. */
  readonly wiring?: Wiring;
  readonly workers?: number;
}

/** A chain after training. */
export interface TrainedChain {
  /** The whole network; with tied wiring the block as often as there are levels. Null when the training diverged. */
  readonly network: ReluNetwork | null;
  /** The step at which it diverged, or null. */
  readonly failedAt: number | null;
}

function modelOf(tape: Tape, network: ReluNetwork): Model {
  const { sizes } = network;
  const activations = network.layers.map(({ activation }) => activation);
  const odd = activations.findIndex((activation, l) => activation !== (l % 2 === 0 ? "relu" : "linear"));
  if (odd >= 0 || sizes.length % 2 === 0)
    throw new RangeError(
      `trainChains: the network ${sizes.join("-")} (${activations}) is no chain of blocks of a ReLU and a linear layer`,
    );
  return dense(tape, sizes, { activations });
}

/** What each block gives. */
function outputsOf(tape: Tape, model: Model, x: Value, levels: readonly Value[], wiring: Wiring): Value[] {
  const outputs: Value[] = [];
  for (let l = 0; l < levels.length; l++) {
    const before = l === 0 ? x : wiring === "given" ? levels[l - 1] : outputs[l - 1];
    const [inner, outer] = model.layers.slice(wiring === "tied" ? 0 : 2 * l);
    const hidden = tape.dense(before, inner.W, inner.b, "relu");
    outputs.push(tape.dense(hidden, outer.W, outer.b));
  }
  return outputs;
}

/**
 * Depth-graded supervision: trains chains of blocks u_l = v_l relu(w_l u_(l-1) + b_l) + d_l on targets for every block.
 *
 * Assumes that the target is a composition whose intermediate values are known at the samples. The final error alone gives
 * no gradient towards aligned folds; with the weights 4^-l every level is learned on top of those below it, from a random
 * start (specification, 8.1; the levels of the sawtooth are s_1, ..., s_n).
 *
 * @param starts chains of one shape; they are not changed
 * @param training samples, levels, weights, steps, rate
 * @returns the trained networks in the order of the starts
 * @throws RangeError when a start is no chain, or has another number of blocks than there are levels
 * @example
 * const starts = [0, 1, 2].map((trial) => {
 *   const own = random.generator(7).split(trial);
 *   return { network: training.breakpointChain({ blocks: 8, width: 8 }, own), random: own };
 * });
 * const trained = await training.trainChains(starts, {
 *   source: training.sawtoothBatch(8, 32), grading: training.geometric(), steps: 6000,
 * });
 * regions.segment(trained[0].network!, [0], [1]).laps; // 256
 */
export async function trainChains(
  starts: readonly ChainStart[],
  { source, grading, steps, rate = cosine(1e-2, 1e-5, steps), wiring = "chained", workers }: GradedTraining,
): Promise<TrainedChain[]> {
  if (starts.length === 0) return [];
  const tape = new Tape();
  const { x, levels } = source(tape);
  const model = modelOf(tape, starts[0].network);
  const blocks = model.layers.length / 2;
  if (blocks !== (wiring === "tied" ? 1 : levels.length))
    throw new RangeError(
      `trainChains: ${blocks} blocks, wiring "${wiring}", and ${levels.length} levels: ` +
        (wiring === "tied" ? "give one block" : "give a block for each level"),
    );
  const outputs = outputsOf(tape, model, x, levels, wiring);
  const program = tape.compile(grading(outputs.map((output, l) => tape.meanSquare(output, levels[l]))));
  const trials = starts.map(({ network, random }) => ({ parameters: model.parameters(network), random }));
  const results = await train(program, { trials, steps, optimiser: adam({ rate }), workers });
  return results.map(({ parameters, failedAt }) => {
    if (failedAt !== null) return { network: null, failedAt };
    const network = model.network(parameters);
    return { network: wiring === "tied" ? compose(...levels.map(() => network)) : network, failedAt };
  });
}
