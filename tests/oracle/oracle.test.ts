// The oracle against the networks with exact counts, and against itself on another path.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { countedNetworks, countLine, countPlane, countSpace, degenerateNetwork, randomNetwork } from ".";

for (const { name, net, document } of countedNetworks()) {
  if (name.startsWith("deep_")) continue; // 86,431 regions of 8 layers in big integers: minutes
  const { expected, domain, line } = document;
  test(`${name}: counts equal those known`, () => {
    if (net.inputs === 1) {
      const counts = countLine(net, domain.lo, domain.hi);
      assert.is(counts.intervals, expected.activation_intervals);
      assert.is(counts.pieces, expected.affine_pieces);
      assert.equal(counts.cellsAfterEachLayer, expected.cells_after_each_hidden_layer);
    } else if (net.inputs === 3) {
      const counts = countSpace(net, domain);
      assert.is(counts.activationRegions, expected.activation_regions);
      assert.equal(counts.cellsAfterEachLayer, expected.cells_after_each_hidden_layer);
    } else {
      const counts = countPlane(net, domain as Parameters<typeof countPlane>[1]);
      assert.is(counts.activationRegions, expected.activation_regions);
      if (expected.linear_components !== undefined) {
        assert.is(counts.linearComponents, expected.linear_components);
        assert.is(counts.distinctMaps, expected.distinct_affine_maps);
        assert.equal(counts.cellsAfterEachLayer, expected.cells_after_each_hidden_layer);
      }
    }
    if (line) {
      const to = line.p.map((p, i) => p + line.d[i]);
      const counts = countLine(net, line.p, to);
      assert.is(counts.intervals, line.activation_intervals);
      assert.is(counts.pieces, line.affine_pieces);
    }
  });
}

test("the polygon counter and the polytope counter agree in two dimensions", () => {
  const square = { type: "box", lo: [-1, -1], hi: [1, 1] } as const;
  for (let seed = 0; seed < 120; seed++) {
    const r = random.generator(`polytope ${seed}`);
    const net = seed % 2 ? randomNetwork(2, r, 6) : degenerateNetwork(2, r, (seed / 2) % 6);
    const polygons = countPlane(net, square, false);
    assert.equal(countSpace(net, square).cellsAfterEachLayer, polygons.cellsAfterEachLayer, `seed ${seed}`);
  }
});

test.run();
