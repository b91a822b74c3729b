import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countedNetworks } from "../../../oracle";
import { compareLinearDistances } from "./linear";
import { inRows } from "../../../rows";

const net = network.ReluNetwork.of([
  { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
  { W: [[1, 1]], b: [-1], activation: "relu" },
  { W: [[1]], b: [0], activation: "linear" },
]);

test("the specification's three points", () => {
  const { distances, neurons, linearDistances, linearExact } = regions.distance(
    net,
    inRows(2, [0.25, 0.25, 0.9, 0.9, -0.5, 0.8]),
  );
  for (const [i, d] of [0.25, 0.565685424949238, 0.2].entries())
    assert.ok(Math.abs(distances[i] - d) < 1e-15);
  assert.equal([...neurons], [0, 2, 2]);
  // At the first point the output is zero on both sides of x = 0: its linear region ends at x + y = 1.
  assert.equal([...linearExact], [1, 1, 1]);
  assert.ok(Math.abs(linearDistances[0] - Math.SQRT1_2 / 2) < 1e-15);
  // At the third x < 0, and the neuron of the second layer turns on at y = 1.
  assert.ok(Math.abs(linearDistances[2] - 0.2) < 1e-15);
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
      assert.ok(
        Math.abs(distances[i] - distance) <= 1e-11 * distance,
        `point ${i}: ${distances[i]} against ${distance}`,
      );
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

test("the distance to the linear region's boundary is that of the segment and plane engines", () => {
  assert.ok(compareLinearDistances("test", 60) > 100);
});

test("in 20 dimensions no ray meets a knot before the linear distance, and at it the output bends", () => {
  const r = random.generator("linear rays");
  let beyond = 0;
  for (let trial = 0; trial < 12; trial++) {
    const net = network.heNetwork([20, 6, 5, 1], r.split(trial), 0.5);
    const specs = net.specs();
    // Half of the second layer is not listened to.
    const wide = network.ReluNetwork.of([specs[0], specs[1], { ...specs[2], W: [[0.7, 0, -1, 0, 0]] }]);
    const x = Array.from({ length: 20 }, () => r.normal());
    const { distances, linearDistances, linearExact } = regions.distance(wide, [x]);
    if (linearDistances[0] > distances[0] * 1.001) beyond++;
    assert.is(linearExact[0], 1);
    if (linearDistances[0] === Infinity) continue;
    for (let ray = 0; ray < 20; ray++) {
      const d = Array.from({ length: 20 }, () => r.normal());
      const length = Math.hypot(...d);
      const to = x.map((v, i) => v + (0.999 * linearDistances[0] * d[i]) / length);
      assert.is(regions.segment(wide, x, to).pieces, 1);
    }
  }
  assert.ok(beyond >= 3, `${beyond} points with an invisible boundary nearest`);
});

test("a copy that cancels a neuron hides its boundary; a limit leaves a bound", () => {
  const twins = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 0, 1]), b: [0, 0, -1], activation: "relu" },
    { W: [[1, -1, 1]], b: [0], activation: "linear" },
  ]);
  const found = regions.distance(twins, [[0.25, 0.5]]);
  assert.is(found.distances[0], 0.25);
  assert.equal([found.linearDistances[0], found.linearExact[0]], [0.5, 1]);
  const limited = regions.distance(twins, [[0.25, 0.5]], { maximumRegions: 1 });
  assert.is(limited.linearExact[0], 0);
  assert.ok(limited.linearDistances[0] >= 0.25 && limited.linearDistances[0] <= 0.5);
  assert.throws(() => regions.distance(twins, [[0, 0]], { maximumRegions: -1 }), /maximumRegions is -1/);
});

test("points are checked", () => {
  assert.throws(() => regions.distance(net, [[1, 2, 3]]), /point 0 has 3 coordinates/);
  assert.throws(() => regions.distance(net, [[1, Infinity]]), /point 0 has the coordinate Infinity/);
});

test("a constant neuron that rounding turns on stays off: its sign is decided exactly", () => {
  // 3 relu(u) - relu(u) - relu(u) - relu(u) is 0, but 0.1 + 0.1 + 0.1 is not 0.3 in doubles: the output is 0 everywhere.
  const copies = [0, 1, 2, 3];
  const net = network.ReluNetwork.of([
    { W: copies.map(() => [0.1]), b: copies.map(() => 0.05), activation: "relu" },
    { W: [[3, -1, -1, -1]], b: [-(2 ** -70)], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const points = Array.from({ length: 40 }, (_, i) => [0.123 + 0.01 * i]);
  const { linearDistances, linearExact } = regions.distance(net, points);
  assert.equal(new Set(linearDistances), new Set([Infinity]));
  assert.ok(linearExact.every((exact) => exact === 1));
});

test("inputs of 150,000 numbers", () => {
  const inputs = 150_000;
  const W = new Float64Array(inputs).fill(1);
  const net = network.ReluNetwork.of([
    { W, b: [-1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const { distances } = regions.distance(net, new Float64Array(inputs));
  assert.ok(Math.abs(distances[0] * Math.sqrt(inputs) - 1) < 1e-12);
});

test("a distance whose square is no double is still told", () => {
  const exact = (at: number, bias: number) =>
    regions.distance(
      network.ReluNetwork.of([
        { W: [[1], [1]], b: [1, 1], activation: "relu" },
        { W: [[1 + 2 ** -40, -1]], b: [bias], activation: "relu" }, // 2^-40 (x + 1) + bias
        { W: [[1]], b: [0], activation: "linear" },
      ]),
      [[at]],
    ).distances[0];
  assert.is(exact(2 ** -700, -(2 ** -40)), 2 ** -700);
  assert.is(exact(0.5, -(2 ** -40)), 0.5);
});

test.run();
