import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countPatterns, countSpace, countedNetworks, havePoint } from "../../../oracle";
import { compareWithPatterns, cube } from "./compare";

const { ReluNetwork, heNetwork } = network;
const { countCellsSync, countSpaceSync } = regions;
const whole = { type: "whole" } as const;

/** Hyperplanes w x + b = 0 as one hidden layer. */
function arrangement(planes: { w: number[]; b: number }[]) {
  return ReluNetwork.of([
    { W: planes.map(({ w }) => w), b: planes.map(({ b }) => b), activation: "relu" },
    { W: [planes.map(() => 1)], b: [0], activation: "linear" },
  ]);
}

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);

function zaslavsky(n: number, d: number): number {
  let sum = 0;
  for (let k = 0; k <= d; k++) sum += choose(n, k);
  return sum;
}

const axis = (d: number, k: number, value = 1) => Array.from({ length: d }, (_, i) => (i === k ? value : 0));

for (const { name, net, document } of countedNetworks()) {
  const { type, lo, hi } = document.domain;
  const { activation_regions: expected, cells_after_each_hidden_layer: cells } = document.expected;
  if (type !== "box" || expected === undefined || expected > 5000) continue;
  test(`${name} has its known counts`, () => {
    const found = countCellsSync(net, { lo, hi });
    assert.is(found.regions, expected);
    if (cells) assert.equal(found.cellsAfterEachLayer, cells);
    assert.ok(found.certified);
  });
}

test("n hyperplanes in general position make the sum of C(n, k) regions of the whole space (Zaslavsky)", () => {
  const r = random.generator("hyperplanes");
  for (let d = 1; d <= 8; d++) {
    for (const n of [d, d + 1, d + 4, 12]) {
      const planes = Array.from({ length: n }, () => ({
        w: Array.from({ length: d }, () => r.normal()),
        b: r.normal(),
      }));
      assert.is(countCellsSync(arrangement(planes), whole).regions, zaslavsky(n, d), `${n} in ${d}`);
    }
  }
});

test("the braid arrangement makes d! regions, that of all reflections of a cube 2^d d!", () => {
  let factorial = 2;
  for (let d = 3; d <= 5; d++) {
    factorial *= d;
    const pairs = Array.from({ length: d }, (_, i) => Array.from({ length: i }, (_j, j) => [i, j])).flat();
    const differ = pairs.map(([i, j]) => ({ w: axis(d, i).map((w, k) => w - axis(d, j)[k]), b: 0 }));
    const add = pairs.map(([i, j]) => ({ w: axis(d, i).map((w, k) => w + axis(d, j)[k]), b: 0 }));
    const mirrors = Array.from({ length: d }, (_, i) => ({ w: axis(d, i), b: 0 }));
    for (const domain of [whole, cube(d)]) {
      assert.is(countCellsSync(arrangement(differ), domain).regions, factorial);
      assert.is(
        countCellsSync(arrangement([...differ, ...add, ...mirrors]), domain).regions,
        2 ** d * factorial,
      );
    }
  }
});

test("a first layer of lower rank is counted in fewer coordinates", () => {
  // x + y + z + w and x - y, in four inputs: two lines in general position; and no direction at all.
  const two = [
    { w: [1, 1, 1, 1], b: 0.5 },
    { w: [1, -1, 0, 0], b: 1 },
    { w: [3, 1, 2, 2], b: 0.25 },
  ];
  assert.is(countCellsSync(arrangement(two), whole).regions, 7);
  assert.is(countCellsSync(arrangement([{ w: [0, 0, 0, 0], b: 1 }]), whole).regions, 1);
});

test("random and degenerate networks of one to six inputs have the oracle's counts", () => {
  assert.ok(compareWithPatterns("cells", 120, 80) >= 120);
});

test("the two oracles agree", () => {
  for (let i = 0; i < 6; i++) {
    const net = heNetwork([3, 4, 3, 1], random.generator(`oracles ${i}`), 0.3);
    assert.equal(countPatterns(net, cube(3)), countSpace(net, cube(3)).cellsAfterEachLayer);
  }
  assert.not(
    havePoint([
      [1n, 0n],
      [-1n, 0n],
    ]),
  );
  assert.ok(
    havePoint([
      [1n, 0n],
      [-1n, 1n],
    ]),
  );
});

test("three inputs have the counts of the engine for three", () => {
  for (let i = 0; i < 20; i++) {
    const net = heNetwork([3, 10, 8, 5, 1], random.generator(`three ${i}`), 0.3);
    const { regions: expected, cellsAfterEachLayer } = countSpaceSync(net, cube(3));
    const found = countCellsSync(net, cube(3));
    assert.is(found.regions, expected);
    assert.equal(found.cellsAfterEachLayer, cellsAfterEachLayer);
  }
});

test("a count is the same in every order of the inputs, and after a limit it is a lower bound", () => {
  const net = heNetwork([5, 12, 8, 1], random.generator("order"), 0.2);
  const [first, ...rest] = net.layers;
  const order = [3, 1, 4, 0, 2];
  const W = Array.from({ length: first.outputs }, (_, i) => order.map((k) => first.weights[5 * i + k]));
  const rows = ({ inputs, outputs, weights }: (typeof rest)[number]) =>
    Array.from({ length: outputs }, (_, i) => [...weights.subarray(i * inputs, (i + 1) * inputs)]);
  const turned = ReluNetwork.of([
    { W, b: [...first.biases], activation: "relu" },
    ...rest.map((layer) => ({ W: rows(layer), b: [...layer.biases], activation: layer.activation })),
  ]);
  for (const domain of [whole, cube(5)]) {
    const { regions: all } = countCellsSync(net, domain);
    assert.is(countCellsSync(turned, domain).regions, all);
    const some = countCellsSync(net, domain, { maximumRegions: 100 });
    assert.not(some.complete);
    assert.not(some.certified);
    assert.ok(some.regions >= 100 && some.regions < all);
  }
});

test("what cannot be counted is refused with its remedy", () => {
  const net = heNetwork([9, 10, 1], random.generator("nine"), 0);
  assert.throws(() => countCellsSync(net, cube(9)), /9 dimensions.*8 at most.*slice or a plane/);
  assert.throws(() => countCellsSync(net, whole), /9 dimensions/);
  assert.throws(
    () => countCellsSync(heNetwork([4, 5, 1], random.generator("four"), 0), cube(9)),
    /box\.lo must be an array of 4 numbers/,
  );
  const four = heNetwork([4, 5, 1], random.generator("four"), 0);
  assert.throws(
    () => countCellsSync(four, { lo: [0, 0, 0, 0], hi: [1, 1, 0, 1] }),
    /lo\[2\] = 0 is not below/,
  );
  assert.throws(() => countCellsSync(four, { lo: [0, NaN, 0, 0], hi: [1, 1, 1, 1] }), /box\.lo\[1\] is NaN/);
});

test("a slice of many inputs has the counts of the plane, and of the network read in its coordinates", () => {
  const r = random.generator("slices");
  const net = heNetwork([20, 12, 10, 1], r.split(0), 0.3);
  const vector = () => Array.from({ length: 20 }, () => r.normal());
  const [origin, u, v, w] = [vector(), vector(), vector(), vector()];
  const plane = { origin, directions: [u, v] as const, bounds: { lo: [-1, -2], hi: [2, 1] } };
  assert.is(countSpaceSync(net, plane).regions, regions.countPlaneSync(net, plane).regions);
  const bounds = { lo: [-1, -2, 0], hi: [2, 1, 1] };
  const slice = { origin, directions: [u, v, w], bounds };
  const [first, ...rest] = net.layers;
  const inputs = ReluNetwork.of([
    { W: origin.map((_, i) => [u[i], v[i], w[i]]), b: origin, activation: "linear" },
    ...[first, ...rest].map((layer) => ({
      W: Array.from({ length: layer.outputs }, (_, i) => [
        ...layer.weights.subarray(i * layer.inputs, (i + 1) * layer.inputs),
      ]),
      b: [...layer.biases],
      activation: layer.activation,
    })),
  ]);
  assert.equal(
    countSpaceSync(net, slice).cellsAfterEachLayer,
    countSpaceSync(inputs, bounds).cellsAfterEachLayer,
  );
  assert.throws(
    () => countSpaceSync(net, { origin, directions: [u, v, u.map((x) => 2 * x)], bounds }),
    /directions\[2\] depends/,
  );
  assert.throws(
    () => countSpaceSync(net, { origin, directions: [u, [1]], bounds: plane.bounds }),
    /directions\[1\]/,
  );
});

test("the count does not depend on the number of threads", async () => {
  const net = heNetwork([4, 16, 10, 1], random.generator("threads"), 0.1);
  const one = heNetwork([5, 14, 1], random.generator("one layer"), 0.1);
  for (const [known, d] of [
    [net, 4],
    [one, 5],
  ] as const) {
    for (const domain of [whole, cube(d)]) {
      const alone = countSpaceSync(known, domain);
      for (const workers of [1, 2, 3]) {
        const {
          regions: found,
          cellsAfterEachLayer,
          complete,
        } = await regions.countSpace(known, domain, { workers });
        assert.is(found, alone.regions);
        assert.equal(cellsAfterEachLayer, alone.cellsAfterEachLayer);
        assert.ok(complete);
      }
    }
  }
});

test("a count on threads can be cancelled, and stops at a limit", async () => {
  const net = heNetwork([6, 20, 20, 1], random.generator("cancel"), 0.1);
  const controller = new AbortController();
  const told: number[] = [];
  const onProgress = (found: number) => {
    told.push(found);
    controller.abort(new Error("enough"));
  };
  try {
    await regions.countSpace(net, whole, { workers: 2, onProgress, signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), "enough");
  }
  assert.ok(told[0] > 0);
  const some = await regions.countSpace(net, whole, { workers: 2, maximumRegions: 5000 });
  assert.ok(!some.complete && some.regions >= 5000);
});

test.run();
