import { adam, cosine, dense, Tape, train, type Model, type Program, type Value } from "../../ensemble";
import {
  intersectionOnTape,
  kacRiceOnTape,
  lengthOnTape,
  switchedOff,
  weightOnTape,
  type PairKind,
} from "../../losses";
import { heNetwork, type ReluNetwork } from "../../network";
import type { Generator } from "../../random";

/** What is to be learned on [-1, 1]^2: sin(pi x) sin(pi y), sin(2 pi x) sin(2 pi y), +-1 inside and outside |x|^2 = 1/2; or nothing. */
export type PlaneTarget = "sin" | "sin2" | "disk" | "nothing";

/** A loss beside the fit. */
export interface AntiRegulariser {
  readonly kind: "plain" | "intersection" | "length" | "Kac-Rice";
  /** The factor before it. */
  readonly weight: number;
  /** The share of the training after which it is switched off; 1: never. */
  readonly until: number;
  /** Which intersections; all of them when not given. */
  readonly pairs?: readonly PairKind[];
}

/** What is trained and how. */
export interface PlaneTraining {
  readonly target: PlaneTarget;
  /** Numbers of neurons from the two inputs to the one output. */
  readonly sizes: readonly number[];
  readonly steps: number;
  /** Steps after which networks are looked at, ascending. */
  readonly readOuts: readonly number[];
}

/** A network on its way. */
export interface PlaneReadOut {
  readonly step: number;
  readonly network: ReluNetwork;
}

/** Samples a step: for the fit, and of the boundaries' density; and the regions that the intersection penalty asks. */
const batchSize = 64;
const densityPoints = 64;
const regionPoints = 8;

/** The target's values at points: the same formula on a tape and on a grid. */
const onTape: Record<Exclude<PlaneTarget, "nothing">, (x: Value, y: Value) => Value> = {
  sin: (x, y) => x.sinPi().mul(y.sinPi()),
  sin2: (x, y) => x.mul(2).sinPi().mul(y.mul(2).sinPi()),
  disk: (x, y) => x.square().add(y.square()).neg().add(0.5).sign(),
};

/** {@link PlaneTarget} at a point. */
export function planeTarget(target: PlaneTarget, x: number, y: number): number {
  const turn = target === "sin2" ? 2 * Math.PI : Math.PI;
  if (target === "nothing") return 0;
  return target === "disk" ? Math.sign(0.5 - x * x - y * y) : Math.sin(turn * x) * Math.sin(turn * y);
}

function loss(tape: Tape, model: Model, points: Value, { kind, pairs }: AntiRegulariser): Value {
  const hidden = model.layers.slice(0, -1);
  const first = (count: number) => points.columnsAt(Array.from({ length: count }, (_, i) => i));
  if (kind === "intersection")
    return intersectionOnTape(tape, hidden, { points: first(regionPoints), pairs });
  return (kind === "length" ? lengthOnTape : kacRiceOnTape)(tape, hidden, { points });
}

/** The program of one loss. All losses draw the same numbers, so that trials are paired. */
function programOf(
  training: PlaneTraining,
  regulariser: AntiRegulariser,
): { program: Program; model: Model } {
  const { target, sizes, steps } = training;
  const tape = new Tape();
  const model = dense(tape, sizes);
  const drawn = tape.uniform(2, batchSize + densityPoints, -1, 1);
  const columns = (from: number, count: number) =>
    drawn.columnsAt(Array.from({ length: count }, (_, i) => from + i));
  const terms: Value[] = [];
  if (target !== "nothing") {
    const x = columns(0, batchSize);
    terms.push(tape.meanSquare(model.apply(x).output, onTape[target](x.rowsAt([0]), x.rowsAt([1]))));
  }
  if (regulariser.kind !== "plain") {
    const weight = weightOnTape(tape, switchedOff(regulariser.until, regulariser.weight), steps);
    terms.push(loss(tape, model, columns(batchSize, densityPoints), regulariser).mul(weight));
  }
  return { program: tape.compile(terms.reduce((a, b) => a.add(b))), model };
}

/**
 * Trains networks on a target of the plane with a loss beside it: Adam, 1e-2 to 1e-5 along a cosine, 64 samples a step.
 * A trial's weights (He, biases of deviation .3) and samples are the same for every loss.
 *
 * @param training target, network, steps, read-outs
 * @param regulariser the loss beside the fit
 * @param randoms a generator for each trial
 * @param workers threads; the networks do not depend on it
 * @returns for each trial its read-outs
 * @throws Error when a trial's numbers stop being finite, naming trial and step
 * @example
 * const training = { target: "sin", sizes: [2, 8, 8, 1], steps: 3000, readOuts: [0, 3000] } as const;
 * const promoted = { kind: "Kac-Rice", weight: 0.03, until: 1 } as const;
 * const [[before, after]] = await trainOnPlane(training, promoted, [random.generator(0)], 1);
 */
export async function trainOnPlane(
  training: PlaneTraining,
  regulariser: AntiRegulariser,
  randoms: readonly Generator[],
  workers: number,
): Promise<PlaneReadOut[][]> {
  const { program, model } = programOf(training, regulariser);
  const trials = randoms.map((random) => ({
    parameters: model.parameters(heNetwork(training.sizes, random.split("weights"), 0.3)),
    random,
  }));
  const { steps, readOuts } = training;
  const optimiser = adam({ rate: cosine(1e-2, 1e-5, steps) });
  const ends = await train(program, { trials, steps, optimiser, readOuts, workers });
  return ends.map(({ failedAt, trial, readOuts: seen }) => {
    if (failedAt !== null)
      throw new Error(
        `trainOnPlane: trial ${trial} of ${regulariser.kind} is not finite after step ${failedAt}`,
      );
    return seen.map(({ step, parameters }) => ({ step, network: model.network(parameters) }));
  });
}
