import type { Generator } from "../random";

/** Hidden activations that {@link DenseLearner} can differentiate. */
export type LearnedActivation = "relu" | "tanh" | "logistic" | "softplus";

/** Value and derivative of an activation, the derivative expressed by both z and the value. */
const rules: Record<
  LearnedActivation,
  { value: (z: number) => number; slope: (z: number, a: number) => number }
> = {
  relu: { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (_, a) => 1 - a * a },
  logistic: { value: (z) => 1 / (1 + Math.exp(-z)), slope: (_, a) => a * (1 - a) },
  softplus: {
    value: (z) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))),
    slope: (z) => 1 / (1 + Math.exp(-z)),
  },
};

/**
 * A small dense network with its gradient, in doubles: hidden layers of one activation, one linear output.
 *
 * Parameters lie in one array, layer after layer: the rows of W, then b.
 */
export class DenseLearner {
  readonly parameters: Float64Array;
  private readonly offsets: number[] = [];
  private readonly z: Float64Array[];
  private readonly a: Float64Array[];
  private readonly delta: Float64Array[];

  /**
   * @param sizes numbers of neurons: inputs, hidden layers, 1
   * @param activation of all hidden layers
   * @throws RangeError when the last size is not 1, a size is no positive whole number, or the activation is unknown
   */
  constructor(
    readonly sizes: readonly number[],
    readonly activation: LearnedActivation,
  ) {
    if (sizes.length < 2 || sizes[sizes.length - 1] !== 1 || sizes.some((n) => !Number.isInteger(n) || n < 1))
      throw new RangeError(
        `DenseLearner: sizes [${sizes}]; positive whole numbers that end with 1 are needed`,
      );
    if (!(activation in rules)) throw new RangeError(`DenseLearner: activation "${activation}" is unknown`);
    let count = 0;
    for (let l = 1; l < sizes.length; l++) {
      this.offsets.push(count);
      count += sizes[l] * (sizes[l - 1] + 1);
    }
    this.parameters = new Float64Array(count);
    const perLayer = () => sizes.map((n) => new Float64Array(n));
    [this.z, this.a, this.delta] = [perLayer(), perLayer(), perLayer()];
  }

  /**
   * Random weights: variance 2 / fan-in for ReLU and 1 / fan-in otherwise; biases of the first layer uniform in [-1, 1],
   * so that the units bend inside [-1, 1]^n, and 0 elsewhere.
   */
  initialise(random: Generator): void {
    const gain = this.activation === "relu" ? 2 : 1;
    for (let l = 1; l < this.sizes.length; l++) {
      const [inputs, outputs, offset] = [this.sizes[l - 1], this.sizes[l], this.offsets[l - 1]];
      for (let w = 0; w < inputs * outputs; w++)
        this.parameters[offset + w] = Math.sqrt(gain / inputs) * random.normal();
      for (let i = 0; i < outputs; i++)
        this.parameters[offset + inputs * outputs + i] = l === 1 ? 2 * random.uniform() - 1 : 0;
    }
  }

  /** The output at the point of `inputs` numbers that starts at `at` in `points`. */
  forward(points: ArrayLike<number>, at = 0): number {
    const { sizes, parameters, a, z } = this;
    const { value } = rules[this.activation];
    for (let i = 0; i < sizes[0]; i++) a[0][i] = points[at + i];
    for (let l = 1; l < sizes.length; l++) {
      const inputs = sizes[l - 1];
      let w = this.offsets[l - 1];
      const b = w + inputs * sizes[l];
      for (let i = 0; i < sizes[l]; i++) {
        let sum = parameters[b + i];
        for (let j = 0; j < inputs; j++) sum += parameters[w++] * a[l - 1][j];
        z[l][i] = sum;
        a[l][i] = l === sizes.length - 1 ? sum : value(sum);
      }
    }
    return a[sizes.length - 1][0];
  }

  /**
   * The mean squared error over a batch and its gradient, by backpropagation.
   *
   * @param points flat, `inputs` numbers a point
   * @param values wanted outputs, one a point
   * @param gradient receives the gradient, as long as `parameters`
   * @returns the mean squared error
   */
  lossAndGradient(points: Float64Array, values: Float64Array, gradient: Float64Array): number {
    const { sizes, parameters, a, z, delta } = this;
    const { slope } = rules[this.activation];
    const last = sizes.length - 1;
    gradient.fill(0);
    let loss = 0;
    for (let p = 0; p < values.length; p++) {
      const difference = this.forward(points, p * sizes[0]) - values[p];
      loss += (difference * difference) / values.length;
      delta[last][0] = (2 * difference) / values.length;
      for (let l = last; l >= 1; l--) {
        const inputs = sizes[l - 1];
        let w = this.offsets[l - 1];
        const b = w + inputs * sizes[l];
        delta[l - 1].fill(0);
        for (let i = 0; i < sizes[l]; i++) {
          const d = delta[l][i];
          gradient[b + i] += d;
          for (let j = 0; j < inputs; j++, w++) {
            gradient[w] += d * a[l - 1][j];
            delta[l - 1][j] += d * parameters[w];
          }
        }
        if (l > 1) for (let j = 0; j < inputs; j++) delta[l - 1][j] *= slope(z[l - 1][j], a[l - 1][j]);
      }
    }
    return loss;
  }
}

/** What {@link learn} is told. */
export interface LearnOptions {
  readonly sizes: readonly number[];
  readonly activation: LearnedActivation;
  /** the target on [-1, 1]^n */
  readonly f: (x: ArrayLike<number>) => number;
  readonly random: Generator;
  /** Adam steps; default 3,000 */
  readonly steps?: number;
  /** fresh uniform points a step; default 64 */
  readonly batch?: number;
  /** first step size, lowered to a thousandth along a cosine; default 0.05 */
  readonly rate?: number;
}

/**
 * Trains a dense network on fresh uniform samples of a function on [-1, 1]^n by Adam (Kingma and Ba 2015).
 *
 * @param options the network, the target and the schedule
 * @returns the trained network
 * @throws RangeError as {@link DenseLearner}; Error when the loss is not finite any more
 * @example
 * learn({ sizes: [1, 6, 1], activation: "tanh", f: (x) => x[0] ** 2, random: random.generator(1) }).forward([0.5]);
 */
export function learn(options: LearnOptions): DenseLearner {
  const { sizes, activation, f, random, steps = 3000, batch = 64, rate = 0.05 } = options;
  const learner = new DenseLearner(sizes, activation);
  learner.initialise(random.split("weights"));
  const samples = random.split("samples");
  const points = new Float64Array(batch * sizes[0]);
  const values = new Float64Array(batch);
  const gradient = new Float64Array(learner.parameters.length);
  const [mean, square] = [gradient.slice(), gradient.slice()];
  const [beta1, beta2] = [0.9, 0.999];
  for (let step = 1; step <= steps; step++) {
    for (let i = 0; i < points.length; i++) points[i] = 2 * samples.uniform() - 1;
    for (let p = 0; p < batch; p++) values[p] = f(points.subarray(p * sizes[0], (p + 1) * sizes[0]));
    const loss = learner.lossAndGradient(points, values, gradient);
    if (!Number.isFinite(loss))
      throw new Error(`learn: the loss is ${loss} at step ${step}; lower the rate ${rate}`);
    const share = 0.001 + 0.999 * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps));
    const stepSize = (rate * share * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    for (let i = 0; i < gradient.length; i++) {
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
      square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
      learner.parameters[i] -= (stepSize * mean[i]) / (Math.sqrt(square[i]) + 1e-8);
    }
  }
  return learner;
}
