import { adam, cosine, dense, Tape, trainStepwise, type ReadOut } from "relu-lab/ensemble";
import { kacRiceOnTape } from "relu-lab/losses";
import { heNetwork, type ReluNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { targets } from "./targets";
import type { Lesson } from "./types";

/** Steps of the optimiser in a whole training. */
export const steps = 6000;
/** Points of the square that are drawn from, and how many a step sees. */
const [points, batch] = [4096, 64];
/** Points a step at which boundaries are felt, and how sharply. */
const feelers = 32;

/** A training that hands over its networks one step after the other. */
export interface Training {
  readonly readOuts: Generator<ReadOut, void, undefined>;
  network(parameters: Float64Array): ReluNetwork;
}

/**
 * Two trials with the same first weights and the same samples. All that differs is a parameter that is not trained, the
 * weight of the loss that promotes regions: it is 0 in the first.
 */
export function beginTraining({ target, hidden, seed, weight, every }: Lesson): Training {
  const random = generator(seed);
  const sizes = [2, ...hidden, 1];
  const tape = new Tape();
  const net = dense(tape, sizes);
  const promoted = tape.parameter(1, 1, { frozen: true });

  const places = random.split("points");
  const x = Float64Array.from({ length: 2 * points }, () => 2 * places.uniform() - 1);
  const wanted = x.subarray(0, points).map((first, i) => targets[target](first, x[points + i]));
  const drawn = tape.draw(tape.constant(3, points, [...x, ...wanted]), batch);
  const fit = tape.meanSquare(net.apply(drawn.rowsAt([0, 1])).output, drawn.rowsAt([2]));
  const crossings = kacRiceOnTape(tape, net.layers.slice(0, -1), { points: tape.uniform(2, feelers, -1, 1) });
  const program = tape.compile(fit.add(crossings.mul(promoted)), { fit });

  const first = heNetwork(sizes, random.split("weights"), 0.1);
  const trials = [0, weight].map((own) => {
    const parameters = net.parameters(first);
    parameters[parameters.length - 1] = own;
    return { parameters, random: random.split("training") };
  });
  const readOuts = Array.from({ length: Math.floor(steps / every) + 1 }, (_, k) => k * every);
  const optimiser = adam({ rate: cosine(1e-2, 1e-4, steps) });
  return {
    readOuts: trainStepwise(program, { trials, steps, optimiser, readOuts }),
    network: (parameters) => net.network(parameters),
  };
}
