import { test } from "uvu";
import * as assert from "uvu/assert";
import { random, regions } from "relu-lab";
import { heNetwork, ReluNetwork } from "relu-lab/network";
import { compareExtreme } from "./extreme";
import { inRows } from "../../rows";

test("180 networks with weights from 1e-308 to 1e308 are counted as in rational arithmetic, or refused", () => {
  const { counted, refused } = compareExtreme(0, 60);
  assert.ok(counted > 3 * refused, `${counted} counted, ${refused} refused`);
});

test("a weight that underflows when its input is scaled back is not lost", () => {
  const tiny = Number.MIN_VALUE;
  // Times 2^-1074 the weight 1/4 is below all doubles; the second neuron changes sign where 3 y - 2 z = 4 all the same.
  const withFirst = (row: number[]) =>
    ReluNetwork.of([
      { W: [row], b: [0], activation: "relu" },
      { W: [[0.25]], b: [-tiny], activation: "relu" },
      { W: [[1]], b: [0], activation: "linear" },
    ]);
  const space = withFirst([0, 3 * tiny, -2 * tiny]);
  assert.is(regions.spaceSync(space, { lo: [-1, -1, -1], hi: [1, 1, 1] }).regions, 3);
  assert.is(regions.planeSync(withFirst([3 * tiny, -2 * tiny]), { lo: [-1, -1], hi: [1, 1] }).regions, 3);
});

test("distances do not depend on the neurons' scales, however extreme", () => {
  for (const inputs of [1, 2, 3]) {
    const net = heNetwork([inputs, 6, 5, 1], random.generator(`scales ${inputs}`), 0.3);
    const points = [new Array<number>(inputs).fill(0.1), new Array<number>(inputs).fill(-0.7)];
    const expected = regions.distance(net, points);
    for (const powers of inRows(3, [-990, 0, 0, 990, -990, 0, -1000, 1000, 0, -500, -400, 0, 500, 400, 0])) {
      const total = powers.map((_, l) => powers.slice(0, l + 1).reduce((sum, p) => sum + p, 0));
      const scaled = ReluNetwork.of(
        net.layers.map(({ weights, biases, activation }, l) => ({
          W: weights.map((w) => w * 2 ** powers[l]),
          b: biases.map((v) => v * 2 ** total[l]),
          activation,
        })),
      );
      const found = regions.distance(scaled, points);
      assert.equal(found.neurons, expected.neurons);
      assert.equal(found.linearExact, expected.linearExact);
      for (const key of ["distances", "linearDistances"] as const)
        found[key].forEach((d, i) =>
          assert.ok(Math.abs(d - expected[key][i]) <= 1e-13 * d, `${key} ${powers}`),
        );
    }
  }
});

test.run();
