import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { CellRefinement } from "../../../../packages/relu-lab/src/regions/segment/cells";
import type { Cell, Knot } from "../../../../packages/relu-lab/src/regions/segment/cell";
import { countDistinctMaps } from "../../../../packages/relu-lab/src/regions/segment/distinct";
import { countLine, degenerateNetwork, randomNetwork } from "../../../oracle";
import { along, between, exactRowsOf, exactRowAbove } from "./exact-line";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;

test("rows in integers are the true rows times one power of two, the same for all neurons and cells of a layer", () => {
  for (let i = 0; i < 16; i++) {
    const r = random.generator(`integers ${i}`);
    const net = i % 2 ? randomNetwork(2, r, 5) : degenerateNetwork(2, r, i % 8);
    const line = i % 3 ? between([0.1, -1], [1 / 3, 1]) : along([0.1, -1], [1 / 3, 2]);
    const refinement = new CellRefinement(net, line);
    const ratios = new Map<number, bigint[]>();
    const compare = (level: number, found: bigint, exact: bigint, scale: number) => {
      // found = exact / 2^scale * 2^bits with one `bits` a level.
      assert.is(found === 0n, exact === 0n);
      if (exact === 0n) return;
      const known = ratios.get(level);
      if (!known) ratios.set(level, [found, exact << BigInt(2000 - scale)]);
      else assert.is(found * known[1], (exact << BigInt(2000 - scale)) * known[0], `${i}, level ${level}`);
    };
    const visit = (cell: Cell): void => {
      const exact = exactRowsOf(net, line, refinement.rows, cell);
      const { slope, intercept } = refinement.exact.rowsOf(cell);
      assert.is(slope.length, cell.count);
      for (let k = 0; k < cell.count; k++) {
        const row = exact.get(refinement.rows.neuron[cell.start + k])!;
        compare(cell.level, slope[k], row.slope, row.scale);
        compare(cell.level, intercept[k], row.intercept, row.scale);
      }
      const made = cell.exact;
      assert.is(refinement.exact.rowsOf(cell), made, "made once");
      if (cell.level === net.layers.length) return;
      for (let j = 0; j < net.layers[cell.level].outputs; j++) {
        const row = exactRowAbove(net, line, refinement.rows, cell, j);
        const found = refinement.exact.row(cell, j);
        compare(cell.level + 1, found.slope, row.slope, row.scale);
        compare(cell.level + 1, found.intercept, row.intercept, row.scale);
      }
      const finer: Cell[] = [];
      refinement.refine(cell, finer);
      finer.slice(0, 2).forEach(visit);
    };
    visit(refinement.start());
  }
});

test("a knot in integers has a positive denominator, and its double becomes as good as a double can be", () => {
  for (const [w, b] of inRows(2, [3, -1, -3, 1, 0.1, -0.07, -7, 2])) {
    const net = ReluNetwork.of([{ W: [[w]], b: [b], activation: "relu" }]);
    const refinement = new CellRefinement(net, along([0], [1]));
    const cell = refinement.start();
    const rough: Knot = { t: 0.4, error: 0.2, cell, neuron: 0, exact: null };
    const { numerator, denominator } = refinement.exact.knot(rough);
    assert.ok(denominator > 0n);
    const row = refinement.exact.row(cell, 0);
    assert.is(row.slope * numerator + row.intercept * denominator, 0n);
    assert.is(rough.t, -b / w);
    assert.ok(rough.error >= 2 ** -53 * rough.t && rough.error <= 2.01 * 2 ** -53 * rough.t);
    assert.is(refinement.exact.knot(rough), rough.exact);
    // A double that is exact stays what it is.
    const sure: Knot = { t: 0.5, error: 0, cell, neuron: 0, exact: null };
    refinement.exact.knot(sure);
    assert.equal([sure.t, sure.error], [0.5, 0]);
  }
});

test("a knot so near to 0 that its double's error underflows has a bound all the same", () => {
  const net = ReluNetwork.of([{ W: [[3]], b: [-1e-285], activation: "relu" }]);
  const refinement = new CellRefinement(net, along([0], [1]));
  const knot: Knot = { t: 1, error: 1, cell: refinement.start(), neuron: 0, exact: null };
  refinement.exact.knot(knot);
  assert.ok(Math.abs(knot.t / (1e-285 / 3) - 1) < 1e-15);
  assert.ok(knot.error > 0 && knot.error < 1e-289);
});

test("equal maps, and only they, have the same key; a zero map is that of an output that is off", () => {
  // Outputs: |t - 1/2|, and relu(t - 3/4) - relu(t - 3/4) which is 0 on both of its cells.
  const net = ReluNetwork.of([
    { W: [[1], [-1], [1]], b: [-0.5, 0.5, -0.75], activation: "relu" },
    { W: inRows(3, [1, 1, 0, 0, 0, 0, 1, 0, 0]), b: [0, 0, 0], activation: "relu" },
  ]);
  const refinement = new CellRefinement(net, along([0], [1]));
  const cells = refinement.all();
  const keys = cells.map((cell) => refinement.exact.mapKey(cell));
  assert.is(cells.length, 3);
  assert.is(keys[1], keys[2]);
  assert.is.not(keys[0], keys[1]);
  // One output's rows swapped between two outputs are another map.
  const key = (W: number[][], b: number[]) => {
    const one = new CellRefinement(ReluNetwork.of([{ W, b, activation: "linear" }]), along([0], [1]));
    return one.exact.mapKey(one.all()[0]);
  };
  assert.is.not(key([[1], [2]], [0, 0]), key([[2], [1]], [0, 0]));
  assert.is.not(key([[1], [0]], [0, 0]), key([[0], [1]], [0, 0]));
  assert.is.not(key([[1], [0]], [0, 0]), key([[0], [0]], [1, 0]));
  assert.is.not(key([[1], [1]], [1, 0]), key([[1], [1]], [0, 1]));
  assert.is.not(key([[0]], [1]), key([[0]], [0]));
  assert.is(key([[0]], [0]), key([[0], [0]], [0, 0]));
  // Twelve outputs: t + 2 at 0 and 3 t + 4 at 11, or t + 73 (21 to the base 36) at 0 and 3 t + 4 at 1.
  const twelve = (entries: [output: number, w: number, b: number][]) => {
    const [W, b] = [Array.from({ length: 12 }, () => [0]), new Array<number>(12).fill(0)];
    for (const [o, w, v] of entries) [W[o][0], b[o]] = [w, v];
    return key(W, b);
  };
  assert.is.not(twelve(inRows(3, [0, 1, 2, 11, 3, 4])), twelve(inRows(3, [0, 1, 73, 1, 3, 4])));
});

test("the number of different maps is that of rational arithmetic", () => {
  for (let i = 0; i < 16; i++) {
    const r = random.generator(`maps ${i}`);
    const net = i % 2 ? randomNetwork(1, r, 4) : degenerateNetwork(1, r, i % 8);
    assert.is(
      countDistinctMaps(net, between([-1], [0.75])),
      countLine(net, [-1], [0.75]).distinctMaps,
      `${i}`,
    );
  }
});

test.run();
