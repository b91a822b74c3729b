// What is made from the regions: planes through points, polylines, decision boundary, statistics, streams.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };

test("a plane through three points holds them, orthonormal or not", () => {
  const r = random.generator("points");
  const [a, b, c] = [0, 1, 2].map(() => Float64Array.from({ length: 20 }, () => r.normal()));
  for (const orthonormal of [false, true]) {
    const domain = regions.throughPoints(a, b, c, { orthonormal });
    const [u, v] = domain.directions;
    [a, b, c].forEach((point, p) => {
      const [s, t] = domain.points[p];
      assert.ok(point.every((x, i) => Math.abs(domain.origin[i] + s * u[i] + t * v[i] - x) < 1e-12));
      assert.ok(s > domain.bounds.lo[0] && s < domain.bounds.hi[0]);
      assert.ok(t > domain.bounds.lo[1] && t < domain.bounds.hi[1]);
    });
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    if (orthonormal) {
      assert.ok(Math.abs(dot(u, v)) < 1e-14);
      assert.ok(Math.abs(dot(u, u) - 1) < 1e-14 && Math.abs(dot(v, v) - 1) < 1e-14);
    }
    const net = heNetwork([20, 15, 15, 2], random.generator("wide"), 0.3);
    const found = regions.planeSync(net, domain);
    for (let q = 0; q < found.count; q += 7) {
      const e = found.offsets[q];
      const [s, t] = found.vertices.subarray(2 * e, 2 * e + 2);
      const x = domain.origin.map((o, i) => o + s * u[i] + t * v[i]);
      const y = net.forward(x);
      const [m0, m1, m2] = found.maps.subarray(6 * q);
      assert.ok(Math.abs(m0 * s + m1 * t + m2 - y[0]) < 1e-10);
    }
  }
  assert.throws(() => regions.throughPoints([0, 0], [1, 1], [2, 2]), /on a line/);
  assert.throws(() => regions.throughPoints([0, 0], [1, 1, 1], [2, 2]), /coordinates/);
  assert.throws(() => regions.throughPoints([0, 0], [1, 1], [2]), /2, 2 and 1 coordinates/);
  assert.throws(() => regions.throughPoints([0], [1], [2]), /1, 1 and 1 coordinates/);
  assert.throws(() => regions.throughPoints([0, 0], [0, 0], [2, 1]), /on a line/);
});

test("polylines lie where their neuron vanishes, bend only at others, and end at the border or are closed", () => {
  const net = heNetwork([2, 8, 8, 8, 1], random.generator("polylines"), 0.3);
  const found = regions.planeSync(net, box);
  const lines = regions.polylines(found);
  let pieces = 0;
  for (const { neuron, layer, points, closed } of lines) {
    assert.is(layer, 1 + Math.floor(neuron / 8));
    pieces += points.length / 2 - (closed ? 0 : 1);
    if (layer === 1) assert.is(closed, false);
    const last = points.length - 2;
    if (!closed) {
      for (const i of [0, last]) {
        assert.ok(
          Math.abs(Math.max(Math.abs(points[i]), Math.abs(points[i + 1])) - 1) < 1e-12,
          "at the border",
        );
      }
    }
    for (let i = 0; i < points.length; i += 2) {
      let values = Float64Array.of(points[i], points[i + 1]);
      for (let l = 0; l < layer; l++) {
        const { inputs, outputs, weights, biases } = net.layers[l];
        const here = values;
        values = Float64Array.from({ length: outputs }, (_, j) => {
          let z = biases[j];
          for (let k = 0; k < inputs; k++)
            z += weights[j * inputs + k] * (l === 0 ? here[k] : Math.max(0, here[k]));
          return z;
        });
      }
      assert.ok(Math.abs(values[neuron % 8]) < 1e-11, "the neuron vanishes there");
    }
  }
  assert.is(pieces, found.twins.filter((t) => t >= 0).length / 2, "every inner edge is in one polyline");
  const third = regions.polylines(found, [20]);
  assert.equal(
    third,
    lines.filter((line) => line.neuron === 20),
  );
});

test("a ring is a closed polyline", () => {
  // |x| + |y| - 1/2 by four neurons and a fifth on top
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, -1, 0, 0, 1, 0, -1]), b: [0, 0, 0, 0], activation: "relu" },
    { W: [[1, 1, 1, 1]], b: [-0.5], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const ring = regions.polylines(regions.planeSync(net, box), [4]);
  assert.is(ring.length, 1);
  assert.is(ring[0].closed, true);
  assert.is(ring[0].points.length, 8);
});

test("inner corners of straight lines are their crossings, each once", () => {
  const net = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1, 1, 1, 1, 0]), b: [0, 0, -0.5, -3], activation: "relu" },
    { W: [[1, 1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const found = regions.planeSync(net, { lo: [-1, -1], hi: [1, 1] });
  const inner = regions.innerCorners(found).map(({ x, y }) => `${x + 0},${y + 0}`); // no minus zero
  assert.equal(inner.sort(), ["0,0", "0,0.5", "0.5,0"]);
});

test("statistics of a checkerboard", () => {
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  const found = regions.regionStatistics(regions.planeSync(net, box));
  assert.equal(found, {
    regions: 4,
    atBorder: 4,
    adjacentPairs: 4,
    corners: 9,
    totalArea: 4,
    meanArea: 1,
    medianArea: 1,
    smallestArea: 1,
    largestArea: 1,
    edgeCounts: [0, 0, 0, 0, 4],
    neighbourCounts: [0, 0, 4],
    edgesByLayer: [8, 8],
  });
});

test("a visitor sees the same regions in the same order, in blocks", () => {
  const net = heNetwork([2, 32, 32, 2], random.generator("visitor"), 0.1);
  const found = regions.planeSync(net, box);
  let seen = 0;
  let blocks = 0;
  const counted = regions.visitPlaneSync(net, box, (block) => {
    blocks++;
    for (let i = 0; i < block.count; i++, seen++) {
      const [from, to] = [block.offsets[i], block.offsets[i + 1]];
      const own = found.offsets[seen];
      assert.is(to - from, found.offsets[seen + 1] - own);
      assert.is(block.areas[i], found.areas[seen]);
      assert.is(block.vertices[2 * from], found.vertices[2 * own]);
      assert.is(block.edgeNeurons[to - 1], found.edgeNeurons[found.offsets[seen + 1] - 1]);
      assert.is(block.maps[6 * i + 5], found.maps[6 * seen + 5]);
      assert.is(block.patternHash[4 * i], found.patternHash[4 * seen]);
    }
  });
  assert.is(seen, found.count);
  assert.is(counted.regions, found.count);
  assert.ok(blocks > 1);
  assert.throws(
    () =>
      regions.visitPlaneSync(net, box, () => {
        throw new Error("from the visitor");
      }),
    /from the visitor/,
  );
});

test.run();
