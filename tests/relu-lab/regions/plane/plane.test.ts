import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countedNetworks } from "../../../oracle";
import { compareDegenerate, compareRandom } from "./against-oracle";
import { checkInvariants } from "./invariants";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };

/** A network whose hidden layers have the given rows (a, b, c), and an output that adds them up. */
function lines(...rows: [number, number, number][]): network.ReluNetwork {
  return ReluNetwork.of([
    { W: rows.map(([a, b]) => [a, b]), b: rows.map((row) => row[2]), activation: "relu" },
    { W: [rows.map((_, i) => i + 1)], b: [0], activation: "linear" },
  ]);
}

for (const { name, net, document } of countedNetworks()) {
  const { domain, expected } = document;
  if (domain.type === "box" && net.inputs !== 2) continue;
  test(`${name}: known counts`, () => {
    const where =
      domain.type === "box"
        ? domain
        : {
            origin: domain.c,
            directions: [domain.u, domain.v] as const,
            bounds: { lo: domain.lo, hi: domain.hi },
          };
    const counted = regions.countPlaneSync(net, where);
    assert.is(counted.regions, expected.activation_regions);
    assert.ok(counted.certified);
    const found = regions.planeSync(net, where);
    assert.is(found.regions, expected.activation_regions);
    if (expected.linear_components !== undefined) {
      assert.is(found.linearRegions, expected.linear_components);
      assert.is(found.distinctMaps, expected.distinct_affine_maps);
    }
    if (expected.cells_after_each_hidden_layer) {
      assert.equal(counted.cellsAfterEachLayer, expected.cells_after_each_hidden_layer);
      assert.equal(found.cellsAfterEachLayer, expected.cells_after_each_hidden_layer);
    }
    checkInvariants(found, (domain.hi[0] - domain.lo[0]) * (domain.hi[1] - domain.lo[1]));
  });
}

test("150 random networks: counts are those of rational arithmetic", () => {
  compareRandom(0, 150);
});

test("240 degenerate networks: counts are those of rational arithmetic", () => {
  compareDegenerate(0, 240);
});

test("degenerate lines of the specification", () => {
  const count = (...rows: [number, number, number][]) => regions.countPlaneSync(lines(...rows), box).regions;
  assert.is(count([1, 0, 0], [0, 1, 0], [1, 1, 0]), 6, "three lines through one point");
  assert.is(count([1, 0, -0.5], [1, 0, 0.5], [0, 1, 0]), 6, "parallel lines");
  assert.is(count([1, 0, 0], [1, 0, 0], [2, 0, 0]), 2, "one line three times");
  assert.is(count([1, 0, 0], [-1, 0, 0]), 2, "a line and its negative");
  assert.is(count([0, 0, 1], [0, 0, -1], [0, 0, 0]), 1, "constant neurons");
  assert.is(count([1, 0, 0], [0, 1, 0], [1, 1, -0.5]), 7, "three lines in general position");
  assert.is(count([1, 0, 1], [0, 1, -1], [1, -1, 2], [1, 1, -2]), 1, "along edges and through corners");
});

test("the specification's network has 7 activation regions and 4 linear ones", () => {
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [-1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const found = regions.planeSync(net, { lo: [-2, -2], hi: [2, 2] });
  assert.equal([found.regions, found.linearRegions, found.distinctMaps], [7, 4, 4]);
});

test("generic networks: invariants, maps that are the network's, and not one fallback", () => {
  for (const sizes of [
    [2, 40, 1],
    [2, 24, 24, 3],
    [2, 64, 64, 64, 1],
    [2, 32, 32, 32, 32, 32, 32, 32, 32, 1],
    [2, 128, 128, 128, 1],
  ]) {
    const net = heNetwork(sizes, random.generator(`plane ${sizes}`), 0.1);
    const found = regions.planeSync(net, box);
    assert.is(found.fallbacks, 0, `${sizes}`);
    assert.is(regions.countPlaneSync(net, box).fallbacks, 0);
    assert.is(found.vertices.length / 2, 4 * found.count, `${sizes}: 4 edges a region`);
    assert.is(found.linearRegions <= found.count, true);
    checkInvariants(found, 4);
    for (let r = 0; r < found.count; r += 97) {
      const corners = found.offsets[r + 1] - found.offsets[r];
      let [x, y] = [0, 0];
      for (let e = found.offsets[r]; e < found.offsets[r + 1]; e++) {
        x += found.vertices[2 * e] / corners;
        y += found.vertices[2 * e + 1] / corners;
      }
      const values = net.forward([x, y]);
      for (let k = 0; k < net.outputs; k++) {
        const [a, b, c] = found.maps.subarray(3 * (r * net.outputs + k));
        assert.ok(Math.abs(a * x + b * y + c - values[k]) <= 1e-12 + found.mapErrors[r * net.outputs + k]);
      }
    }
  }
});

test("counts do not depend on the order of neurons, on powers of two, nor on how regions are found", () => {
  const net = heNetwork([2, 20, 20, 1], random.generator("order"), 0.3);
  const { regions: expected, cellsAfterEachLayer } = regions.countPlaneSync(net, box);
  const r = random.generator("permutations");
  for (let trial = 0; trial < 5; trial++) {
    const specs = net.specs();
    let before = Uint32Array.of(0, 1);
    let powers = [0, 0];
    const shuffled = specs.map((spec, l) => {
      const columns = before.length;
      const order =
        l < specs.length - 1 ? r.permutation(spec.b.length) : Uint32Array.from(spec.b, (_, i) => i);
      const own = Array.from(order, () => (l < specs.length - 1 ? r.integer(800) - 400 : 0));
      const W = spec.W as Float64Array;
      const result = {
        W: Array.from(order, (i, at) =>
          Array.from(before, (j, column) => W[i * columns + j] * 2 ** (own[at] - powers[column])),
        ),
        b: Array.from(order, (i, at) => spec.b[i] * 2 ** own[at]),
        activation: spec.activation,
      };
      before = order;
      powers = own;
      return result;
    });
    const counted = regions.countPlaneSync(ReluNetwork.of(shuffled), box);
    assert.is(counted.regions, expected);
    assert.equal(counted.cellsAfterEachLayer, cellsAfterEachLayer);
    assert.ok(counted.certified);
  }
});

test("tiny and huge weights are counted right: layers times 2^-400 and 2^400", () => {
  const net = heNetwork([2, 12, 12, 1], random.generator("tiny"), 0.3);
  const { regions: expected } = regions.countPlaneSync(net, box);
  for (const factor of [2 ** -400, 2 ** 400]) {
    const times = (values: ArrayLike<number>, f: number) => Float64Array.from(values, (value) => value * f);
    const [first, second, output] = net.specs();
    const scaled = ReluNetwork.of([
      { ...first, W: times(first.W as Float64Array, factor), b: times(first.b, factor) },
      { ...second, W: times(second.W as Float64Array, factor), b: times(second.b, factor * factor) },
      output,
    ]);
    const counted = regions.countPlaneSync(scaled, box);
    assert.is(counted.regions, expected);
    assert.is(counted.fallbacks, 0);
  }
});

test("a network without hidden layers is one region, and one that ends in a ReLU has its identity output", () => {
  const affine = ReluNetwork.of([{ W: [[2, 3]], b: [1], activation: "linear" }]);
  const one = regions.planeSync(affine, box);
  assert.equal([one.regions, one.linearRegions, one.distinctMaps], [1, 1, 1]);
  assert.equal([...one.maps], [2, 3, 1]);
  assert.is(regions.countPlaneSync(affine, box).regions, 1);
  const relu = ReluNetwork.of([{ W: [[1, 0]], b: [0], activation: "relu" }]);
  const two = regions.planeSync(relu, box);
  assert.equal([two.regions, two.linearRegions, two.distinctMaps], [2, 2, 2]);
});

test("linear layers between hidden ones make no regions", () => {
  const net = heNetwork([2, 10, 10, 1], random.generator("linear layers"), 0.2);
  const again = network.compose(
    net,
    ReluNetwork.of([{ W: [[1], [-1]], b: [0.1, 0.2], activation: "linear" }]),
    heNetwork([2, 6, 1], random.generator("head"), 0.2),
  );
  const found = regions.planeSync(again, box);
  assert.is(found.cellsAfterEachLayer.length, 3);
  assert.equal(found.cellsAfterEachLayer.slice(0, 2), regions.countPlaneSync(net, box).cellsAfterEachLayer);
  checkInvariants(found, 4);
});

test("a limit stops with a partial result that says so", async () => {
  const net = heNetwork([2, 64, 64, 64, 1], random.generator("limit"), 0.1);
  const counted = regions.countPlaneSync(net, box, { maximumRegions: 500 });
  assert.is(counted.complete, false);
  assert.is(counted.certified, false);
  assert.ok(counted.regions >= 500 && counted.regions < 600);
  for (const maximumRegions of [0, -5, NaN]) {
    const refusal = new RegExp(`maximumRegions is ${maximumRegions}: give a number above 0`);
    assert.throws(() => regions.countPlaneSync(net, box, { maximumRegions }), refusal);
    assert.throws(() => regions.planeSync(net, box, { maximumRegions }), refusal);
    assert.throws(() => regions.visitPlaneSync(net, box, () => {}, { maximumRegions }), refusal);
  }
  const found = regions.planeSync(net, box, { maximumRegions: 500 });
  assert.is(found.complete, false);
  assert.ok(
    found.count >= 500 && found.count < 600 && found.offsets[found.count] === found.edgeNeurons.length,
  );
});

test("a limit of memory stops with a partial result that says so", () => {
  const net = heNetwork([2, 64, 64, 64, 1], random.generator("limit"), 0.1);
  const found = regions.planeSync(net, box, { maximumMemory: 1 });
  assert.is(found.complete, false);
  assert.ok(found.count > 1000 && found.count < 5000);
  assert.ok(regions.planeSync(net, box, { maximumMemory: 100 }).complete);
  assert.throws(() => regions.planeSync(net, box, { maximumMemory: -1 }), /maximumMemory is -1/);
});

test("one wide layer: the number of lines and crossings decides", () => {
  const net = heNetwork([2, 300, 1], random.generator("wide layer"), 0.3);
  const { weights, biases } = net.layers[0];
  let expected = 1;
  const inside = (x: number, y: number) => Math.abs(x) < 1 && Math.abs(y) < 1;
  for (let i = 0; i < 300; i++) {
    const [a, b, c] = [weights[2 * i], weights[2 * i + 1], biases[i]];
    if (Math.abs(a) + Math.abs(b) > Math.abs(c)) expected++;
    for (let j = 0; j < i; j++) {
      const [p, q, r] = [weights[2 * j], weights[2 * j + 1], biases[j]];
      const d = a * q - b * p;
      if (inside((b * r - c * q) / d, (c * p - a * r) / d)) expected++;
    }
  }
  const counted = regions.countPlaneSync(net, box);
  assert.is(counted.regions, expected);
  assert.is(counted.fallbacks, 0);
});

test("bad domains get an error that names what is wrong", () => {
  const net = heNetwork([2, 4, 1], random.generator(1));
  const wide = heNetwork([5, 4, 1], random.generator(1));
  const throws = (domain: unknown, pattern: RegExp, which = net) =>
    assert.throws(() => regions.countPlaneSync(which, domain as regions.PlaneDomain), pattern);
  throws({ lo: [NaN, 0], hi: [1, 1] }, /domain\.lo\[0\] is NaN/);
  throws({ lo: [1, 0], hi: [1, 1] }, /lo\[0\] = 1 is not below hi\[0\] = 1/);
  throws({ lo: [0], hi: [1, 1] }, /domain\.lo has 1 numbers/);
  throws({ polygon: [0, 0, 1, 0] }, /empty/);
  throws({ polygon: [0, 0, 1, 0, 2, 0] }, /empty/);
  throws({ polygon: [0, 0, 2, 0, 1, 0.5, 1, 2] }, /not convex at corner/);
  throws({ polygon: [0, 1, 0.6, -0.8, -0.95, 0.3, 0.95, 0.3, -0.6, -0.8] }, /crosses itself/);
  throws({}, /must have lo and hi/);
  throws(null, /must be an object/);
  throws({ lo: [-1, -1], hi: [1, 1] }, /takes 5 inputs/, wide);
  const slice = (u: number[], v: number[]) => ({
    origin: [0, 0, 0, 0, 0],
    directions: [u, v],
    bounds: { lo: [-1, -1], hi: [1, 1] },
  });
  throws(slice([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]), /parallel/, wide);
  throws(slice([1, 2, 3, 4], [2, 4, 6, 8, 10]), /directions\[0\] has 4 numbers/, wide);
  throws({ lo: null, hi: [1, 1] }, /domain\.lo must be an array of numbers, but is null/);
  throws({ lo: 1, hi: [1, 1] }, /domain\.lo must be an array of numbers, but is 1/);
  throws({ lo: {}, hi: [1, 1] }, /domain\.lo must be an array of numbers/);
  throws({ lo: ["0", 0], hi: [1, 1] }, /domain\.lo\[0\] is 0: it must be a finite number/);
  throws({ lo: [0, 0], hi: [1, 1e61] }, /domain\.hi\[1\] is 1e\+61: at most 1e60/);
  throws({ polygon: [0, 0, 1, 0, 1, 1, 2] }, /domain\.polygon has 7 numbers: x, y of each/);
  throws({ polygon: [0, 0, 1, NaN, 1, 1] }, /domain\.polygon\[3\] is NaN/);
  throws({ lo: [0, 0] }, /must have lo and hi/);
  const [u, v] = inRows(5, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  throws({ ...slice(u, v), directions: [u] }, /directions must hold two vectors/, wide);
  throws({ ...slice(u, v), directions: "uv" }, /directions must hold two vectors/, wide);
  throws({ ...slice(u, v), origin: [0] }, /domain\.origin has 1 numbers, but 5 are needed/, wide);
  throws({ ...slice(u, v), bounds: undefined }, /either bounds or a polygon/, wide);
  throws({ ...slice(u, v), polygon: [0, 0, 1, 0, 0, 1] }, /either bounds or a polygon/, wide);
  throws({ ...slice(u, v), bounds: { lo: [0, 0], hi: [0, 1] } }, /domain\.bounds: lo\[0\] = 0/, wide);
});

test("polygons in either orientation, with straight and repeated corners", () => {
  const net = heNetwork([2, 16, 16, 1], random.generator("polygon"), 0.2);
  const { regions: expected } = regions.countPlaneSync(net, box);
  for (const polygon of [
    [-1, -1, 1, -1, 1, 1, -1, 1],
    [-1, 1, 1, 1, 1, -1, -1, -1],
    [-1, -1, 0, -1, 1, -1, 1, 1, 1, 1, -1, 1, -1, 0.25],
  ]) {
    assert.is(regions.countPlaneSync(net, { polygon }).regions, expected);
  }
});

test.run();
