// The refinement itself: its rows, bounds, knots and flags against rational arithmetic, and which decisions it leaves to integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { CellRefinement } from "../../../../packages/relu-lab/src/regions/segment/cells";
import type { Cell, Knot, Line } from "../../../../packages/relu-lab/src/regions/segment/cell";
import { degenerateNetwork, neighbour, randomNetwork } from "../../../oracle";
import { along, between, exactRowAbove, exactRowsOf, rowHolds, signAt, within } from "./exact-line";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;

/** Half an ulp of 1. */
const u = 2 ** -53;

/** All cells of all levels, level by level. */
function levels(refinement: CellRefinement, net: network.ReluNetwork): Cell[][] {
  const all = [[refinement.start()]];
  for (let l = 0; l < net.layers.length; l++) {
    const finer: Cell[] = [];
    for (const cell of all[l]) refinement.refine(cell, finer);
    all.push(finer);
  }
  return all;
}

function checkRefinement(net: network.ReluNetwork, line: Line, where: string): void {
  const refinement = new CellRefinement(net, line);
  const { rows } = refinement;
  for (const [level, cells] of levels(refinement, net).entries()) {
    assert.is(cells[0].left.t, 0, where);
    assert.is(cells[cells.length - 1].right.t, 1, where);
    for (const [i, cell] of cells.entries()) {
      assert.is(cell.level, level, where);
      if (i > 0) assert.is(cell.left, cells[i - 1].right, `${where}: neighbours share their knot`);
      const exact = exactRowsOf(net, line, rows, cell);
      const ends = [cell.left, cell.right].map((knot) => refinement.exact.knot(knot));
      const [l, r] = ends;
      assert.ok(l.numerator * r.denominator < r.numerator * l.denominator, `${where}: a cell is no point`);
      for (const [k, knot] of [cell.left, cell.right].entries()) {
        const { numerator, denominator } = ends[k];
        assert.ok(denominator > 0n);
        if (knot.cell) {
          const row = exactRowAbove(net, line, rows, knot.cell, knot.neuron);
          assert.is(signAt(row, numerator, denominator), 0, `${where}: a knot is its neuron's zero`);
        }
        assert.ok(within(knot.t, (numerator << 300n) / denominator, 300, knot.error + 2 ** -299), where);
      }
      for (let k = cell.start; k < cell.start + cell.count; k++) {
        const row = exact.get(rows.neuron[k])!;
        assert.ok(rowHolds(rows.slope[k], rows.intercept[k], rows.error[k], row), `${where}: a row's bound`);
        const [left, right] = ends.map(({ numerator, denominator }) => signAt(row, numerator, denominator));
        if (level > 0 && net.layers[level - 1].activation === "linear") continue;
        assert.equal(
          [rows.zeroLeft[k], rows.zeroRight[k]],
          [left === 0 ? 1 : 0, right === 0 ? 1 : 0],
          `${where}: zeros at the ends`,
        );
        if (level > 0) assert.ok(left >= 0 && right >= 0 && left + right > 0, `${where}: active is positive`);
      }
      if (level === 0 || net.layers[level - 1].activation === "linear") continue;
      const on = new Set(exact.keys());
      for (let j = 0; j < net.layers[level - 1].outputs; j++) {
        if (on.has(j)) continue;
        const row = exactRowAbove(net, line, rows, cell.parent!, j);
        for (const end of ends)
          assert.ok(signAt(row, end.numerator, end.denominator) <= 0, `${where}: off is not positive`);
      }
    }
  }
}

for (const dimension of [1, 2, 3]) {
  test(`rows, bounds, knots, zeros and patterns of all layers are true: random networks, ${dimension} inputs`, () => {
    for (let i = 0; i < 12; i++) {
      const r = random.generator(`cells ${dimension} ${i}`);
      const net = randomNetwork(dimension, r, 5);
      const ends = [0, 1].map(() => Array.from({ length: dimension }, () => r.normal()));
      checkRefinement(net, between(ends[0], ends[1]), `random ${i}`);
    }
  });
  for (let kind = 0; kind < 8; kind++) {
    test(`the same of degenerate networks of kind ${kind}, ${dimension} inputs`, () => {
      for (let i = 0; i < 4; i++) {
        const r = random.generator(`cells ${dimension} ${kind} ${i}`);
        const net = degenerateNetwork(dimension, r, kind);
        const end = () =>
          Array.from({ length: dimension }, () => [0, 1 / 3, -1, 0.5, r.normal()][r.integer(5)]);
        checkRefinement(net, i % 2 ? between(end(), end()) : along(end(), end()), `${kind} ${i}`);
      }
    });
  }
}

test("the same with a linear layer between, where nothing switches and no zero is noted", () => {
  for (let i = 0; i < 10; i++) {
    const r = random.generator(`linear between ${i}`);
    const W = (rows: number, columns: number) =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => r.integer(5) - 2));
    const net = ReluNetwork.of([
      relu(W(3, 1), [0, -1, 1]),
      linear(W(4, 3), [0, 0, 1, 0]),
      relu(W(3, 4), [0, 0, -1]),
      linear(W(2, 3), [0, 1]),
    ]);
    const line = between([-2], [2]);
    checkRefinement(net, line, `${i}`);
    const refinement = new CellRefinement(net, line);
    const [, first, second] = levels(refinement, net);
    assert.is(second.length, first.length);
    for (const cell of second) {
      assert.is(cell.count, 4);
      for (let k = 0; k < 4; k++) {
        assert.is(refinement.rows.neuron[cell.start + k], k);
        assert.equal(
          [refinement.rows.zeroLeft[cell.start + k], refinement.rows.zeroRight[cell.start + k]],
          [0, 0],
        );
      }
    }
  }
});

test("the start: a row is exact where the subtraction was, and the zeros at both ends are noted", () => {
  const r = random.generator("starts");
  const entry = () => [0, 0.1, 0.3, 1 / 3, 1, -2, 2 ** -60, r.normal(), 1e20][r.integer(9)];
  let rounded = 0;
  for (let i = 0; i < 200; i++) {
    const [from, to] = inRows(2, [entry(), entry(), entry(), entry()]);
    const net = ReluNetwork.of([linear([[1, 1]], [0])]);
    const line = between(from, to);
    const refinement = new CellRefinement(net, line);
    const { rows } = refinement;
    const cell = refinement.start();
    assert.equal([cell.level, cell.parent, cell.count], [0, null, 2]);
    for (const k of [0, 1]) {
      const at = cell.start + k;
      const exact = exactRowsOf(net, line, rows, cell).get(k)!;
      assert.is(rows.neuron[at], k);
      assert.ok(within(rows.slope[at], exact.slope, exact.scale, rows.error[at]));
      const lossless = within(rows.slope[at], exact.slope, exact.scale, 0);
      assert.is(rows.error[at] === 0, lossless, `${from[k]} to ${to[k]}`);
      if (!lossless) rounded++;
      assert.ok(rows.error[at] <= 2.01 * u * Math.abs(rows.slope[at]));
      assert.equal([rows.zeroLeft[at], rows.zeroRight[at]], [from[k] === 0 ? 1 : 0, to[k] === 0 ? 1 : 0]);
    }
    const given = new CellRefinement(net, along(from, to));
    const other = given.start();
    for (const k of [0, 1]) {
      assert.equal([given.rows.slope[other.start + k], given.rows.error[other.start + k]], [to[k], 0]);
      assert.is(given.rows.zeroRight[other.start + k], from[k] === -to[k] ? 1 : 0);
    }
  }
  assert.ok(rounded > 50);
  const opposite = new CellRefinement(
    ReluNetwork.of([linear([[1, 1]], [0])]),
    along([0.3, 0.3], [-0.3, 0.3]),
  );
  const { start } = opposite.start();
  assert.equal([...opposite.rows.zeroRight.subarray(start, start + 2)], [1, 0]);
});

/** The error of the only neuron's row where a network of one weight and bias starts at `from`. */
function errorOf(line: Line, ...layers: [w: number, b: number][]): number {
  const net = ReluNetwork.of(layers.map(([w, b]) => linear([[w]], [b])));
  const refinement = new CellRefinement(net, line);
  const cells = refinement.all();
  return refinement.rows.error[cells[0].start];
}

test("rows are taken for exact while their terms add up to less than 2^53 units of the last bit", () => {
  // Terms |b| + |w from| + |w direction| in units of 2^-bits, bits adding up over ends and layers.
  const half = 2 ** 51;
  assert.is(errorOf(between([half], [2 * half]), [1, 2 * half - 1]), 0);
  assert.ok(errorOf(between([half], [2 * half]), [1, 2 * half]) > 0);
  // Bits of the start, of the end, of a direction.
  for (const line of [between([2.5], [4]), between([2], [4.5]), along([2], [2.5])]) {
    const rest = Math.abs(line.from[0]) + Math.abs(line.direction[0]);
    assert.is(errorOf(line, [1, 2 ** 52 - rest - 1]), 0);
    assert.ok(errorOf(line, [1, 2 ** 52 - rest + 1]) > 0);
  }
  // A weight of 2 bits on a start of 1 bit makes 3.
  assert.is(errorOf(along([2.5], [1]), [0.25, 2 ** 50 - 1]), 0);
  assert.ok(errorOf(along([2.5], [1]), [0.25, 2 ** 50]) > 0);
  // A bias of 5 bits, whatever part of them the weight has: 5 in all. Biases of fewer bits add none.
  assert.is(errorOf(along([2 ** 49 - 7.5], [1]), [0.25, 2 ** 47 + 2 ** -5]), 0);
  assert.ok(errorOf(along([2 ** 49 + 0.5], [1]), [0.25, 2 ** 47 + 2 ** -5]) > 0);
  assert.is(errorOf(along([2.5], [1]), [0.25, 2 ** 49 + 0.5]), 0);
  // Two layers: 1 + 2 + 3 bits.
  assert.is(errorOf(along([2.5], [1]), [0.25, 0], [0.125, 2 ** 47 - 1]), 0);
  assert.ok(errorOf(along([2.5], [1]), [0.25, 0], [0.125, 2 ** 47]) > 0);
  // An error from below is never dropped.
  assert.ok(errorOf(along([2.5], [1]), [0.1, 0], [0.125, 1]) > 0);
  assert.ok(errorOf(between([0.1], [1]), [1, 0]) > 0);
  // No weight at all: the bias stands as it is.
  assert.is(errorOf(between([0.1], [1 / 3]), [0, 1e300]), 0);
});

test("only the cell's own rows count for its exactness", () => {
  const refinement = new CellRefinement(ReluNetwork.of([linear([[1, 1]], [1])]), along([1, 2], [3, 4]));
  const cell = refinement.start();
  const cells: Cell[] = [];
  refinement.rows.error[cell.start + 2] = 1;
  refinement.refine(cell, cells);
  assert.is(refinement.rows.error[cells[0].start], 0);
  for (const k of [0, 1]) {
    refinement.rows.error[cell.start + k] = 2 ** -40;
    refinement.refine(cell, cells);
    assert.ok(refinement.rows.error[cells[cells.length - 1].start] > 2 ** -41);
    refinement.rows.error[cell.start + k] = 0;
  }
});

test("a row's bound is that of the proof: inherited errors, and count + 4 roundings of the terms", () => {
  const r = random.generator("row bounds");
  for (let trial = 0; trial < 40; trial++) {
    const n = 1 + (trial % 6);
    const W = Array.from({ length: n }, () => [r.normal(), r.integer(3) ? r.normal() : 0]);
    const V = [Array.from({ length: n }, () => (r.integer(4) ? r.normal() : 0))];
    const b = Array.from({ length: n }, () => r.normal());
    const c = r.normal();
    const net = ReluNetwork.of([linear(W, b), linear(V, [c])]);
    const line = along([r.normal(), r.normal()], [r.normal(), r.normal()]);
    const refinement = new CellRefinement(net, line);
    const [, [below], [above]] = levels(refinement, net);
    const { slope, intercept, error } = refinement.rows;
    const terms = (w: number[], s: ArrayLike<number>, i: ArrayLike<number>, bias: number) =>
      w.reduce((sum, v, k) => sum + Math.abs(v) * (Math.abs(s[k]) + Math.abs(i[k])), Math.abs(bias));
    const near = (found: number, expected: number, name: string) =>
      assert.ok(found >= expected && found <= 1.01 * expected, `${name}: ${found} for ${expected}`);
    for (let j = 0; j < n; j++)
      near(error[below.start + j], 6 * u * terms(W[j], line.direction, line.from, b[j]), "first layer");
    const from = below.start;
    const rows = [slope, intercept, error].map((all) => all.subarray(from, from + n));
    const inherited = V[0].reduce((sum, v, k) => sum + Math.abs(v) * rows[2][k], 0);
    if (V[0].some((v) => v !== 0))
      near(error[above.start], inherited + (n + 4) * u * terms(V[0], rows[0], rows[1], c), "second layer");
  }
});

/** A cell of the input layer between two knots of our own. */
function cellBetween(refinement: CellRefinement, left: Partial<Knot>, right: Partial<Knot> = {}): Cell {
  const knot = (given: Partial<Knot>, t: number): Knot => ({
    t,
    error: 0,
    cell: null,
    neuron: -1,
    exact: { numerator: BigInt(t), denominator: 1n },
    ...given,
  });
  return { ...refinement.start(), left: knot(left, 0), right: knot(right, 1) };
}

/** Decisions in integers, and how many cells there are, where one neuron w (from + t direction) + b meets the knots. */
function decide(w: number, b: number, line: Line, left: Partial<Knot>, right: Partial<Knot> = {}, error = 0) {
  const net = ReluNetwork.of([relu([[w]], [b])]);
  const refinement = new CellRefinement(net, line);
  const cell = cellBetween(refinement, left, right);
  refinement.rows.error[cell.start] = error;
  const cells: Cell[] = [];
  refinement.refine(cell, cells);
  return { decisions: refinement.exactDecisions, on: cells.map(({ count }) => count), cells, refinement };
}

const at = (numerator: number, denominator: number, error = 0): Partial<Knot> => ({
  t: numerator / denominator,
  error,
  exact: { numerator: BigInt(numerator), denominator: BigInt(denominator) },
});

test("a sign is decided in doubles as soon as it is above its bound, and not before", () => {
  // At t = 0 the row 0.1 (1 + t) + b is wrong by at most 5 u (|b| + 0.2), and the test adds 4 u |c|.
  let [above, below] = [0, 0];
  for (let k = -60; k <= 60; k++) {
    const b = -0.1 + k * 2 ** -56;
    const value = 0.1 + b; // exact: the two are near
    const bound = 5 * u * (Math.abs(b) + 0.2) + 4 * u * Math.abs(value);
    const { decisions, on } = decide(0.1, b, along([1], [1]), {});
    if (Math.abs(value) > 1.02 * bound) {
      above++;
      assert.is(decisions, 0, `${k} is decided`);
    } else if (Math.abs(value) < bound) {
      below++;
      assert.is(decisions, 1, `${k} is not decided`);
    } else continue;
    assert.equal(on, k < 0 ? [0, 1] : [1]);
  }
  assert.ok(above > 50 && below > 10);
});

test("a knot's own error counts by the slope, a row's error as it is", () => {
  // 4 (1 + t) - 6 + b at t = 1/2 is b; a knot wrong by e moves it by 4 e.
  for (const side of [-1, 1]) {
    for (const [size, error, decisions] of inRows(
      3,
      [4.01, 1, 0, 3.99, 1, 1, 0.51, 0.125, 0, 0.49, 0.125, 1],
    )) {
      const b = side * size * 2 ** -20;
      const left = decide(4, -6 + b, along([1], [1]), at(1, 2, error * 2 ** -20));
      assert.is(left.decisions, decisions, `${size} with ${error}`);
      assert.equal(left.on, side > 0 ? [1] : [0, 1]);
      const right = decide(-4, 6 + b, along([1], [1]), {}, at(1, 2, error * 2 ** -20));
      assert.is(right.decisions, decisions, `${size} with ${error}, right end`);
      assert.equal(right.on, side > 0 ? [1] : [1, 0]);
    }
    // The input's row wrong by e: the neuron's by |w| e; both add up.
    for (const [size, knot, decisions] of inRows(3, [4.01, 0, 0, 3.99, 0, 1, 8.01, 1, 0, 7.99, 1, 1])) {
      const b = side * size * 2 ** -20;
      const found = decide(4, -6 + b, along([1], [1]), at(1, 2, knot * 2 ** -20), {}, 2 ** -20);
      assert.is(found.decisions, decisions, `${size} with a row's error and ${knot}`);
    }
  }
});

test("large terms that cancel are not trusted beyond their rounding, even where nothing else is wrong", () => {
  // A row that is exact but for 1e-30: the test allows 4 u (|s t| + |c|) for its roundings, and the row has its 5 u.
  for (const [k, decisions] of inRows(2, [16, 0, 13, 1, 10, 1, -16, 0, -13, 1, -10, 1])) {
    const found = decide(1, -0.75 + k * u, along([0.25], [1]), at(1, 2), {}, 1e-30);
    assert.is(found.decisions, decisions, `${k} units`);
  }
});

test("exact rows at exact knots never need integers, not even one bit from zero", () => {
  const third = 6004799503160661; // 1/3 rounded is this over 2^54
  const knot: Partial<Knot> = { t: 1 / 3, exact: { numerator: BigInt(third), denominator: 2n ** 54n } };
  // 3 * fl(1/3) rounds to 1, and is 2^-54 below it.
  assert.equal(decide(3, -1, along([0], [1]), knot).on, [0, 1]);
  assert.equal(decide(-3, 1, along([0], [1]), knot).on, [1, 0]);
  for (let k = -40; k <= 40; k++) {
    for (const w of [3, 5, 7, -3, -11, 1023]) {
      const b = -Math.round((w / 3) * 2 ** 20) / 2 ** 20 + k * 2 ** -20;
      const found = decide(w, b, along([0], [1]), knot);
      assert.is(found.decisions, 0);
      const sign = signAt(
        { slope: BigInt(w) << 20n, intercept: BigInt(b * 2 ** 20), scale: 20 },
        BigInt(third),
        2n ** 54n,
      );
      assert.is(found.on[0], sign > 0 ? 1 : 0);
    }
  }
});

test("a neuron whose inputs all vanish at a knot has its bias's sign there, without integers", () => {
  const third = 1 / 3;
  // Both inputs vanish at the start: 0.1 t and 0.7 t, with a second layer of no bias or a small one.
  for (const [b, on] of [
    [0, [1]],
    [1e-300, [1]],
    [-1e-300, [0, 1]],
  ] as const) {
    const net = ReluNetwork.of([relu(inRows(2, [0.1, 0, 0, 0.7]), [0, 0]), relu([[third, third]], [b])]);
    const refinement = new CellRefinement(net, along([0, 0], [1, 1]));
    assert.equal(
      refinement.all().map(({ count }) => count),
      on,
      `${b}`,
    );
    assert.is(refinement.exactDecisions, 0, `${b} at the start`);
    const back = new CellRefinement(net, along([1, 1], [-1, -1]));
    assert.equal(
      back.all().map(({ count }) => count),
      [...on].reverse(),
      `${b}`,
    );
    assert.is(back.exactDecisions, 0, `${b} at the end`);
  }
  // A second input that does not vanish, and counts: 0.1 - 0.1 needs integers; with weight 0 it does not count.
  const mixed = (w: number) => {
    const net = ReluNetwork.of([
      linear(inRows(2, [third, 0, 0, third]), [0, 0]),
      relu([[third, w]], [-third * third * Math.abs(w) * 3]),
    ]);
    const refinement = new CellRefinement(net, along([0, 1], [1, 0]));
    refinement.all();
    return refinement.exactDecisions;
  };
  assert.is(mixed(third), 1);
  const shared = ReluNetwork.of([relu(inRows(2, [third, 0, 0, third]), [0, 0]), relu([[third, 0]], [0])]);
  const refinement = new CellRefinement(shared, along([0, 1], [1, 0]));
  refinement.all();
  assert.is(refinement.exactDecisions, 0);
});

test("zeros: exact where the division is, else within e / |s| + 2 u |t|; ill-conditioned ones are taken exactly", () => {
  const zero = (w: number, b: number, line: Line, error = 0) => {
    const { cells } = decide(w, b, line, {}, {}, error);
    assert.is(cells.length, 2);
    assert.is(cells[0].right, cells[1].left);
    return cells[0].right;
  };
  assert.equal([zero(2, -1, along([0], [1])).t, zero(2, -1, along([0], [1])).error], [0.5, 0]);
  assert.is(zero(-8, 3, along([0], [1])).error, 0);
  const third = zero(3, -1, along([0], [1]));
  assert.is(third.t, 1 / 3);
  assert.is(third.exact, null, "no integers for a good zero");
  assert.ok(third.error >= 2 * u * third.t && third.error <= 2.01 * u * third.t);
  for (const error of [2 ** -30, 2 ** -12]) {
    const near = zero(2, -1, along([0], [1]), error);
    assert.ok(near.error >= error && near.error <= 1.001 * error, "a row's error, over its slope");
    assert.is(near.exact, null);
  }
  // Above 1e-3 the zero is made exact, and its error that of a rounded quotient.
  const bad = zero(3, -1, along([0], [1]), 2 ** -9);
  assert.equal(bad.exact, { numerator: 1n, denominator: 3n });
  assert.ok(bad.error <= 2.01 * u * bad.t);
  assert.is(zero(3, -1, along([0], [1]), 0.99e-3).exact, null);
  assert.not.equal(zero(3, -1, along([0], [1]), 1.01e-3).exact, null);
});

test("the order of two zeros is decided in doubles beyond the sum of their errors, else in integers", () => {
  /** Two neurons with zeros at `a` and `b`; the inputs' rows wrong by the two errors. */
  const order = (a: number, b: number, errors: [number, number]) => {
    const net = ReluNetwork.of([relu(inRows(2, [1, 0, 0, 1]), [-a, -b])]);
    const refinement = new CellRefinement(net, along([0, 0], [1, 1]));
    const cell = refinement.start();
    refinement.rows.error.set(errors, cell.start);
    const cells: Cell[] = [];
    refinement.refine(cell, cells);
    return { decisions: refinement.exactDecisions, neurons: cells.slice(1).map(({ left }) => left.neuron) };
  };
  const [e, f] = [2 ** -20, 2 ** -21];
  assert.equal(order(0.25, 0.25 + 1.01 * (e + f), [e, f]), { decisions: 0, neurons: [0, 1] });
  assert.equal(order(0.25 + 1.01 * (e + f), 0.25, [e, f]), { decisions: 0, neurons: [1, 0] });
  assert.ok(order(0.25, 0.25 + 0.99 * (e + f), [e, f]).decisions > 0);
  assert.equal(order(0.25, 0.25 + 0.99 * (e + f), [e, f]).neurons, [0, 1]);
  assert.equal(order(0.25 + 0.99 * (e + f), 0.25, [f, e]).neurons, [1, 0]);
  // Both exact: equal without integers, and one bit apart too.
  assert.equal(order(0.25, 0.25, [0, 0]).decisions, 0);
  assert.is(order(0.25, 0.25, [0, 0]).neurons.length, 1);
  assert.equal(order(0.25, 0.25 + 2 ** -50, [0, 0]), { decisions: 0, neurons: [0, 1] });
  assert.ok(order(0.25, 0.25, [0, e]).decisions > 0);
  assert.is(order(0.25, 0.25, [0, e]).neurons.length, 1);
});

test("an exact zero and a rounded one beside it are told apart in integers, whichever comes first", () => {
  // 3 t - 1, and t - k / 2^52 for the k next to 2^52 / 3 = 1501199875790165.33.
  for (const [k, before] of [
    [1501199875790165, true],
    [1501199875790166, false],
  ] as const) {
    for (const first of [true, false]) {
      const rows: [number, number][] = [
        [1, -k / 2 ** 52],
        [3, -1],
      ];
      if (!first) rows.reverse();
      const net = ReluNetwork.of([
        relu(
          rows.map(([w]) => [w]),
          rows.map(([, b]) => b),
        ),
      ]);
      const refinement = new CellRefinement(net, along([0], [1]));
      const knots = refinement
        .all()
        .slice(1)
        .map(({ left }) => left);
      assert.equal(
        knots.map(({ neuron }) => neuron),
        before === first ? [0, 1] : [1, 0],
        `${k}, ${first}`,
      );
      assert.is(knots[before ? 0 : 1].error, 0);
      assert.ok(knots[before ? 1 : 0].error > 0);
      assert.ok(refinement.exactDecisions > 0);
    }
  }
});

test("zeros that fall on the same double are told apart, or not, as they truly are", () => {
  // 0.1 t - 0.05 vanishes at 1/2; with a bias one bit larger just behind it, by less than the doubles there can tell.
  const cells = (b: number, w = 0.1) => {
    const net = ReluNetwork.of([relu([[2], [w]], [-1, b])]);
    const refinement = new CellRefinement(net, along([0], [1]));
    const all = refinement.all();
    return {
      neurons: all.slice(1).map(({ left }) => left.neuron),
      on: all.map(({ count }) => count),
      refinement,
    };
  };
  assert.equal(cells(-0.05).on, [0, 2]);
  assert.equal(cells(neighbour(-0.05, -1)).neurons, [0, 1]);
  assert.equal(cells(neighbour(-0.05, 1)).neurons, [1, 0]);
  assert.ok(cells(neighbour(-0.05, 1)).refinement.exactDecisions > 0);
  // At a knot that both share, each switches, and is zero on the side where it is on.
  const { refinement } = cells(0.05, -0.1);
  const last = refinement.all();
  assert.equal(
    last.map(({ start }) => refinement.rows.neuron[start]),
    [1, 0],
  );
  assert.equal(
    last.map(({ start }) => [refinement.rows.zeroLeft[start], refinement.rows.zeroRight[start]]),
    inRows(2, [0, 1, 1, 0]),
  );
});

test("where numbers are so small that roundings underflow, errors are still upper bounds", () => {
  // 1e-280 - 1e-297 is no double; neither is a third of the one nor 0.1 of the other.
  const lost = between([1e-280], [1e-297]);
  const net = ReluNetwork.of([relu([[0.1], [3]], [-3e-282, -1e-280]), linear([[1, 1]], [0])]);
  for (const line of [lost, along([0], [0.7]), along([-1e-300], [1e-299])])
    checkRefinement(net, line, "tiny");
  const refinement = new CellRefinement(net, lost);
  const { start } = refinement.start();
  assert.ok(refinement.rows.error[start] > 0 && refinement.rows.error[start] < 1e-289);
  const rows = decide(0.1, 1e-300, along([1e-300], [1e-300]), {});
  const [first] = rows.cells;
  const bound = rows.refinement.rows.error[first.start];
  assert.ok(bound > 0 && bound < 1e-289);
});

test("a difference of slopes is certain beyond twice the errors, else decided in integers", () => {
  // |t - 1/2|: slopes -1 and 1 of output 0; output 1 is constant, output 2 off.
  const net = ReluNetwork.of([
    relu([[1], [-1]], [-0.5, 0.5]),
    relu(inRows(2, [1, 1, 0, 0, 0, 0]), [0, 1, -1]),
  ]);
  const make = () => {
    const refinement = new CellRefinement(net, along([0], [1]));
    const [left, right] = refinement.all();
    return { refinement, left, right };
  };
  const { refinement, left, right } = make();
  assert.equal(
    [left, right].map((cell) => refinement.slopeSign(0, cell, null)),
    [-1, 1],
  );
  assert.equal(
    [
      refinement.slopeSign(0, left, right),
      refinement.slopeSign(0, right, left),
      refinement.slopeSign(0, left, left),
    ],
    [-1, 1, 0],
  );
  assert.equal(
    [1, 2].map((o) => refinement.slopeSign(o, left, right)),
    [0, 0],
  );
  assert.equal(
    [0, 1, 2].map((o) => refinement.outputRow(left, o) - left.start),
    [0, 1, -1 - left.start],
  );
  assert.is(refinement.exactDecisions, 0);
  // The difference of the slopes is 2. Errors e and f: certain where 2 > 2 (e + f).
  for (const [e, f, decisions] of inRows(
    3,
    [0.5, 0.49, 0, 0.5, 0.51, 1, 0, 0.99, 0, 0.99, 0, 0, 0, 1, 1, 1, 0, 1],
  )) {
    const again = make();
    again.refinement.rows.error[again.left.start] = e;
    again.refinement.rows.error[again.right.start] = f;
    assert.is(again.refinement.slopeSign(0, again.left, again.right), -1);
    assert.is(again.refinement.slopeSign(0, again.right, again.left), 1);
    assert.is(again.refinement.exactDecisions, 2 * decisions, `${e} and ${f}`);
  }
  for (const [e, decisions] of inRows(2, [0.49, 0, 0.51, 1, 0.5, 1])) {
    const again = make();
    again.refinement.rows.error[again.left.start] = e;
    assert.is(again.refinement.slopeSign(0, again.left, null), -1, "one cell alone");
    assert.is(again.refinement.exactDecisions, decisions);
  }
  // Doubles that differ where the true slopes do not.
  const noisy = make();
  noisy.refinement.rows.slope[noisy.left.start] = -1 + 2 ** -40;
  noisy.refinement.rows.error[noisy.left.start] = 2 ** -41;
  assert.is(noisy.refinement.slopeSign(0, noisy.left, noisy.left), 0);
});

test("an output that switches off differs from its slope by all of it, also in integers", () => {
  const net = ReluNetwork.of([relu([[1]], [-0.5])]);
  const refinement = new CellRefinement(net, along([0], [1]));
  const [off, on] = refinement.all();
  assert.equal([off.count, on.count], [0, 1]);
  assert.equal(
    [refinement.slopeSign(0, on, off), refinement.slopeSign(0, off, on), refinement.slopeSign(0, off, null)],
    [1, -1, 0],
  );
  assert.is(refinement.exactDecisions, 0);
  refinement.rows.error[on.start] = 1;
  assert.equal(
    [refinement.slopeSign(0, on, off), refinement.slopeSign(0, off, on), refinement.slopeSign(0, on, null)],
    [1, -1, 1],
  );
  assert.is(refinement.exactDecisions, 3);
});

test("patterns at the two ends are those of the first and the last cell, layer by layer", () => {
  for (let i = 0; i < 12; i++) {
    const r = random.generator(`ends ${i}`);
    const net = i % 2 ? randomNetwork(2, r, 5) : degenerateNetwork(2, r, i % 8);
    const refinement = new CellRefinement(net, between([-1, -1], [1, 0.75]));
    const cells = levels(refinement, net).slice(1);
    const first = refinement.patternAt("start").map((on) => [...on]);
    const last = refinement.patternAt("end").map((on) => [...on]);
    const neurons = ({ start, count }: Cell) => [...refinement.rows.neuron.subarray(start, start + count)];
    assert.equal(
      first,
      cells.map((level) => neurons(level[0])),
      `${i}`,
    );
    assert.equal(
      last,
      cells.map((level) => neurons(level[level.length - 1])),
      `${i}`,
    );
  }
});

test("generic networks need no integers, dyadic sawteeth neither, and concurrent zeros do", () => {
  for (let i = 0; i < 10; i++) {
    const net = network.heNetwork([2, 8, 8, 1], random.generator(`no integers ${i}`), 0.5);
    const refinement = new CellRefinement(net, between([-1, -0.7], [1, 0.9]));
    refinement.all();
    assert.is(refinement.exactDecisions, 0, `${i}`);
  }
  const tooth = (n: number, peak: number) => {
    const fold = relu(inRows(2, [2, -4, 2, -4]), [0, -peak]);
    const layers = [relu([[1], [1]], [0, -peak]), ...Array.from({ length: n - 1 }, () => fold)];
    return ReluNetwork.of([...layers, linear([[2, -4]], [0])]);
  };
  const exact = new CellRefinement(tooth(6, 0.5), along([0], [1]));
  assert.is(exact.all().length, 64);
  assert.is(exact.exactDecisions, 0);
  const concurrent = ReluNetwork.of([relu([[0.1], [0.3], [0.7]], [-0.1 / 3, -0.1, -0.7 / 3])]);
  const needed = new CellRefinement(concurrent, between([-1], [1]));
  needed.all();
  assert.ok(needed.exactDecisions >= 1);
});

test.run();
