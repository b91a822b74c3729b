import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countedNetworks } from "../../../oracle";
import { compareDegenerate, compareRandom } from "./against-oracle";

test("300 random networks: counts and knots are those of rational arithmetic", () => {
  compareRandom(0, 300);
});

test("300 degenerate networks: counts and knots are those of rational arithmetic", () => {
  compareDegenerate(0, 300);
});

for (const { name, net, document } of countedNetworks()) {
  const { line, domain, expected } = document;
  if (!line && net.inputs !== 1) continue;
  test(`${name}: known pieces`, () => {
    for (const method of ["cells", "march"] as const) {
      if (line) {
        const to = line.p.map((p, i) => p + line.d[i]);
        const found = regions.segment(net, line.p, to, { method });
        assert.is(found.acts, line.activation_intervals);
        assert.is(found.pieces, line.affine_pieces);
      }
      if (net.inputs === 1) {
        const found = regions.segment(net, domain.lo, domain.hi, { method });
        assert.is(found.acts, expected.activation_intervals);
        assert.is(found.pieces, expected.affine_pieces);
      }
    }
  });
}

test("generic networks, large and deep: the march is certain of all, and agrees with the cells", () => {
  for (const sizes of [
    [1, 64, 64, 64, 1],
    [2, 128, 128, 1],
    [1, 256, 256, 1],
    [3, 32, 32, 32, 32, 32, 32, 32, 32, 2],
  ]) {
    for (let seed = 0; seed < 5; seed++) {
      const net = network.heNetwork(sizes, random.generator(`march ${sizes} ${seed}`), 0.1);
      const [from, to] = [-1, 1].map((v) => new Array<number>(sizes[0]).fill(v));
      const march = regions.segment(net, from, to);
      assert.is(march.method, "march", `${sizes}, seed ${seed}`);
      assert.is(march.fallbacks, 0);
      const cells = regions.segment(net, from, to, { method: "cells" });
      assert.equal(
        [march.acts, march.pieces, march.laps, march.flats],
        [cells.acts, cells.pieces, cells.laps, cells.flats],
      );
      assert.ok(march.knots.every((t, k) => Math.abs(t - cells.knots[k]) < 1e-10));
      const scale = Math.max(...cells.values.map(Math.abs));
      assert.ok(march.values.every((v, k) => Math.abs(v - cells.values[k]) < 1e-9 * scale));
    }
  }
});

test("values and slopes of all outputs", () => {
  const net = network.heNetwork([2, 20, 20, 3], random.generator(5), 0.1);
  const { knots, values, slopes, pieces } = regions.segment(net, [-1, 0.5], [1, -0.25], { outputs: "all" });
  assert.is(values.length, 3 * knots.length);
  assert.is(slopes.length, 3 * pieces);
  for (const [k, t] of knots.entries()) {
    const y = net.forward([-1 + 2 * t, 0.5 - 0.75 * t]);
    for (let o = 0; o < 3; o++) assert.ok(Math.abs(values[3 * k + o] - y[o]) < 1e-12);
  }
});

test.run();
