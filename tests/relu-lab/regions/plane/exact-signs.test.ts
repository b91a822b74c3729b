// Signs and places at corners, compared with determinants of exact rows.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { ExactSigns } from "../../../../packages/relu-lab/src/regions/plane/exact";
import type { Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { compared, dyadic, plus, times, zero, type Dyadic } from "./dyadic";
import { here, planFrom, rowsOf, type Layer } from "./exact-plans";
import { inRows } from "../../../rows";

const signs = (plan: Plan, states: Uint8Array, domain = here) => new ExactSigns(plan, domain, () => states);

test("signs at corners are those of determinants of exact rows, and places are where lines meet", () => {
  const r = random.generator("exact signs");
  const polygon = Float64Array.of(-1, -0.5, 1, -1, 0.75, 1, -1, 1);
  // The lines of the polygon's edges, positive inside.
  const edges = Array.from({ length: 4 }, (_, i) => {
    const j = (i + 1) % 4;
    const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]];
    return [y0 - y1, x1 - x0, x0 * y1 - x1 * y0].map(dyadic);
  });
  const by = (p: Dyadic, q: Dyadic, s: Dyadic, t: Dyadic) => plus(times(p, q), times({ n: -s.n, k: s.k }, t));
  const sign = (p: Dyadic) => compared(p, zero);
  let zeros = 0;
  for (let trial = 0; trial < 40; trial++) {
    const integers = trial % 2 === 0;
    const weight = () => (integers ? r.integer(5) - 2 : r.normal());
    const sizes = [2, 3, 3, 2];
    const plan = planFrom(
      sizes.slice(1).map((n, l) => ({
        W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, weight)),
        b: Array.from({ length: n }, weight),
      })),
    );
    const states = Uint8Array.from({ length: 8 }, () => (r.integer(4) ? 1 : 0));
    const exact = signs(plan, states, { polygon });
    const rows = rowsOf(plan, states);
    const lineOf = (id: number) => (id < 0 ? edges[-1 - id] : rows[id]);
    for (let question = 0; question < 25; question++) {
      const [first, second] = [r.integer(12) - 4, r.integer(12) - 4];
      const [p, q] = [lineOf(first), lineOf(second)];
      const w = by(p[0], q[1], p[1], q[0]);
      if (sign(w) === 0) {
        assert.throws(() => exact.place(first, second, 0), /parallel/);
        continue;
      }
      const x = by(p[1], q[2], p[2], q[1]);
      const y = by(p[2], q[0], p[0], q[2]);
      const neuron = r.integer(8);
      const [a, b, c] = rows[neuron];
      const expected = sign(plus(plus(times(a, x), times(b, y)), times(c, w))) * sign(w);
      if (expected === 0) zeros++;
      assert.is(
        exact.sign(neuron, first, second) + 0,
        expected + 0,
        `trial ${trial}: ${neuron} at ${first}, ${second}`,
      );
      [x, y].forEach((n, axis) => {
        const place = exact.place(first, second, axis);
        // place w = n, but for one rounding.
        const miss = plus(times(dyadic(place), w), { n: -n.n, k: n.k });
        const unit = times(n, { n: 1n, k: 53 });
        assert.ok(compared(times(miss, miss), times(unit, unit)) <= 0, `trial ${trial}, axis ${axis}`);
      });
    }
  }
  assert.ok(zeros > 20, `${zeros} zeros`);
});

test("long rows are decided by their leading bits or by all of them", () => {
  // Layers of 53-bit weights make rows of 500 bits. A row through the corner but for its last bit is told from one through it.
  const w = [1 + 2 ** -52, 1 - 2 ** -53, 1 + 3 * 2 ** -52];
  for (const [bias, expected] of [
    [0, 0],
    [2 ** -900, 1],
    [-(2 ** -900), -1],
    [0.25, 1],
    [-0.25, -1],
  ] as const) {
    const chain = [w[0], w[1], w[2], w[0], w[1], w[2]].map((value): Layer => ({
      W: inRows(2, [value, 0, 0, value]),
    }));
    const plan = planFrom([...chain, { W: inRows(2, [1, 1, 1, -1]), b: [bias, 0] }]);
    const states = new Uint8Array(14).fill(1);
    const exact = signs(plan, states);
    for (let again = 0; again < 2; again++) {
      assert.is(exact.sign(12, 10, 11), expected, `${bias}`);
      assert.is(exact.sign(12, 11, 10), expected, `${bias}`);
    }
    assert.is(exact.place(10, 11, 0), 0);
    const { row, scale } = exact.row(12);
    assert.is(compared({ n: row.c, k: scale }, dyadic(bias)), 0);
    assert.is(row.a, row.b);
  }
});

test("signs follow the states of the moment", () => {
  const plan = planFrom([
    { W: inRows(2, [1, 0, 0, 1]), b: [0.5, 0.5] },
    { W: [[1, 1]], b: [-0.25] },
  ]);
  const states = Uint8Array.of(1, 1, 0);
  const exact = signs(plan, states);
  // Edges 0 and 1 of the square meet at (1, -1): 1.5 - 0.5 - 0.25, 1.5 - 0.25, -0.5 - 0.25.
  assert.is(exact.sign(2, -1, -2), 1);
  states[1] = 0;
  assert.is(exact.sign(2, -1, -2), 1);
  states.set([0, 1]);
  assert.is(exact.sign(2, -1, -2), -1);
  states.set([0, 0]);
  assert.is(exact.sign(2, -1, -2), -1);
  assert.equal([exact.place(-1, -2, 0), exact.place(-1, -2, 1)], [1, -1]);
  assert.equal([exact.place(-3, -4, 0), exact.place(-3, -4, 1)], [-1, 1]);
  assert.equal([exact.place(0, 1, 0), exact.place(0, 1, 1)], [-0.5, -0.5]);
});

test("a sum that cancels is zero everywhere, and one of a single vanishing term is zero there", () => {
  // 2 = h0 - h1 and its copies: by structure alone.
  const plan = planFrom([{ W: inRows(2, [1, 0, 0, 1, 1, 1]) }, { W: inRows(3, [1, -1, 0, 1, 0, 0]) }]);
  const states = Uint8Array.of(0, 0, 1, 0, 0);
  const exact = signs(plan, states);
  exact.useSums({
    layers: [
      {
        neurons: Int32Array.of(3, 4),
        starts: Int32Array.of(0, 2, 3),
        columns: Int32Array.of(0, 1, 0),
        values: Float64Array.of(1, -1, 1),
        biases: new Float64Array(2),
      },
      {
        neurons: new Int32Array(0),
        starts: Int32Array.of(0),
        columns: new Int32Array(0),
        values: new Float64Array(0),
        biases: new Float64Array(0),
      },
    ],
    neuronOf: Int32Array.of(0, 1, 2, 3, 4),
    sums: new Int32Array(0),
    zeroable: new Int32Array(0),
  });
  assert.is(exact.sign(3, -1, -2), 2, "both terms are off");
  states[0] = 1;
  assert.is(exact.sign(4, 0, -1), 0, "neuron 0 vanishes there, and 4 reads nothing else");
  assert.is(exact.sign(4, -1, -2), 1);
  assert.is(exact.sign(4, -2, 0), 0);
});

test.run();
