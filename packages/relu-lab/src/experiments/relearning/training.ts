import { adam, dense, sgd, Tape, train, type Model, type Program, type Trial } from "../../ensemble";
import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";

/** How gradients change the weights: plain gradient descent, or Adam with its usual constants. */
export interface RelearningOptimiser {
  readonly type: "sgd" | "adam";
  /** The learning rate. */
  readonly rate: number;
}

/** What networks learn and how. */
export interface SawtoothTraining {
  /** Mirror maps of the sawtooth to be learned. */
  readonly n: number;
  /** Samples a step, uniform in [0, 1]. */
  readonly batchSize: number;
  readonly optimiser: RelearningOptimiser;
  /** Steps after which the networks are looked at, ascending; the last one ends the training. */
  readonly readOuts: readonly number[];
}

/** A network that is to be trained. */
export interface SawtoothStart {
  readonly network: ReluNetwork;
  /** Starts with the same generator see the same samples. */
  readonly random: Generator;
}

/** A network on its way. */
export interface SawtoothReadOut {
  readonly step: number;
  readonly network: ReluNetwork;
}

/** The program of all networks of one shape. */
function programOf(
  network: ReluNetwork,
  { n, batchSize }: SawtoothTraining,
): { program: Program; model: Model } {
  const tape = new Tape();
  const x = tape.uniform(1, batchSize);
  const activations = network.layers.map((layer) => layer.activation);
  const model = dense(tape, network.sizes, { activations });
  return { model, program: tape.compile(tape.meanSquare(model.apply(x).output, x.tents(n))) };
}

/** Starts of one shape, with their places in the list. */
function byShape(starts: readonly SawtoothStart[]): number[][] {
  const groups = new Map<string, number[]>();
  starts.forEach(({ network }, i) => {
    const shape = `${network.sizes} ${network.layers.map((layer) => layer.activation)}`;
    groups.set(shape, [...(groups.get(shape) ?? []), i]);
  });
  return [...groups.values()];
}

/**
 * Trains networks of a few neurons on the sawtooth, all those of one shape together: the mean square over a batch of fresh
 * uniform samples of [0, 1], in doubles.
 *
 * @param starts networks from one number to one number; they are not changed
 * @param training target, samples, optimiser, read-outs
 * @param workers threads; the networks do not depend on it
 * @returns for each start its read-outs; one that diverges has no more of them from there on
 * @throws RangeError when a network is not a function of one variable with one value
 * @example
 * const training = { n: 6, batchSize: 10, optimiser: { type: "adam", rate: 1e-3 }, readOuts: [0, 1000] } as const;
 * const [[before, after]] = await trainOnSawtooth([{ network: noisy, random: random.generator(0) }], training, 1);
 */
export async function trainOnSawtooth(
  starts: readonly SawtoothStart[],
  training: SawtoothTraining,
  workers: number,
): Promise<SawtoothReadOut[][]> {
  const wrong = starts.find(({ network }) => network.inputs !== 1 || network.outputs !== 1)?.network;
  if (wrong) {
    throw new RangeError(
      `trainOnSawtooth: a network has ${wrong.inputs} inputs and ${wrong.outputs} outputs, not one and one`,
    );
  }
  const { readOuts, optimiser: how } = training;
  const optimiser = how.type === "adam" ? adam({ rate: how.rate }) : sgd({ rate: how.rate });
  const steps = readOuts[readOuts.length - 1];
  const found: SawtoothReadOut[][] = [];
  for (const group of byShape(starts)) {
    const { program, model } = programOf(starts[group[0]].network, training);
    const trials = group.map((i): Trial => {
      const { network, random } = starts[i];
      return { parameters: model.parameters(network), random };
    });
    const results = await train(program, { trials, steps, optimiser, readOuts, workers });
    results.forEach(({ readOuts: looks }, g) => {
      found[group[g]] = looks.map(({ step, parameters }) => ({ step, network: model.network(parameters) }));
    });
  }
  return found;
}
