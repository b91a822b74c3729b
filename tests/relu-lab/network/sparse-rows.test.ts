import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { ascending, denseRows, sparseRows } from "../../../packages/relu-lab/src/network/sparse-rows";

const { ReluNetwork } = network;

/** A banded matrix, as a convolution's is, by its non-zeros. */
function banded(outputs: number, inputs: number, seed: number): network.SparseRows {
  const numbers = random.generator(seed);
  const W = Float64Array.from({ length: outputs * inputs }, (_, at) => {
    const [i, j] = [Math.floor(at / inputs), at % inputs];
    return Math.abs(j - (i * inputs) / outputs) < 3 ? numbers.normal() : 0;
  });
  return sparseRows(W, outputs, inputs);
}

/** A network of sparse layers, and the same of dense ones. */
function pair() {
  const sizes = [20, 500, 200, 2];
  const sparse = sizes.slice(1).map((outputs, l): network.SparseLayerSpec => ({
    rows: banded(outputs, sizes[l], l),
    inputs: sizes[l],
    b: Array.from({ length: outputs }, (_, i) => ((i % 7) - 3) / 8),
    activation: l < 2 ? "relu" : "linear",
  }));
  const dense = sparse.map(({ rows, inputs, b, activation }) => ({
    W: denseRows(rows, b.length, inputs),
    b,
    activation,
  }));
  return [ReluNetwork.of(sparse), ReluNetwork.of(dense)] as const;
}

test("rows survive being written out; their columns ascend, and zeros are left out", () => {
  const rows = banded(7, 30, 1);
  assert.equal(sparseRows(denseRows(rows, 7, 30), 7, 30), rows);
  const mixed = {
    starts: Int32Array.of(0, 3, 4),
    columns: Int32Array.of(2, 0, 1, 1),
    values: Float64Array.of(5, 3, 0, 7),
  };
  assert.equal(ascending(mixed, 3), {
    starts: Int32Array.of(0, 2, 3),
    columns: Int32Array.of(0, 2, 1),
    values: Float64Array.of(3, 5, 7),
  });
});

test("a large layer that is mostly zeros stays sparse, computes the same, and counts what is not zero", () => {
  const [sparse, dense] = pair();
  assert.equal(
    sparse.layers.map(({ rows }) => rows !== undefined),
    [false, true, false],
  );
  const x = Float64Array.from({ length: 20 }, (_, i) => Math.sin(i));
  assert.equal(sparse.forward(x), dense.forward(x));
  assert.equal(sparse.layers[1].weights, dense.layers[1].weights);
  assert.ok(sparse.parameters < dense.parameters / 4);
  assert.equal(ReluNetwork.of(sparse.sparseSpecs()).forward(x), dense.forward(x));
  assert.ok(network.compose(sparse).layers[1].rows);
});

test("what has no dense form says so; rows that do not fit are refused", () => {
  const n = 10_000;
  const rows = {
    starts: Int32Array.from({ length: n + 1 }, (_, i) => i),
    columns: Int32Array.from({ length: n }, (_, i) => i),
    values: new Float64Array(n).fill(2),
  };
  const spec = { rows, inputs: n, b: new Float64Array(n), activation: "linear" } as const;
  const wide = ReluNetwork.of([spec]);
  assert.equal(wide.forward(new Float64Array(n).fill(1))[7], 2);
  assert.throws(
    () => wide.layers[0].weights,
    /10000 x 10000 weights, 10000 of them not zero, has no dense form/,
  );
  for (const wrong of [
    { ...rows, starts: rows.starts.slice(1) },
    { ...rows, columns: rows.columns.map(() => n) },
    { ...rows, columns: rows.columns.map((c) => -c) },
  ])
    assert.throws(() => ReluNetwork.of([{ ...spec, rows: wrong }]), /sparse rows do not fit/);
  assert.throws(
    () => ReluNetwork.of([{ ...spec, rows: { ...rows, values: new Float64Array(n).fill(NaN) } }]),
    /weight 0 is NaN/,
  );
});

test("every engine finds in sparse rows what it finds in dense ones", async () => {
  const [sparse, dense] = pair();
  const domain = regions.randomPlane(20, random.generator(3));
  const small = { ...domain, bounds: { lo: [-0.2, -0.2], hi: [0.2, 0.2] } } as regions.PlaneDomain;
  const [found, expected] = [sparse, dense].map((net) => regions.planeSync(net, small));
  assert.ok(found.count > 100);
  assert.equal(
    [found.count, found.linearRegions, found.distinctMaps],
    [expected.count, expected.linearRegions, expected.distinctMaps],
  );
  assert.is((await regions.countPlane(sparse, small, { workers: 2 })).regions, expected.count);
  const [p, q] = [-1, 1].map((side) => Float64Array.from({ length: 20 }, (_, i) => side * Math.cos(i)));
  const [along, against] = [sparse, dense].map((net) => regions.segment(net, p, q));
  assert.equal(
    [along.acts, along.pieces, along.distinctMaps],
    [against.acts, against.pieces, against.distinctMaps],
  );
  const [near, nearest] = [sparse, dense].map((net) => regions.distance(net, [p]));
  assert.equal(near.distances, nearest.distances);
});

test.run();
