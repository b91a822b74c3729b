// The decision boundary of a classifier, compared with the outputs in rational arithmetic.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countPlane, degenerateKinds, degenerateNetwork, evaluate, randomNetwork } from "../../../oracle";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork, compose } = network;
const box = { lo: [-1, -1], hi: [1, 1] };

/** The winners of every cell at its middle, exactly; areas; the boundary's points; the network's own regions. */
function check(net: network.ReluNetwork, name: string): regions.DecisionBoundary {
  const found = regions.decisionBoundary(net, box);
  assert.ok(found.certified, name);
  const { cells, winners, winnersOfCells, lines, areas } = found;
  for (let cell = 0; cell < cells.count; cell++) {
    if (cells.areas[cell] < 1e-12) continue; // its middle, rounded, may lie outside
    const corners = cells.offsets[cell + 1] - cells.offsets[cell];
    const x = [0, 0];
    for (let e = cells.offsets[cell]; e < cells.offsets[cell + 1]; e++)
      for (const k of [0, 1]) x[k] += cells.vertices[2 * e + k] / corners;
    const y = evaluate(net, x);
    const most = y.reduce((a, b) => (b > a ? b : a));
    const best = y.flatMap((v, i) => (v === most ? [i] : []));
    assert.equal(winners[winnersOfCells[cell]], best, `${name}, cell ${cell}`);
  }
  assert.ok(Math.abs(areas.reduce((a, b) => a + b, 0) - 4) < 1e-9, name);
  for (const { points, sides } of lines) {
    assert.ok(points.length >= 4 && sides[0] < sides[1], name);
    const classes = [...new Set(sides.flatMap((side) => winners[side]))];
    for (let i = 0; i < points.length; i += 2) {
      const y = net.forward([points[i], points[i + 1]]);
      const most = Math.max(...y);
      const size = 1 + Math.max(...y.map(Math.abs));
      for (const k of classes)
        assert.ok(
          most - y[k] < 1e-9 * size,
          `${name}: class ${k} is largest on its boundary, ${[...y]} at ${points.subarray(i, i + 2)}`,
        );
    }
  }
  return found;
}

/** A linear readout of `classes` outputs on top, from small integers: ties of every kind. */
function classifier(net: network.ReluNetwork, classes: number, r: random.Generator): network.ReluNetwork {
  const W = Array.from({ length: classes }, () =>
    Array.from({ length: net.outputs }, () => r.integer(5) - 2),
  );
  const b = W.map(() => (r.integer(2) ? 0 : (r.integer(5) - 2) / 4));
  return compose(net, ReluNetwork.of([{ W, b, activation: "linear" }]));
}

test("random and degenerate classifiers: winners are exact, the network's own regions are counted", () => {
  for (let i = 0; i < 60; i++) {
    const r = random.generator("decision").split(i);
    const kind = i % (degenerateKinds.length + 1);
    const base = kind < degenerateKinds.length ? degenerateNetwork(2, r, kind) : randomNetwork(2, r, 6);
    const net = classifier(base, 2 + r.integer(3), r);
    const name = `classifier ${i}, ${net.sizes.join("-")}`;
    const found = check(net, name);
    const oracle = countPlane(net, { type: "box", ...box }, false);
    assert.is(found.regions, oracle.activationRegions, name);
  }
});

test("outputs that are equal on a whole region are a winner of their own", () => {
  // max(x, 0) against max(y, 0): equal to zero in the third quadrant.
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "linear" },
  ]);
  const found = check(net, "quadrants");
  const areaOf = (classes: number[]) =>
    found.areas[found.winners.findIndex((w) => w.join() === classes.join())];
  assert.equal([areaOf([0]), areaOf([1]), areaOf([0, 1])], [1.5, 1.5, 1]);
  assert.is(found.decisionRegions, 3);
  assert.is(found.regions, 4);
  assert.is(found.lines.length, 3);
  const same = ReluNetwork.of([{ W: inRows(2, [1, 2, 1, 2]), b: [0.5, 0.5], activation: "linear" }]);
  const everywhere = regions.decisionBoundary(same, box);
  assert.equal(everywhere.winners, [[0, 1]]);
  assert.equal([everywhere.lines.length, everywhere.decisionRegions], [0, 1]);
});

test("a fine line changes its class as often as it meets the boundary", () => {
  const net = heNetwork([2, 12, 12, 4], random.generator("classes"), 0.3);
  const { lines } = check(net, "four classes");
  let total = 0;
  for (const height of [-0.871, -0.523, -0.191, 0.123, 0.477, 0.839]) {
    let changes = 0;
    let before = -1;
    for (let i = 0; i <= 20_000; i++) {
      const y = net.forward([-1 + i / 10_000, height]);
      const best = y.indexOf(Math.max(...y));
      if (before >= 0 && best !== before) changes++;
      before = best;
    }
    let met = 0;
    for (const { points } of lines)
      for (let i = 0; i + 3 < points.length; i += 2)
        if (points[i + 1] < height !== points[i + 3] < height) met++;
    assert.is(met, changes, `at height ${height}`);
    total += changes;
  }
  assert.ok(total > 3, `${total} changes`);
});

test("one output has no decision boundary", () => {
  assert.throws(
    () => regions.decisionBoundary(heNetwork([2, 3, 1], random.generator(1)), box),
    /two classes/,
  );
});

test("a class inside of another: a closed line, and the network's own regions", () => {
  // |x| + |y| against 1/2: class 0 is a square on its corner, class 1 all around.
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, -1, 0, 0, 1, 0, -1]), b: [0, 0, 0, 0], activation: "relu" },
    { W: inRows(4, [0, 0, 0, 0, 1, 1, 1, 1]), b: [0.5, 0], activation: "linear" },
  ]);
  const { lines, winners, areas, decisionRegions, regions: own, cells, winnersOfCells } = check(net, "ring");
  assert.is(lines.length, 1);
  const [{ points, closed, sides }] = lines;
  assert.is(closed, true);
  assert.equal([...points.subarray(0, 2)], [...points.subarray(-2)], "the first point again at the end");
  assert.is(points.length, 10);
  for (let i = 0; i < 10; i += 2) assert.is(Math.abs(points[i]) + Math.abs(points[i + 1]), 0.5);
  assert.equal(winners.map((w) => w.join()).sort(), ["0", "1"]);
  assert.equal([...areas].sort(), [0.5, 3.5]);
  assert.equal(sides, [0, 1]);
  assert.equal([decisionRegions, own, cells.count, winnersOfCells.length], [2, 4, 8, 8]);
});

test("lines from border to border are open, one for each pair of sides", () => {
  // x, y and 0: three classes, boundaries along three rays from the origin.
  const net = ReluNetwork.of([{ W: inRows(2, [1, 0, 0, 1, 0, 0]), b: [0, 0, 0], activation: "linear" }]);
  const { lines, winners, areas, regions: own, decisionRegions, cells } = check(net, "three rays");
  assert.is(own, 1, "without a ReLU the network has one region");
  assert.is(decisionRegions, 3);
  // The differences cut by x = y, x = 0 and y = 0 and by nothing else.
  assert.is(cells.count, 6);
  assert.equal(
    lines
      .map(({ sides, closed, points }) => [
        winners[sides[0]].concat(winners[sides[1]]).sort().join(),
        closed,
        points.length,
      ])
      .sort(),
    [
      ["0,1", false, 4],
      ["0,2", false, 4],
      ["1,2", false, 4],
    ],
  );
  assert.equal([...areas].sort(), [1, 1.5, 1.5]);
  const two = regions.decisionBoundary(
    ReluNetwork.of([{ W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "linear" }]),
    box,
  );
  assert.equal([two.cells.count, two.regions, two.lines.length], [2, 1, 1]);
  assert.equal([[...two.areas], two.lines[0].closed], [[2, 2], false]);
});

test("an open line may bend, and does not end where it begins", () => {
  // relu(x) against y: along y = 0, then along y = x.
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1, 0, -1]), b: [0, 0, 0], activation: "relu" },
    { W: inRows(3, [1, 0, 0, 0, 1, -1]), b: [0, 0], activation: "linear" },
  ]);
  const { lines } = regions.decisionBoundary(net, box);
  assert.equal([lines.length, lines[0].closed, lines[0].points.length], [1, false, 6]);
  const points = Array.from({ length: 3 }, (_, i) =>
    [...lines[0].points.subarray(2 * i, 2 * i + 2)].map((v) => v + 0).join(" "),
  );
  assert.equal(points.sort(), ["-1 0", "0 0", "1 1"]);
});

test("a limit is passed on: then nothing is certain", () => {
  const net = heNetwork([2, 12, 12, 3], random.generator("limited"), 0.3);
  const cut = regions.decisionBoundary(net, box, { maximumRegions: 20 });
  assert.equal([cut.certified, cut.cells.complete, cut.cells.count], [false, false, 20]);
  assert.is(regions.decisionBoundary(net, box).certified, true);
  assert.is(cut.cells.maps.length, 0);
});

test.run();
