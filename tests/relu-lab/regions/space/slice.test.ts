import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { box } from "./compare";

const { ReluNetwork, heNetwork } = network;
const { countPlaneSync, sliceSpace, spaceSync } = regions;

const sum = (values: Float64Array) => values.reduce((s, v) => s + v, 0);

test("a slice through space has the regions of the plane itself", () => {
  for (const [seed, sizes] of [[3, 14, 13, 1], [3, 8, 7, 6, 1], [3, 20, 1]].entries()) {
    const net = heNetwork(sizes, random.generator(seed), 0.2);
    const found = spaceSync(net, box, { shapes: true });
    for (const plane of [
      { origin: [0, 0, 0.1], directions: [[1, 0, 0], [0, 1, 0]] },
      { origin: [0.1, 0.05, 0], directions: [[0, 0, 1], [0.3, 1, 0.2]] },
      { origin: [0, 0, 0.1], directions: [[1, 0, 0.3], [0, 1, -0.2]] },
    ] as { origin: number[]; directions: [number[], number[]] }[]) {
      const slice = sliceSpace(found, plane);
      const [u, v] = plane.directions;
      // Corners in input space lie in the box, and every polygon's region is the one its middle lies in.
      const neurons = net.layers.slice(0, -1).reduce((s, layer) => s + layer.outputs, 0);
      for (let i = 0; i < slice.count; i++) {
        let [s, t] = [0, 0];
        const n = slice.offsets[i + 1] - slice.offsets[i];
        for (let k = slice.offsets[i]; k < slice.offsets[i + 1]; k++) {
          s += slice.vertices[2 * k] / n;
          t += slice.vertices[2 * k + 1] / n;
          assert.ok(slice.edgeNeurons[k] >= -6 && slice.edgeNeurons[k] < neurons);
        }
        if (slice.areas[i] < 1e-9) continue;
        const x = plane.origin.map((o, k) => o + s * u[k] + t * v[k]);
        const first = net.layers[0];
        for (let j = 0; j < first.outputs; j++) {
          const z = x.reduce((total, value, k) => total + first.weights[3 * j + k] * value, first.biases[j]);
          const on = (found.patterns[slice.regions[i] * found.patternWords + (j >> 5)] >> (j & 31)) & 1;
          assert.is(on, z > 0 ? 1 : 0);
        }
      }
      if (Math.abs(v[0]) < 0.1) {
        // The plane's own square stays within the box, and the box cuts nothing else from the plane.
        const bounds = { lo: [-1, -1], hi: [1, 1] };
        assert.is(slice.count, countPlaneSync(net, { ...plane, bounds }).regions);
        assert.ok(Math.abs(sum(slice.areas) - 4 * Math.hypot(1, u[2], v[2])) < 1e-12);
      }
    }
  }
}); // prettier-ignore

test("a plane along a boundary is filled once", () => {
  const W = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]; // prettier-ignore
  const net = ReluNetwork.of([{ W, b: [0, 0, 0.25], activation: "relu" }]);
  const found = spaceSync(net, box, { shapes: true });
  const slice = sliceSpace(found, { origin: [0, 0, 0], directions: [[1, 0, 0], [0, 1, 0]] }); // prettier-ignore
  assert.is(found.count, 8);
  assert.is(slice.count, 4);
  assert.equal([...slice.areas].sort(), [0.75, 0.75, 1.25, 1.25]);
  assert.equal([...slice.offsets], [0, 4, 8, 12, 16]);
});

test("a slice without shapes, or by no plane, is refused", () => {
  const net = heNetwork([3, 2, 1], random.generator(0));
  const found = spaceSync(net, box);
  const [x, y] = [[1, 0, 0], [0, 1, 0]]; // prettier-ignore
  assert.throws(() => sliceSpace(found, { origin: [0, 0, 0], directions: [x, y] }), /shapes: true/);
  const shaped = spaceSync(net, box, { shapes: true });
  assert.throws(() => sliceSpace(shaped, { origin: [0, 0, 0], directions: [x, [2, 0, 0]] }), /do not span/);
  assert.throws(
    () => sliceSpace(shaped, { origin: [0, 0], directions: [x, y] }),
    /plane\.origin is \[0, 0\]/,
  );
});

test.run();
