import { compose, ReluNetwork } from "../../network";
import { generator, type Generator } from "../../random";
import { countPlaneSync, segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { sawtoothValue } from "../../sawtooth";
import { breakpointChain, sawtoothBatch, trainChains } from "../../training";
import { gradingOf, type Supervision } from "./chains";

/** One way to train a chain of blocks 2 -> width -> 2 on the mirror maps of both coordinates. */
export interface PlanePoint {
  readonly n: number;
  readonly width: number;
  readonly supervision: Supervision;
  readonly steps: number;
  readonly batchSize: number;
}

/** Ways of training, compared on the same trials. */
export interface PlaneConfiguration {
  readonly points: readonly PlanePoint[];
}

/** One network before and after training. */
export interface PlaneRow {
  readonly trial: number;
  readonly n: number;
  readonly supervision: Supervision;
  /** ReLU neurons. */
  readonly neurons: number;
  /** N^2 / 2: what networks have at random and after ordinary training (Hanin and Rolnick 2019). */
  readonly squareLaw: number;
  /** 4^n: the mirror maps themselves. */
  readonly ideal: number;
  /** Exact activation regions in the unit square, of the network at its start and when trained; 0 when it diverged. */
  readonly before: number;
  readonly regions: number;
  /** Laps of the scalar output along the diagonal. */
  readonly laps: number;
  /** Mean square of the error of both coordinates, over 4,096 points spread evenly. */
  readonly error: number;
}

/** The scalar that is counted: a generic combination of the last block's two values. */
const readOut = ReluNetwork.of([{ W: [[1, 0.7]], b: [0], activation: "linear" }]);
const unitSquare = { lo: [0, 0], hi: [1, 1] };

/** Roberts's sequence: even, and in step with no power of 2 (at the points of a dyadic grid s_n takes few values). */
function spreadPoints(count: number): Float64Array {
  const root = 1.324717957244746; // of x^3 = x + 1
  return Float64Array.from({ length: 2 * count }, (_, i) => ((i >> 1) * root ** -(1 + (i % 2)) + 0.5) % 1);
}

function meanSquare(network: ReluNetwork, n: number): number {
  const points = spreadPoints(4096);
  const found = network.forwardBatch(points);
  return found.reduce((sum, value, i) => sum + (value - sawtoothValue(n, points[i])) ** 2, 0) / found.length;
}

const startOf = ({ n, width }: PlanePoint, random: Generator) =>
  breakpointChain({ blocks: n, width, dimensions: 2 }, random.split(`width ${width}, ${n}`));

async function trainPoint(point: PlanePoint, randoms: readonly Generator[], workers: number) {
  const { n, batchSize, supervision, steps } = point;
  const starts = randoms.map((random) => ({ network: startOf(point, random), random }));
  const source = sawtoothBatch(n, batchSize, 2);
  return trainChains(starts, { source, grading: gradingOf(supervision), steps, workers });
}

async function planeBatch(
  { points }: PlaneConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<PlaneRow[][]> {
  const rows = indices.map((): PlaneRow[] => []);
  for (const point of points) {
    const { n, supervision, width } = point;
    const trained = await trainPoint(point, randoms, workers);
    trained.forEach(({ network }, i) => {
      const count = (net: ReluNetwork) => countPlaneSync(compose(net, readOut), unitSquare).regions;
      const neurons = n * width;
      rows[i].push({
        trial: indices[i],
        n,
        supervision,
        neurons,
        squareLaw: neurons ** 2 / 2,
        ideal: 4 ** n,
        before: count(startOf(point, randoms[i])),
        regions: network ? count(network) : 0,
        laps: network ? segment(compose(network, readOut), [0, 0], [1, 1]).laps : 0,
        error: network ? meanSquare(network, n) : 1 / 12,
      });
    });
  }
  return rows;
}

/**
 * Chains 2 -> 16 -> 2 on the mirror map of both coordinates, with targets for every level or for the last one alone:
 * exact activation regions in the unit square (specification, 8.5).
 *
 * @example
 * const { rows } = await results.run(experiments.planeMirrors, experiments.planeLevels([2, 3, 4]), { trials: 20 });
 */
export const planeMirrors: Experiment<PlaneConfiguration, PlaneRow> = {
  name: "plane-mirrors",
  version: "1",
  module: __filename,
  batch: planeBatch,
  batchSize: 4,
};

/** One point of {@link planeLevels}. */
export function planePoint(n: number, supervision: Supervision = "graded"): PlanePoint {
  return { n, width: 16, supervision, steps: n < 5 ? 5000 : 1000 * (n + 1), batchSize: 128 };
}

/**
 * The plane's mirror maps for several numbers of levels.
 *
 * @param n numbers of levels
 * @param supervisions "graded" and "final" when not given
 */
export function planeLevels(
  n: readonly number[],
  supervisions: readonly Supervision[] = ["graded", "final"],
): PlaneConfiguration {
  return {
    points: n.flatMap((levels) => supervisions.map((supervision) => planePoint(levels, supervision))),
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const planeStudies: Studies = {
  levels: {
    about: "Two to six mirror maps of the plane, with graded and with final supervision.",
    experiment: planeMirrors,
    configuration: planeLevels([2, 3, 4, 5, 6]),
    trials: 20,
    seed: 0,
  },
};

/**
 * The network of one trial with the scalar read-out that is counted.
 *
 * @param point how it is trained
 * @param trial its number
 * @param seed the run's seed
 * @returns null when the training diverged
 */
export async function planeNetwork(
  point: PlanePoint,
  trial: number,
  seed: number | string,
): Promise<ReluNetwork | null> {
  const [{ network }] = await trainPoint(point, [generator(seed).split(planeMirrors.name).split(trial)], 1);
  return network && compose(network, readOut);
}
