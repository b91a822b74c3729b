import { ReluNetwork, type LayerSpec } from "../../network";
import { checkShape } from "./lower";
import { binomial } from "./zaslavsky";

/**
 * Montúfar's construction: a network whose activation regions in the unit cube reach the lower bound of 2014 exactly.
 *
 * Every layer but the last folds each coordinate of [0,1] onto itself p = floor(n_l / n_0) times, by p neurons
 * relu(p x - i) that the next layer adds with weights 1, -2, 2, -2, ...; so each later cell appears p^{n_0} times.
 * The last layer is an arrangement in general position with all its crossings inside the cube: the hyperplanes
 * sum_k t^k x_k = t^{n_0}, t different for each. At most n_0 of them meet in a point, because a polynomial of degree
 * n_0 has no more roots; the crossings are elementary symmetric functions of the t in [-1, 1], hence bounded.
 * Neurons that are left over (n_l not a multiple of n_0) are zero.
 *
 * @param inputs n_0
 * @param widths n_1, ..., n_L, each at least n_0
 * @returns the network, with one output: the sum of the last hidden layer
 * @throws RangeError when a layer is narrower than the input
 * @see Montúfar, Pascanu, Cho, Bengio, On the number of linear regions of deep neural networks, 2014, theorem 4
 * @example
 * regions.count(montufarNetwork(2, [8, 8]), [0, 0], [1, 1]); // 592 = bounds(2, [8, 8]).montufarLower
 */
export function montufarNetwork(inputs: number, widths: readonly number[]): ReluNetwork {
  checkShape(inputs, widths);
  const narrow = widths.findIndex((width) => width < inputs);
  if (narrow >= 0) {
    throw new RangeError(
      `widths[${narrow}] is ${widths[narrow]}: the construction needs at least one neuron for each of the ${inputs} inputs`,
    );
  }
  const specs: LayerSpec[] = [];
  // Row k of `readout` gives coordinate k of the folded cube from the layer below.
  let readout: number[][] = Array.from({ length: inputs }, (_, k) =>
    Array.from({ length: inputs }, (_v, i) => (i === k ? 1 : 0)),
  );
  for (const width of widths.slice(0, -1)) {
    const folds = Math.floor(width / inputs);
    const W = Array.from({ length: width }, (_, i) =>
      i < folds * inputs ? readout[Math.floor(i / folds)].map((w) => folds * w) : readout[0].map(() => 0),
    );
    const b = Array.from({ length: width }, (_, i) => (i < folds * inputs ? -(i % folds) : 0));
    specs.push({ W, b, activation: "relu" });
    readout = Array.from({ length: inputs }, (_, k) =>
      Array.from({ length: width }, (_v, i) => {
        const fold = i - k * folds;
        if (fold < 0 || fold >= folds) return 0;
        return fold === 0 ? 1 : fold % 2 === 0 ? 2 : -2;
      }),
    );
  }
  const last = widths[widths.length - 1];
  // |x_k| <= C(n_0, k) at a crossing: that range becomes 0.45 to either side of the cube's centre.
  const scale = Array.from({ length: inputs }, (_, k) => Number(binomial(inputs, k)) / 0.45);
  const W: number[][] = [];
  const b: number[] = [];
  for (let i = 0; i < last; i++) {
    const t = (2 * i + 1) / last - 1;
    const normal = scale.map((s, k) => s * t ** k);
    W.push(readout[0].map((_, j) => normal.reduce((sum, v, k) => sum + v * readout[k][j], 0)));
    b.push(-(t ** inputs) - normal.reduce((sum, v) => sum + v / 2, 0));
  }
  specs.push({ W, b, activation: "relu" }, { W: [b.map(() => 1)], b: [0], activation: "linear" });
  return ReluNetwork.of(specs);
}
