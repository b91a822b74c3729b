import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countedNetworks } from "../../../oracle";

const net = network.ReluNetwork.of([
  { W: [[1, 0], [0, 1]], b: [0, 0], activation: "relu" },
  { W: [[1, 1]], b: [-1], activation: "relu" },
  { W: [[1]], b: [0], activation: "linear" },
]); // prettier-ignore

test("the specification's three points", () => {
  const { distances, neurons, linearExact } = regions.distance(net, [[0.25, 0.25], [0.9, 0.9], [-0.5, 0.8]]); // prettier-ignore
  for (const [i, d] of [0.25, 0.565685424949238, 0.2].entries())
    assert.ok(Math.abs(distances[i] - d) < 1e-15);
  assert.equal([...neurons], [0, 2, 2]);
  // At the first point the output is zero on both sides of x = 0: no boundary of a linear region.
  assert.equal([...linearExact], [0, 1, 1]);
});

for (const { name, net, document } of countedNetworks()) {
  if (!document.distance_to_boundary) continue;
  test(`${name}: known distances and neurons`, () => {
    const points = document.distance_to_boundary!;
    const { distances, neurons } = regions.distance(
      net,
      points.map(({ x }) => x),
    );
    for (const [i, { distance, neuron }] of points.entries()) {
      assert.ok(Math.abs(distances[i] - distance) <= 1e-11 * distance, `point ${i}: ${distances[i]} against ${distance}`); // prettier-ignore
      assert.is(neurons[i], neuron);
    }
  });
}

test("no ray is cut before the distance, and one direction is cut at it", () => {
  const r = random.generator("rays");
  for (let trial = 0; trial < 20; trial++) {
    const random3 = network.heNetwork([3, 8, 8, 1], r.split(trial), 0.5);
    const x = [r.normal(), r.normal(), r.normal()];
    const far = regions.distance(random3, [x]).distances[0];
    for (let ray = 0; ray < 20; ray++) {
      const d = [r.normal(), r.normal(), r.normal()];
      const length = Math.hypot(...d);
      const to = x.map((v, i) => v + (0.999 * far * d[i]) / length);
      assert.is(regions.segment(random3, x, to).acts, 1);
    }
  }
});

test("points are checked", () => {
  assert.throws(() => regions.distance(net, [[1, 2, 3]]), /point 0 has 3 coordinates/);
  assert.throws(() => regions.distance(net, [[1, Infinity]]), /point 0 has the coordinate Infinity/);
});

test.run();
