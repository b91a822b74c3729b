import { ReluNetwork, heNetwork, type LayerSpec } from "../../network";
import type { Generator } from "../../random";
import { ready, tensorflow } from "../../runtime";
import { backpropagate, costOf, forwardPass, type Cost } from "./backpropagation";

/** One parameter's derivative, found in three ways. */
export interface GradientRow {
  /** Such as "W1[0][1]" or "b2[0]"; layers from 1, rows and columns from 0. */
  readonly parameter: string;
  readonly backpropagation: number;
  /** By TensorFlow.js, in 32-bit floats. */
  readonly automatic: number;
  /** By a central difference, in doubles. */
  readonly difference: number;
}

/** The largest disagreement over all parameters of one network. */
export interface GradientErrorRow {
  readonly network: string;
  readonly cost: Cost;
  readonly trial: number;
  readonly parameters: number;
  /** Largest |automatic - backpropagation| as a share of the largest derivative. */
  readonly automatic: number;
  /** The same for central differences. */
  readonly difference: number;
}

/** All weights and biases in one list, layer by layer, W before b. */
function flat(parts: readonly { weights: Float64Array; biases: Float64Array }[]): Float64Array {
  return Float64Array.from(parts.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

function parameterNames(network: ReluNetwork): string[] {
  return network.layers.flatMap(({ inputs, outputs }, l) => [
    ...Array.from(
      { length: inputs * outputs },
      (_, i) => `W${l + 1}[${Math.floor(i / inputs)}][${i % inputs}]`,
    ),
    ...Array.from({ length: outputs }, (_, i) => `b${l + 1}[${i}]`),
  ]);
}

/** A copy of the network with one of its numbers changed. */
function nudged(network: ReluNetwork, index: number, by: number): ReluNetwork {
  let at = index;
  const specs = network.layers.map(({ weights, biases, activation }): LayerSpec => {
    const [W, b] = [weights.slice(), biases.slice()];
    for (const numbers of [W, b]) {
      if (at >= 0 && at < numbers.length) numbers[at] += by;
      at -= numbers.length;
    }
    return { W, b, activation };
  });
  return ReluNetwork.of(specs);
}

/**
 * The derivatives by finite differences: each number is changed a little, up and down (or up only), and the cost
 * computed anew.
 *
 * @param network any
 * @param x input
 * @param target as for `costOf`
 * @param cost which one
 * @param step size of the change
 * @param sides 2 for central differences (C(p + h) - C(p - h)) / 2h, 1 for (C(p + h) - C(p)) / h
 * @returns one number a parameter, layer by layer, W before b
 * @throws RangeError when the step is not positive
 */
export function finiteDifferences(
  network: ReluNetwork,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  cost: Cost,
  step = 1e-6,
  sides: 1 | 2 = 2,
): Float64Array {
  if (!(step > 0)) throw new RangeError(`finiteDifferences: the step is ${step}, but must be positive`);
  const at = (index: number, by: number) => costOf(nudged(network, index, by).forward(x), target, cost);
  const here = costOf(network.forward(x), target, cost);
  return Float64Array.from({ length: network.parameters }, (_, i) =>
    sides === 2 ? (at(i, step) - at(i, -step)) / (2 * step) : (at(i, step) - here) / step,
  );
}

/**
 * The derivatives by TensorFlow.js's automatic differentiation, on the backend that runs.
 *
 * @param network its numbers are rounded to 32-bit floats
 * @param x input
 * @param target as for `costOf`
 * @param cost which one
 * @returns one number a parameter, layer by layer, W before b
 */
export async function automaticGradient(
  network: ReluNetwork,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  cost: Cost,
): Promise<Float64Array> {
  await ready();
  const tf = tensorflow<typeof import("@tensorflow/tfjs")>();
  type Tensor = import("@tensorflow/tfjs").Tensor;
  const gradients = tf.tidy(() => {
    const column = (values: ArrayLike<number>) => tf.tensor2d(Float32Array.from(values), [values.length, 1]);
    const [input, wanted] = [column(x), column(target)];
    const parameters = network.layers.flatMap(({ inputs, outputs, weights, biases }): Tensor[] => [
      tf.tensor2d(Float32Array.from(weights), [outputs, inputs]),
      column(biases),
    ]);
    const costFrom = (...values: Tensor[]) => {
      let a: Tensor = input;
      network.layers.forEach(({ activation }, l) => {
        const z = values[2 * l].matMul(a).add(values[2 * l + 1]);
        a = activation === "relu" ? z.relu() : z;
      });
      if (cost === "half squares") return a.sub(wanted).square().sum().div(2);
      return a
        .squeeze([1])
        .logSoftmax()
        .mul(wanted.squeeze([1]))
        .sum()
        .neg();
    };
    return tf
      .grads(costFrom)(parameters)
      .map((gradient) => gradient.dataSync());
  });
  return Float64Array.from(gradients.flatMap((values) => [...values]));
}

/**
 * Every derivative of a network's cost in three ways, number by number.
 *
 * @param network small enough to be read
 * @param x input
 * @param target as for `costOf`
 * @param cost half squares when not given
 * @returns one row a parameter
 * @throws RangeError when lengths do not fit
 * @example
 * table(await compareGradients(net, [1, 2], [1]));
 */
export async function compareGradients(
  network: ReluNetwork,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  cost: Cost = "half squares",
): Promise<GradientRow[]> {
  const exact = flat(backpropagate(network, x, target, cost).gradients);
  const automatic = await automaticGradient(network, x, target, cost);
  const difference = finiteDifferences(network, x, target, cost);
  return parameterNames(network).map((parameter, i) => ({
    parameter,
    backpropagation: exact[i],
    automatic: automatic[i],
    difference: difference[i],
  }));
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Largest difference of two gradients as a share of the largest derivative. */
function relativeError(found: Float64Array, exact: Float64Array): number {
  return largest(found.map((value, i) => value - exact[i])) / largest(exact);
}

/**
 * A network with small random biases, an input and a target, not nearer to a kink than `margin`. Its output misses the
 * target by more than 0.1: near a hit, all derivatives are differences of nearly equal numbers, and 32 bits lose digits.
 */
function awayFromKinks(sizes: readonly number[], cost: Cost, random: Generator, margin = 1e-3) {
  if (cost === "cross-entropy" && !(sizes[sizes.length - 1] > 1)) {
    throw new RangeError(`a network ${sizes.join("-")} has one class only: its cross-entropy is always 0`);
  }
  for (let attempt = 0; attempt < 1000; attempt++) {
    const g = random.split(attempt);
    // Rounded to 32 bits, so that TensorFlow.js is given exactly the same network, input and target.
    const single = (values: Float64Array) => Float64Array.from(values, Math.fround);
    const network = ReluNetwork.of(
      heNetwork([...sizes], g, 0.3)
        .specs()
        .map(({ W, b, activation }) => ({
          W: single(W as Float64Array),
          b: single(b as Float64Array),
          activation,
        })),
    );
    const x = Float64Array.from({ length: network.inputs }, () => Math.fround(g.normal()));
    const wanted = g.integer(network.outputs);
    const target = Float64Array.from({ length: network.outputs }, (_, i) =>
      cost === "half squares" ? Math.fround(g.normal()) : Number(i === wanted),
    );
    const hidden = forwardPass(network, x).slice(0, -1);
    const alive = hidden.every(({ a }) => a.some((value) => value > 0));
    const { delta } = backpropagate(network, x, target, cost).gradients[sizes.length - 2];
    const wrong = largest(delta) > 0.1;
    if (alive && wrong && hidden.every(({ z }) => z.every((value) => Math.abs(value) > margin))) {
      return { network, x, target };
    }
  }
  throw new Error(`no network of sizes ${sizes.join("-")} keeps ${margin} away from its kinks`);
}

/**
 * Backpropagation against automatic differentiation and central differences, over random networks, inputs and targets.
 *
 * Where a pre-activation is nearly zero, a small step may pass the kink of its ReLU, and the difference quotient means
 * something else; such inputs are drawn again, and so are targets that the output happens to hit.
 *
 * @param config sizes of the networks (input first), costs, number of trials of each
 * @param random where weights, inputs and targets come from
 * @returns one row a network, cost and trial
 * @example
 * await gradientErrors({ shapes: [[4, 8, 8, 3]], costs: ["cross-entropy"], trials: 5 }, random.generator(0));
 */
export async function gradientErrors(
  config: { shapes: readonly (readonly number[])[]; costs: readonly Cost[]; trials: number },
  random: Generator,
): Promise<GradientErrorRow[]> {
  const rows: GradientErrorRow[] = [];
  for (const sizes of config.shapes) {
    for (const cost of config.costs) {
      for (let trial = 0; trial < config.trials; trial++) {
        const own = random.split(sizes.join("-")).split(cost).split(trial);
        const { network, x, target } = awayFromKinks(sizes, cost, own);
        const exact = flat(backpropagate(network, x, target, cost).gradients);
        rows.push({
          network: sizes.join("-"),
          cost,
          trial,
          parameters: network.parameters,
          automatic: relativeError(await automaticGradient(network, x, target, cost), exact),
          difference: relativeError(finiteDifferences(network, x, target, cost), exact),
        });
      }
    }
  }
  return rows;
}

/** The error of difference quotients with one step. */
export interface StepErrorRow {
  readonly step: number;
  readonly quotient: "one-sided" | "central";
  /** Largest error as a share of the largest derivative. */
  readonly error: number;
}

/**
 * How the error of finite differences depends on their step: too large, and the cost's curvature counts (or a kink is
 * passed); too small, and rounding does.
 *
 * @param sizes of a random network, input first; its cost is cross-entropy
 * @param steps changes to try
 * @param random where the network, its input and its target come from
 * @returns two rows a step
 */
export function differenceErrors(
  sizes: readonly number[],
  steps: readonly number[],
  random: Generator,
): StepErrorRow[] {
  const cost = "cross-entropy";
  const { network, x, target } = awayFromKinks(sizes, cost, random, 0.01);
  const exact = flat(backpropagate(network, x, target, cost).gradients);
  return ([1, 2] as const).flatMap((sides) =>
    steps.map((step) => ({
      step,
      quotient: sides === 1 ? ("one-sided" as const) : ("central" as const),
      error: relativeError(finiteDifferences(network, x, target, cost, step, sides), exact),
    })),
  );
}
