import {
  learn,
  pwlToNetwork,
  productGate,
  shallowMonomial,
  staircase,
  supError,
  supErrorOnCube,
  yarotskySquare,
  type LearnedActivation,
} from "../../approximation";
import { generator } from "../../random";

/** A target, a construction for it, and the shape with which training tries the same. All on [-1, 1]^n. */
interface LearnedCase {
  readonly target: string;
  readonly construction: string;
  readonly sizes: readonly number[];
  readonly activation: LearnedActivation;
  readonly f: (x: ArrayLike<number>) => number;
  readonly built: () => (x: ArrayLike<number>) => number;
}

const unit = (x: ArrayLike<number>) => (x[0] + 1) / 2; // constructions on [0, 1], networks on [-1, 1]
const wave = (t: number) => Math.sin(2 * Math.PI * t);
const staircaseCase = (neurons: number): LearnedCase => ({
  target: "sin 2πt",
  construction: `staircase, ${neurons} logistic units`,
  sizes: [1, neurons, 1],
  activation: "logistic",
  f: (x) => wave(unit(x)),
  built: () => {
    const network = staircase(wave, neurons);
    return (x) => network.at(unit(x));
  },
});
const parabolaCase = (layers: number): LearnedCase => ({
  target: "t²",
  construction: `Yarotsky, ${layers} layers of 3`,
  sizes: [1, ...new Array<number>(layers).fill(3), 1],
  activation: "relu",
  f: (x) => unit(x) ** 2,
  built: () => {
    const network = yarotskySquare(layers);
    return (x) => network.forward([unit(x)])[0];
  },
});

/** The comparisons by name. */
export const learnedCases: Record<string, LearnedCase> = {
  "sine-10": staircaseCase(10),
  "sine-40": staircaseCase(40),
  vee: {
    target: "|x|",
    construction: "2 ReLU units, exact",
    sizes: [1, 2, 1],
    activation: "relu",
    f: (x) => Math.abs(x[0]),
    built: () => {
      const network = pwlToNetwork({ knots: [0], values: [0], leftSlope: -1, rightSlope: 1 });
      return (x) => network.forward(x)[0];
    },
  },
  "parabola-4": parabolaCase(4),
  "parabola-6": parabolaCase(6),
  product: {
    target: "x₁x₂",
    construction: "product gate, λ = 0.001, 4 units",
    sizes: [2, 4, 1],
    activation: "softplus",
    f: (x) => x[0] * x[1],
    built: () => {
      const network = productGate(1e-3);
      return (x) => network.forward(x)[0];
    },
  },
  "product-3": {
    target: "x₁x₂x₃",
    construction: "mixed difference, λ = 0.05, 8 units",
    sizes: [3, 8, 1],
    activation: "softplus",
    f: (x) => x[0] * x[1] * x[2],
    built: () => {
      const network = shallowMonomial([1, 1, 1], 0.05, { activation: "softplus", bias: 1 });
      return (x) => network.forward(x)[0];
    },
  },
};

function caseNamed(name: string): LearnedCase {
  const found = learnedCases[name];
  if (!found)
    throw new RangeError(`learned case "${name}": it is none of ${Object.keys(learnedCases).join(", ")}`);
  return found;
}

function supOf({ sizes, f }: LearnedCase, g: (x: ArrayLike<number>) => number): number {
  const inputs = sizes[0];
  if (inputs > 1) return supErrorOnCube(f, g, inputs, inputs === 2 ? 41 : 15);
  return supError(
    (x) => f([x]),
    (x) => g([x]),
    { from: -1, points: 4001 },
  ).sup;
}

/** The sup error of a case's construction. */
export function constructedError(name: string): number {
  const found = caseNamed(name);
  return supOf(found, found.built());
}

/** Trains a case once and gives its sup error; a worker calls it by this task. */
export function learnedError(task: { name: string; seed: number; trial: number; steps: number }): number {
  const found = caseNamed(task.name);
  const { sizes, activation, f } = found;
  const random = generator(task.seed).split(task.name).split(task.trial);
  const learner = learn({ sizes, activation, f, random, steps: task.steps });
  return supOf(found, (x) => learner.forward(x));
}
