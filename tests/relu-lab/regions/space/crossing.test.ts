// Patterns beyond a facet, and neighbours by patterns, worked out by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network } from "relu-lab";
import { ExactCrossing } from "../../../../packages/relu-lab/src/regions/space/crossing";
import { linearSpace } from "../../../../packages/relu-lab/src/regions/space/linear";
import { neighboursOf } from "../../../../packages/relu-lab/src/regions/space/neighbours";
import { inRows } from "../../../rows";

type Spec = Parameters<typeof network.ReluNetwork.of>[0][number];

const layer = (W: number[][], b = W.map(() => 0), activation: Spec["activation"] = "relu"): Spec => ({
  W,
  b,
  activation,
});
const axes = inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]);

/** The pattern beyond a facet as plain arrays. */
function beyond(layers: Spec[], here: number[][], l: number, index: number): number[][] {
  const pattern = here.map((on) => Uint8Array.from(on));
  const before = JSON.stringify(here);
  const there = new ExactCrossing(network.ReluNetwork.of(layers)).beyond(pattern, l, index);
  assert.is(JSON.stringify(pattern.map((on) => [...on])), before, "the pattern here stays");
  return there.map((on) => [...on]);
}

test("multiples of the facet's row switch with it, rows of zeros are off, all others stay", () => {
  const rows = inRows(3, [1, 2, 0, -2, -4, 0, 3, 6, 0, 0, 0, 0, 1, 2, 1, 2, 1, 0, 0, 0, 0]);
  const layers = [layer(rows, [1, -2, 3, 0, 1, 1, 5])];
  const positive = [[1, 0, 1, 0, 1, 0, 1]];
  assert.equal(beyond(layers, positive, 0, 0), [[0, 1, 0, 0, 1, 0, 1]]);
  assert.equal(beyond(layers, positive, 0, 1), [[0, 1, 0, 0, 1, 0, 1]]);
  assert.equal(beyond(layers, positive, 0, 2), [[0, 1, 0, 0, 1, 0, 1]]);
  assert.equal(beyond(layers, [[0, 1, 0, 0, 0, 1, 1]], 0, 0), [[1, 0, 1, 0, 0, 1, 1]]);
  assert.equal(beyond(layers, positive, 0, 4), [[1, 0, 1, 0, 0, 0, 1]], "only itself");
  // Rows that begin with zeros.
  assert.equal(beyond([layer(inRows(3, [0, 0, 2, 0, 0, -1, 0, 1, 2]))], [[1, 0, 1]], 0, 0), [[0, 1, 1]]);
  // The constant must be a multiple, too.
  assert.equal(beyond([layer(inRows(3, [1, 0, 0, 1, 0, 0]), [1, 2])], [[1, 1]], 0, 0), [[0, 1]]);
});

test("layer by layer: what switches below changes the rows above", () => {
  const layers = [
    layer(axes),
    layer(inRows(3, [1, 0, 0, 1, -1, 0, 0, 3, 0, 1, 1, 0])),
    layer(inRows(4, [1, 0, 0, 0, 0, 1, 0, 0]), [0, 0], "linear"),
  ];
  const on = [
    [1, 1, 1],
    [1, 1, 1, 1],
    [1, 1],
  ];
  // Beyond x = 0 neuron x is off: 2nd layer's x is 0 there: off; x - y is -y, x + y is y: no multiples of x.
  assert.equal(beyond(layers, on, 0, 0), [
    [0, 1, 1],
    [0, 1, 1, 1],
    [1, 1],
  ]);
  // Coming back it is on again.
  assert.equal(
    beyond(
      layers,
      [
        [0, 1, 1],
        [0, 0, 1, 1],
        [1, 1],
      ],
      0,
      0,
    ),
    [
      [1, 1, 1],
      [1, 0, 1, 1],
      [1, 1],
    ],
  );
  // Beyond y = 0: 3 y is off, x - y = x and x + y = x stay as they are.
  assert.equal(beyond(layers, on, 0, 1), [
    [1, 0, 1],
    [1, 1, 0, 1],
    [1, 1],
  ]);
  // A facet of the second layer: the first layer stays, even where a row of it were a multiple.
  assert.equal(beyond(layers, on, 1, 2), [
    [1, 1, 1],
    [1, 1, 0, 1],
    [1, 1],
  ]);
  assert.equal(beyond(layers, on, 1, 1), [
    [1, 1, 1],
    [1, 0, 1, 1],
    [1, 1],
  ]);
});

test("layers without a ReLU keep what they are said to be", () => {
  const layers = [
    layer(inRows(3, [1, 0, 0, 0, 1, 0]), [0, 0], "linear"),
    layer(inRows(2, [1, 0, -1, 0, 0, 1])),
    layer([[1, -1, 0]], [0], "linear"),
  ];
  assert.equal(beyond(layers, [[1, 1], [1, 0, 1], [1]], 1, 0), [[1, 1], [0, 1, 1], [1]]);
  assert.equal(beyond(layers, [[1, 1], [0, 1, 1], [1]], 1, 1), [[1, 1], [1, 0, 1], [1]]);
});

/** Boxes side by side as regions with shapes: each by its corners' facets, as edges with the two facets they lie between. */
function shapesOf(edges: number[][][]) {
  const offsets = edges.reduce((all, list) => [...all, all[all.length - 1] + list.length], [0]);
  return {
    vertices: new Float64Array(0),
    vertexOffsets: new Uint32Array(edges.length + 1),
    edges: Int32Array.from(edges.flat().flatMap(([f, g]) => [0, 0, f, g])),
    edgeOffsets: Uint32Array.from(offsets),
  };
}

test("a facet is what has three edges or more, and beyond each there must be a region", () => {
  const net = network.ReluNetwork.of([
    layer(inRows(3, [1, 0, 0, 0, 1, 0, 2, 0, 0])),
    layer([[1, 1, 1]], [0], "linear"),
  ]);
  const found = (patterns: number[], shapes: ReturnType<typeof shapesOf>, complete = true) => ({
    count: patterns.length,
    patterns: Uint32Array.from(patterns),
    patternWords: 1,
    shapes,
    complete,
  });
  const face = (neuron: number, edges: number) => Array.from({ length: edges }, () => [neuron, -1]);
  // x > 0 and x < 0, each with a facet of neuron 0 (2 switches with it) and two edges of neuron 1, which are no facet.
  const two = shapesOf([
    [...face(0, 4), ...face(1, 2)],
    [[1, -2], ...face(0, 3)],
  ]);
  const { pairs, neurons } = neighboursOf(net, found([0b111, 0b010], two));
  assert.equal([[...pairs], [...neurons]], [[0, 1], [0]]);
  const swapped = neighboursOf(net, found([0b010, 0b111], two));
  assert.equal([[...swapped.pairs], [...swapped.neurons]], [[0, 1], [0]]);
  // Without its region the facet is an error, unless a limit has cut the walk short.
  assert.throws(
    () => neighboursOf(net, found([0b111], shapesOf([face(0, 3)]))),
    /region 0 has a facet of neuron 0 without/,
  );
  assert.equal([...neighboursOf(net, found([0b111], shapesOf([face(0, 3)]), false)).pairs], []);
  // Seen from one side only, it is an error too.
  assert.throws(
    () => neighboursOf(net, found([0b111, 0b010], shapesOf([face(0, 3), []]))),
    /1 facets seen from one side, 0 from the other/,
  );
  assert.throws(
    () => neighboursOf(net, found([0b111, 0b010], shapesOf([[], face(0, 3)]))),
    /0 facets seen from one side, 1 from the other/,
  );
});

test("linear regions are merged across pairs with equal maps, and different maps are counted once each", () => {
  // relu(x) - relu(x - 1) and the same again: 0, x, 1; over six cells in two rows that differ in a deaf neuron.
  const net = network.ReluNetwork.of([
    layer(inRows(3, [1, 0, 0, 1, 0, 0, 0, 1, 0]), [0, -1, 0]),
    layer([[1, -1, 0]], [0], "linear"),
  ]);
  const patterns = Uint32Array.of(0b000, 0b001, 0b011, 0b100, 0b101, 0b111);
  const found = { count: 6, patterns, patternWords: 1 };
  const pairs = Uint32Array.of(0, 1, 0, 3, 1, 2, 1, 4, 2, 5, 3, 4, 4, 5);
  const { linearRegion, linearRegions, countDistinctMaps } = linearSpace(net, found, {
    pairs,
    neurons: new Int32Array(7),
  });
  assert.equal(
    [[...linearRegion], linearRegions, countDistinctMaps(), countDistinctMaps()],
    [[0, 1, 2, 0, 1, 2], 3, 3, 3],
  );
  // Whichever pair comes first.
  for (const pair of inRows(2, [1, 2, 2, 5, 1, 4])) {
    const one = linearSpace(net, found, { pairs: Uint32Array.from(pair), neurons: new Int32Array(1) });
    assert.is(one.linearRegions, pair[0] % 3 === pair[1] % 3 ? 5 : 6, `${pair}`);
  }
  // Without pairs nothing is merged, but maps are compared all the same.
  const apart = linearSpace(net, found, { pairs: new Uint32Array(0), neurons: new Int32Array(0) });
  assert.equal(
    [[...apart.linearRegion], apart.linearRegions, apart.countDistinctMaps()],
    [[0, 1, 2, 3, 4, 5], 6, 3],
  );
});

test.run();
