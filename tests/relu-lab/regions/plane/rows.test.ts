// Rows of the first layer on a plane, compared with exact sums.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import type { CheckedDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { firstRows } from "../../../../packages/relu-lab/src/regions/plane/rows";
import { compared, dotOf, dyadic, minus, plus, powerOfTwo, size, times } from "./dyadic";
import { inRows } from "../../../rows";

const U = 2 ** -53;

/** One layer of neurons (weights, bias) and its rows on a plane. */
function onPlane(rows: number[][], biases: number[], domain: CheckedDomain) {
  const layer = {
    inputs: rows[0].length,
    outputs: rows.length,
    weights: Float64Array.from(rows.flat()),
    biases: Float64Array.from(biases),
    slope: 0,
  };
  const output = { ...layer, slope: 1 };
  return firstRows({ hidden: [layer], output, neurons: rows.length }, domain);
}

/** |row found - true row| at a corner, exactly; and the same of the bound alone. */
function errorAt(
  found: { gradients: Float64Array; constants: Float64Array },
  j: number,
  [weights, bias]: [number[], number],
  { u, v, origin }: { u: Float64Array; v: Float64Array; origin: Float64Array },
  [s, t]: number[],
) {
  const w = weights.map(dyadic);
  const of = (values: Float64Array) => dotOf(w, Array.from(values, dyadic));
  const at = (a: ReturnType<typeof dyadic>, b: typeof a, c: typeof a) =>
    plus(plus(times(a, dyadic(s)), times(b, dyadic(t))), c);
  const { gradients, constants } = found;
  const truth = at(of(u), of(v), plus(of(origin), dyadic(bias)));
  const value = at(dyadic(gradients[2 * j]), dyadic(gradients[2 * j + 1]), dyadic(constants[j]));
  return size(minus(value, truth));
}

test("without a plane the rows are the layer's own, without error", () => {
  const found = onPlane(inRows(2, [1, 2, 3, 4, 0.1, -5]), [6, -7, 0.3], {
    polygon: Float64Array.of(0, 0, 1, 0, 0, 1),
  });
  assert.equal([...found.gradients], [1, 2, 3, 4, 0.1, -5]);
  assert.equal([...found.constants], [6, -7, 0.3]);
  assert.equal([...found.errors], [0, 0, 0]);
});

test("small integers give their rows exactly", () => {
  const plane = {
    origin: Float64Array.of(1, 2, 3),
    u: Float64Array.of(1, 0, -1),
    v: Float64Array.of(0, 2, 1),
  };
  const polygon = Float64Array.of(-1, -1, 1, -1, 0, 1);
  const { gradients, constants } = onPlane(inRows(3, [1, 2, 3, -4, 0, 5]), [10, -20], { polygon, plane });
  assert.equal([...gradients], [1 - 3, 4 + 3, -4 - 5, 5]);
  assert.equal([...constants], [1 + 4 + 9 + 10, -4 + 15 - 20]);
});

test("coefficients are right to the last bit or nearly so, even where their terms cancel", () => {
  const r = random.generator("cancelling");
  for (let trial = 0; trial < 60; trial++) {
    const n = 2 + r.integer(6);
    const wide = () => r.normal() * 2 ** (r.integer(41) - 20);
    const w = Array.from({ length: n }, wide);
    const u = Array.from({ length: n }, wide);
    // The last term cancels the others but for some bits.
    const sum = w.slice(0, -1).reduce((s, value, i) => s + value * u[i], 0);
    u[n - 1] = -sum / w[n - 1];
    const plane = {
      origin: Float64Array.from(u),
      u: Float64Array.from(u),
      v: Float64Array.from(u, (x, i) => (i ? x : -x)),
    };
    const bias = r.integer(2) ? 0 : r.normal() * 2 ** -20;
    const polygon = Float64Array.of(0, 0, 1, 0, 0, 1);
    const found = onPlane([w], [bias], { polygon, plane });
    const [a, c] = [dyadic(found.gradients[0]), dyadic(found.constants[0])];
    const truth = dotOf(w.map(dyadic), u.map(dyadic));
    const whole = w.reduce((s, value, i) => s + Math.abs(value * u[i]), 0);
    // Ogita, Rump and Oishi 2005, Proposition 5.5: u |value| + gamma_n^2 sum |w x|.
    const most = (value: number, all: number) =>
      dyadic(1.01 * (U * Math.abs(value) + 2 * n * n * U * U * all));
    assert.ok(
      compared(size(minus(a, truth)), most(found.gradients[0], whole)) <= 0,
      `trial ${trial}: gradient`,
    );
    const constant = minus(c, plus(truth, dyadic(bias)));
    assert.ok(
      compared(size(constant), most(found.constants[0], 2 * whole + Math.abs(bias))) <= 0,
      `trial ${trial}: constant`,
    );
  }
});

test("the bound is above the error at every corner of the domain, and not far above what rounding can do", () => {
  const r = random.generator("row errors");
  let closest = 0;
  for (let trial = 0; trial < 60; trial++) {
    const n = 2 + r.integer(5);
    const normal = () => r.normal();
    const rows = [0, 1].map(() => Array.from({ length: n }, normal));
    const biases = [r.normal(), 0];
    const vector = () => Float64Array.from({ length: n }, normal);
    const plane = { origin: vector(), u: vector(), v: vector() };
    const [X, Y] = [2 ** (r.integer(9) - 4), 2 ** (r.integer(9) - 4)];
    const polygon = Float64Array.of(-X, -Y, X / 2, -Y, X / 2, Y / 4, -X, Y / 4); // the largest are negative
    const found = onPlane(rows, biases, { polygon, plane });
    for (const j of [0, 1]) {
      const bound = dyadic(found.errors[j]);
      for (let i = 0; i < polygon.length; i += 2) {
        const error = errorAt(found, j, [rows[j], biases[j]], plane, [polygon[i], polygon[i + 1]]);
        assert.ok(compared(error, bound) <= 0, `trial ${trial}`);
        if (compared(times(error, dyadic(16)), bound) >= 0) closest++;
      }
      const [a, b, c] = [found.gradients[2 * j], found.gradients[2 * j + 1], found.constants[j]];
      const value = Math.abs(a) * X + Math.abs(b) * Y + Math.abs(c);
      const terms = (x: Float64Array, start: number) =>
        rows[j].reduce((s, w, i) => s + Math.abs(w * x[i]), start);
      const all = terms(plane.u, 0) * X + terms(plane.v, 0) * Y + terms(plane.origin, Math.abs(biases[j]));
      assert.ok(found.errors[j] <= 1.01 * (2 * U * value + 4 * (n + 1) ** 2 * U * U * all) + 2e-290);
      assert.ok(
        found.errors[j] >= 2 * U * value,
        "one rounding each of three coefficients, and of three products",
      );
    }
  }
  assert.ok(closest > 5, `the bound is within a factor of 16 of ${closest} errors`);
});

test("the bound covers what cancels: terms much larger than their sum", () => {
  const n = 40;
  const big = 2 ** 60;
  // w . u = 1e-3 - ... of terms of 2^60 each: of the sum itself next to nothing is rounded.
  const w = Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1) * (big + 2 ** 9 * i));
  const u = Float64Array.from({ length: n }, (_, i) => 1 + (i >> 1) * 2 ** -50);
  const v = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 2 ** -60 : 0));
  for (const [which, S] of [
    ["u", 1],
    ["v", 1],
    ["origin", 1],
    ["u", 1024],
    ["v", 1024],
  ] as const) {
    const rest = new Float64Array(n);
    const plane = { origin: rest, u: rest, v, [which]: u };
    const found = onPlane([w], [0], { polygon: Float64Array.of(-S, -S, S, -S, S, S), plane });
    const all = n * big * S;
    assert.ok(found.errors[0] >= n * n * U * U * all, which);
    const error = errorAt(found, 0, [w, 0], plane, [S, S]);
    assert.ok(compared(error, dyadic(found.errors[0])) <= 0, which);
  }
});

test("the bound covers what underflows: on a plane of size 1e60 too", () => {
  const n = 8;
  const small = new Float64Array(n).fill(2 ** -540);
  const zeros = new Float64Array(n);
  for (const which of ["u", "v"] as const) {
    const plane = { origin: zeros, u: zeros, v: zeros, [which]: small };
    const polygon = Float64Array.of(-1, -1, 1e60, -1, 1e60, 1e60, -1, 1e60);
    const found = onPlane([Array.from(small)], [0], { polygon, plane });
    assert.equal([found.gradients[0], found.gradients[1]], [0, 0]);
    const error = times(dyadic(n * 1e60), powerOfTwo(-1080)); // each product is 2^-1080, and lost
    assert.ok(compared(error, dyadic(found.errors[0])) <= 0, which);
    assert.ok(compared(times(error, dyadic(2 ** 16)), dyadic(found.errors[0])) > 0, "and by not much more");
  }
  const found = onPlane([[0, 0]], [0], {
    polygon: Float64Array.of(0, 0, 1, 0, 0, 1),
    plane: { origin: zeros.subarray(0, 2), u: Float64Array.of(1, 0), v: Float64Array.of(0, 1) },
  });
  assert.ok(found.errors[0] > 0 && found.errors[0] <= 2e-290, "a row of zeros has next to no error");
});

test.run();
