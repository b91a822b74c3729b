import { adam, chain, cosine, Tape, train } from "../../ensemble";
import { ReluNetwork, type LayerSpec } from "../../network";
import type { ChainStart, Grading } from "../../training";

/** How a chain with a read-out of every block is trained on versions of the target itself. */
export interface LowPassTraining {
  /** The target on [0, 1]. */
  readonly target: (x: number) => number;
  /** What the levels' errors weigh. */
  readonly grading: Grading;
  /** The coarser versions: through 2^l + 1 points of the target, or its means over windows of width 2^-l. */
  readonly versions: "interpolants" | "means";
  readonly steps: number;
  /** 32 when not given. */
  readonly batchSize?: number;
  readonly workers?: number;
}

/**
 * Coarse versions of a function, the finest one itself: made of its own values, so that no level has to be known.
 *
 * @param target on [0, 1]
 * @param levels how many
 * @param versions interpolants between 2^l + 1 points, or means over windows of width 2^-l
 * @param x where
 * @returns an array a level
 */
export function coarseVersions(
  target: (x: number) => number,
  levels: number,
  versions: LowPassTraining["versions"],
  x: Float64Array,
): Float64Array[] {
  return Array.from({ length: levels }, (_, level) => {
    if (level === levels - 1) return x.map(target);
    const cells = 2 ** (level + 1);
    if (versions === "interpolants")
      return x.map((value) => {
        const cell = Math.min(cells - 1, Math.floor(value * cells));
        const share = value * cells - cell;
        return (1 - share) * target(cell / cells) + share * target((cell + 1) / cells);
      });
    const points = 257;
    return x.map((value) => {
      let sum = 0;
      for (let i = 0; i < points; i++) {
        const at = value + ((i + 0.5) / points - 0.5) / cells;
        sum += target(at < 0 ? -at : at > 1 ? 2 - at : at);
      }
      return sum / points;
    });
  });
}

/** A chain whose blocks' values are added up, as one network: the sum runs along as relu(s) - relu(-s), which bends nothing. */
function withReadOut(
  chainOf: ReluNetwork,
  offset: number,
  slope: number,
  weights: readonly number[],
): ReluNetwork {
  const specs: LayerSpec[] = [{ W: [[1], [slope]], b: [0, offset], activation: "linear" }];
  for (let block = 0; block < weights.length; block++) {
    const [inner, outer] = [chainOf.layers[2 * block], chainOf.layers[2 * block + 1]];
    specs.push({
      W: [...Array.from(inner.weights, (w) => [w, 0]), [0, 1], [0, -1]],
      b: [...inner.biases, 0, 0],
      activation: "relu",
    });
    const s = weights[block];
    specs.push({
      W: [
        [...outer.weights, 0, 0],
        [...Array.from(outer.weights, (v) => s * v), 1, -1],
      ],
      b: [outer.biases[0], s * outer.biases[0]],
      activation: "linear",
    });
  }
  return ReluNetwork.of([...specs, { W: [[0, 1]], b: [0], activation: "linear" }]);
}

/**
 * Trains f_l = a + b x + s_1 u_1 + ... + s_l u_l, for every l, on ever finer versions of the target; u_l are the blocks of a
 * chain, about which nothing is said.
 *
 * Assumes that the target has something to learn at every scale: x^2 has (its interpolants differ by s_l / 4^l), the sawtooth
 * has not (its coarse versions are constant).
 *
 * @param starts chains of one shape, 1 -> w -> 1
 * @param training target, versions, weights, steps
 * @returns networks in the order of the starts, null where the training diverged
 */
export async function trainLowPass(
  starts: readonly ChainStart[],
  { target, grading, versions, steps, batchSize = 32, workers }: LowPassTraining,
): Promise<(ReluNetwork | null)[]> {
  if (starts.length === 0) return [];
  const [first] = starts;
  const blocks = first.network.layers.length / 2;
  const tape = new Tape();
  const model = chain(tape, blocks, first.network.sizes[1]);
  const readOut = tape.parameter(blocks + 2, 1);
  const points = Float64Array.from({ length: 4096 }, (_, i) => (i + 0.5) / 4096);
  const versionsAt = coarseVersions(target, blocks, versions, points);
  const all = [points, ...versionsAt].flatMap((row) => Array.from(row));
  const drawn = tape.draw(tape.constant(blocks + 1, points.length, all), batchSize);
  const x = drawn.rowsAt([0]);
  const { layers } = model.apply(x);
  let sum = x.mul(readOut.rowsAt([1])).add(readOut.rowsAt([0]));
  const errors = Array.from({ length: blocks }, (_, l) => {
    sum = sum.add(layers[2 * l + 1].mul(readOut.rowsAt([l + 2])));
    return tape.meanSquare(sum, drawn.rowsAt([l + 1]));
  });
  const program = tape.compile(grading(errors));
  const own = program.code.parameters - (blocks + 2);
  const trials = starts.map(({ network, random }) => {
    const parameters = model.parameters(network);
    const noise = random.split("read-out");
    for (let l = 0; l < blocks; l++) parameters[own + 2 + l] = 4 ** -(l + 1) * noise.normal();
    return { parameters, random };
  });
  const optimiser = adam({ rate: cosine(1e-2, 1e-5, steps) });
  const results = await train(program, { trials, steps, optimiser, workers });
  return results.map(({ parameters, failedAt }) => {
    if (failedAt !== null) return null;
    const [offset, slope, ...weights] = parameters.subarray(own);
    return withReadOut(model.network(parameters), offset, slope, weights);
  });
}
