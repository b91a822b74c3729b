import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import {
  countedNetworks,
  countSpace as countByOracle,
  degenerateKinds,
  degenerateNetwork,
  randomNetwork,
} from "../../../oracle";
import { box, compareWithOracle } from "./compare";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork, compose } = network;
const { countSpace, countSpaceSync, space, spaceSync } = regions;

/** Planes a x + b y + c z + d = 0 as one hidden layer. */
function arrangement(planes: number[][]) {
  const W = planes.map((plane) => plane.slice(0, 3));
  const b = planes.map((plane) => plane[3]);
  return ReluNetwork.of([
    { W, b, activation: "relu" },
    { W: [planes.map(() => 1)], b: [0], activation: "linear" },
  ]);
}

const count = (planes: number[][]) => countSpaceSync(arrangement(planes), box).regions;

const sum = (values: Float64Array) => values.reduce((s, v) => s + v, 0);

function distinctPatterns({ count: n, patterns, patternWords: w }: regions.SpaceRegions): number {
  return new Set(Array.from({ length: n }, (_, r) => patterns.subarray(r * w, (r + 1) * w).join())).size;
}

for (const { name, net, document } of countedNetworks()) {
  if (document.domain.type !== "box" || document.sizes[0] !== 3) continue;
  test(`${name} has its known counts`, () => {
    const { regions: found, cellsAfterEachLayer, certified } = countSpaceSync(net, document.domain);
    assert.is(found, document.expected.activation_regions);
    assert.equal(cellsAfterEachLayer, document.expected.cells_after_each_hidden_layer);
    assert.ok(certified);
  });
}

test("hundreds of random and degenerate networks have the oracle's counts", () => {
  assert.ok(compareWithOracle("test", 80) >= 500);
});

test("q generic planes that all meet in the box make r(q, 3) regions (Zaslavsky)", () => {
  // Planes near the origin in general directions: every three of them meet well inside a large box.
  const r = random.generator("planes");
  for (const q of [1, 2, 3, 4, 5, 8, 12, 20]) {
    const planes = Array.from({ length: q }, () => [r.normal(), r.normal(), r.normal(), 1e-3 * r.normal()]);
    const far = { lo: [-1e4, -1e4, -1e4], hi: [1e4, 1e4, 1e4] };
    const choose = [0, 1, 2, 3].map((k) => [1, q, (q * (q - 1)) / 2, (q * (q - 1) * (q - 2)) / 6][k]);
    assert.is(
      countSpaceSync(arrangement(planes), far).regions,
      choose.reduce((s, v) => s + v, 0),
      `${q} planes`,
    );
  }
});

test("degenerate arrangements are counted as they are", () => {
  const [x, y, z] = inRows(4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  assert.is(count([[0, 0, 0, 1]]), 1, "a constant neuron never cuts");
  assert.is(count([[0, 0, 0, 0]]), 1, "a zero row");
  assert.is(count([x, x, [-3, 0, 0, 0], [1 / 3, 0, 0, 0]]), 2, "duplicates, negated and rescaled");
  assert.is(count([[1, 0, 0, -0.5], [1, 0, 0, 0.5], y]), 6, "parallel planes");
  assert.is(count([x, y, [1, 1, 0, 0]]), 6, "three planes through a line");
  assert.is(count([x, y, [1, 1, 0, 0], z]), 12, "and one across it");
  assert.is(count([x, y, z, [1, 1, 1, 0]]), 14, "four planes through a point");
  assert.is(count(inRows(4, [1, 0, 0, -1, 0, 1, 0, 1, 0, 0, -1, 1])), 1, "planes along the faces of the box");
  assert.is(count([[1, 1, 1, -3]]), 1, "a plane that touches a corner");
  assert.is(count([[1, 1, 0, -2]]), 1, "a plane that touches an edge");
  assert.is(count([[1, 1, 1, -1]]), 2, "a plane through three corners");
  assert.is(
    count(inRows(4, [1, -1, 0, 0, 0, 1, -1, 0, 1, 0, -1, 0])),
    6,
    "the cube's simplices: planes through its edges",
  );
  const cube = [
    x,
    y,
    z,
    [1, 1, 0, 0],
    [1, -1, 0, 0],
    [0, 1, 1, 0],
    [0, 1, -1, 0],
    [1, 0, 1, 0],
    [1, 0, -1, 0],
  ];
  assert.is(count(cube), 48, "the cube's nine planes of symmetry: B3 has 48 chambers");
});

test("a boundary that passes an intersection by an ulp is told from one that hits it", () => {
  const near = (d: number) => count(inRows(4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, d]));
  assert.is(near(0), 14);
  assert.is(near(2 ** -60), 15);
  assert.is(near(-(2 ** -60)), 15);
  assert.is(near(2 ** -300), 15);
});

test("a neuron of the second layer on an earlier boundary cuts nothing more", () => {
  const net = ReluNetwork.of([
    { W: inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), b: [0, 0, 0], activation: "relu" },
    { W: inRows(3, [1, 0, 0, 0.5, 0, 0, 1, 1, 1]), b: [0, 0, -0.5], activation: "relu" },
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const { cellsAfterEachLayer, regions: found } = countSpaceSync(net, box);
  assert.equal(cellsAfterEachLayer, [8, 15]);
  assert.is(found, 15);
});

test("layers without a ReLU change nothing, and a network without any is one region", () => {
  const r = random.generator("linear");
  const first = heNetwork([3, 5, 3], r, 0.3);
  const whole = compose(first, heNetwork([3, 6, 1], r, 0.3));
  const { regions: found, cellsAfterEachLayer } = countSpaceSync(whole, box);
  assert.is(cellsAfterEachLayer.length, 2);
  assert.is(cellsAfterEachLayer[0], countSpaceSync(first, box).regions);
  assert.is(found, spaceSync(whole, box).count);
  const affine = spaceSync(heNetwork([3, 2], r), box, { shapes: true });
  assert.is(affine.count, 1);
  assert.is(affine.volumes[0], 8);
  assert.is(affine.shapes?.edges.length, 48);
});

test("random networks need no exact arithmetic", () => {
  for (const sizes of [
    [3, 16, 16, 1],
    [3, 32, 32, 1],
    [3, 20, 20, 20, 1],
  ]) {
    const { fallbacks, regions: found } = countSpaceSync(heNetwork(sizes, random.generator(1), 0.1), box);
    assert.ok(found > 3000, `${found} regions`);
    assert.is(fallbacks, 0, sizes.join("-"));
  }
});

test("volumes add up to the box, patterns are distinct and true at the regions' centres", () => {
  const lo = [-1, 0, 0.5];
  const hi = [2, 0.75, 3];
  const net = heNetwork([3, 9, 8, 7, 1], random.generator(5), 0.3);
  const found = spaceSync(net, { lo, hi }, { shapes: true });
  assert.is(found.regions, countSpaceSync(net, { lo, hi }).regions);
  assert.ok(Math.abs(sum(found.volumes) - 3 * 0.75 * 2.5) < 1e-12);
  assert.is(distinctPatterns(found), found.count);
  const { vertices, vertexOffsets, edges, edgeOffsets } = found.shapes as regions.SpaceShapes;
  for (let r = 0; r < found.count; r++) {
    const n = vertexOffsets[r + 1] - vertexOffsets[r];
    const centre = [0, 0, 0];
    for (let v = vertexOffsets[r]; v < vertexOffsets[r + 1]; v++)
      for (let k = 0; k < 3; k++) centre[k] += vertices[3 * v + k] / n;
    let bit = 0;
    let x: number[] = centre;
    for (const { weights, biases, inputs, outputs } of net.layers.slice(0, -1)) {
      const above: number[] = [];
      for (let i = 0; i < outputs; i++) {
        const z = x.reduce((s, value, k) => s + weights[i * inputs + k] * value, biases[i]);
        const on = (found.patterns[r * found.patternWords + (bit >> 5)] >> (bit & 31)) & 1;
        if (Math.abs(z) > 1e-9) assert.is(on, z > 0 ? 1 : 0, `region ${r}, neuron ${bit}`);
        above.push(Math.max(0, z));
        bit++;
      }
      x = above;
    }
    // Euler's relation for the polyhedron: facets are the distinct numbers beside its edges.
    const facets = new Set<number>();
    for (let e = edgeOffsets[r]; e < edgeOffsets[r + 1]; e++)
      facets.add(edges[4 * e + 2]).add(edges[4 * e + 3]);
    assert.is(n - (edgeOffsets[r + 1] - edgeOffsets[r]) + facets.size, 2, `region ${r}`);
  }
});

test("degenerate regions have volumes that add up, distinct patterns, and Euler's relation", () => {
  const axes = inRows(
    4,
    [
      1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, -1, 0, 0, 0, 1, 1, 0, 0, 1, -1, 0, 1, 0, 1, 0, 1, 0,
      -1, 0,
    ],
  );
  const found = spaceSync(arrangement(axes), box, { shapes: true });
  assert.is(found.count, 48);
  assert.is(distinctPatterns(found), 48);
  for (const volume of found.volumes) assert.ok(Math.abs(volume - 8 / 48) < 1e-15, `${volume}`);
  const { vertexOffsets, edgeOffsets } = found.shapes as regions.SpaceShapes;
  for (let r = 0; r < 48; r++) {
    assert.is(vertexOffsets[r + 1] - vertexOffsets[r], 4, "a tetrahedron");
    assert.is(edgeOffsets[r + 1] - edgeOffsets[r], 6);
  }
});

test("boxes of any size and place, and weights of any size, have the oracle's counts", () => {
  let compared = 0;
  for (let i = 0; i < 150; i++) {
    const r = random.generator("boxes").split(i);
    const kind = r.integer(degenerateKinds.length + 1) - 1;
    const net = kind < 0 ? randomNetwork(3, r, 6) : degenerateNetwork(3, r, kind);
    const size = 2 ** (r.integer(56) - 36);
    const offset = [0, 0.5, 1 / 3, 1e4][r.integer(4)];
    const lo = [0, 1, 2].map(() => offset - size * r.integer(3));
    const hi = lo.map((v) => v + size * (1 + r.integer(3)));
    const power = 2 ** [0, 0, 500, -500, 900][r.integer(5)];
    const scaled = ReluNetwork.of(
      net.specs().map(({ W, b, activation }, l) => ({
        W: l === 0 ? (W as Float64Array).map((w) => w * power) : W,
        b: l === 0 ? Float64Array.from(b, (v) => v * power) : b,
        activation,
      })),
    );
    const found = spaceSync(scaled, { lo, hi });
    if (found.regions > 1500) continue;
    compared++;
    const name = `network ${i}, box ${lo} to ${hi}, weights times ${power}`;
    assert.is(found.regions, countByOracle(scaled, { lo, hi }).activationRegions, name);
    assert.is(countSpaceSync(scaled, { lo, hi }).regions, found.regions, name);
    assert.is(distinctPatterns(found), found.count, name);
  }
  assert.ok(compared > 100, `${compared} compared`);
});

test("the count does not depend on the order of neurons or on rescaling them by powers of two", () => {
  const r = random.generator("order");
  const net = heNetwork([3, 12, 11, 1], r, 0.2);
  const expected = countSpaceSync(net, box).cellsAfterEachLayer;
  const [first, second, last] = net.layers;
  const order = [...r.permutation(12)];
  const power = order.map(() => 2 ** (r.integer(400) - 200));
  const changed = ReluNetwork.of([
    {
      W: order.map((i, k) => [...first.weights.subarray(3 * i, 3 * i + 3)].map((w) => w * power[k])),
      b: order.map((i, k) => first.biases[i] * power[k]),
      activation: "relu",
    },
    {
      W: Array.from({ length: 11 }, (_, j) => order.map((i, k) => second.weights[12 * j + i] / power[k])),
      b: second.biases,
      activation: "relu",
    },
    { W: last.weights, b: last.biases, activation: "linear" },
  ]);
  const found = countSpaceSync(changed, box);
  assert.equal(found.cellsAfterEachLayer, expected);
  assert.is(found.fallbacks, 0);
});

test("any number of workers gives the same bytes", async () => {
  const nets = [
    heNetwork([3, 20, 20, 1], random.generator(3), 0.1),
    heNetwork([3, 3, 1], random.generator(4), 0.1),
  ];
  for (const net of nets) {
    const one = spaceSync(net, box, { shapes: true });
    for (const workers of [1, 2, 3]) {
      const counted = await countSpace(net, box, { workers });
      assert.equal(counted.cellsAfterEachLayer, one.cellsAfterEachLayer);
      assert.is(counted.regions, one.regions);
      const many = await space(net, box, { workers, shapes: true });
      assert.is(many.workers, workers);
      assert.equal(many.volumes, one.volumes);
      assert.equal(many.patterns, one.patterns);
      assert.equal(many.shapes, one.shapes);
    }
  }
});

test("what is no box or no network for it is refused by name", async () => {
  const net = heNetwork([3, 2, 1], random.generator(0));
  const [lo, hi] = inRows(3, [-1, -1, -1, 1, 1, 1]);
  assert.throws(
    () => countSpaceSync(heNetwork([2, 2, 1], random.generator(0)), box),
    /must be an array of 2 numbers/,
  );
  assert.throws(() => countSpaceSync(net, { lo, hi: [1, NaN, 1] }), /box\.hi\[1\] is NaN/);
  assert.throws(() => countSpaceSync(net, { lo, hi: [1, 1] }), /box\.hi must be an array of 3 numbers/);
  const refused = (bounds: unknown, message: RegExp) =>
    assert.throws(() => countSpaceSync(net, bounds as typeof box), message);
  refused(undefined, /box\.lo must be an array of 3 numbers, but is undefined/);
  refused({ lo: null, hi }, /box\.lo must be an array of 3 numbers, but is null/);
  refused({ lo: "abc", hi }, /box\.lo must be an array of 3 numbers, but is abc/);
  assert.throws(() => countSpaceSync(net, { lo, hi: [1, 1, -1] }), /lo\[2\] = -1 is not below hi\[2\] = -1/);
  assert.throws(() => countSpaceSync(net, { lo, hi: [1, 1, 1e70] }), /at most 1e60/);
  for (const workers of [0, 1.5]) {
    try {
      await countSpace(net, { lo, hi }, { workers });
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), /workers is/);
    }
  }
});

test.run();
