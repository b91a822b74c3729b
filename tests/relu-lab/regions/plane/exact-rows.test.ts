// Rows in exact integers: their values, their scales, and how much is looked at to know them.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import type { Plane } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { ExactRows } from "../../../../packages/relu-lab/src/regions/plane/exact-rows";
import type { Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import type { StructuralZeros } from "../../../../packages/relu-lab/src/regions/plane/structural-zeros";
import { compared } from "./dyadic";
import { here, planFrom, rowsOf, square, type Layer } from "./exact-plans";
import { inRows } from "../../../rows";

/** Neurons that count as on, and how often it was asked whether one does: once for each input that is off. */
function zerosOf(...sums: number[]) {
  const zeros = { asked: 0, isSum: (neuron: number) => (zeros.asked++, sums.includes(neuron)) };
  return zeros as typeof zeros & StructuralZeros;
}

test("rows are those of the definition, times 2^scale: with planes, zero weights, linear layers, sums", () => {
  const r = random.generator("exact rows");
  for (let trial = 0; trial < 40; trial++) {
    const inputs = trial % 2 ? 2 : 3;
    const sizes = [inputs, 4, 3, 4, 2];
    const weight = () => [0, 1, -2, 0.75, r.normal(), r.normal() * 2 ** -40, 2 ** 30][r.integer(7)];
    const plan = planFrom(
      sizes.slice(1).map((n, l) => ({
        W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, weight)),
        b: Array.from({ length: n }, weight),
        slope: r.integer(3) === 0 ? 1 : 0,
      })),
    );
    const vector = () => Float64Array.from({ length: 3 }, weight);
    const plane = inputs === 3 ? { origin: vector(), u: vector(), v: vector() } : undefined;
    const domain = { polygon: square, plane };
    const states = Uint8Array.from({ length: plan.neurons }, () => r.integer(2));
    const sums = [r.integer(4), 4 + r.integer(3)];
    const counted = states.slice();
    const zeros = trial % 3 ? zerosOf(...sums) : undefined;
    if (zeros) for (const neuron of sums) counted[neuron] = 1;
    const rows = new ExactRows(plan, domain);
    const expected = rowsOf(plan, counted, plane);
    for (let neuron = plan.neurons - 1; neuron >= 0; neuron--) {
      const { a, b, c } = rows.row(neuron, states, zeros);
      const k = rows.scales[rows.layerOf(neuron)];
      [a, b, c].forEach((n, i) =>
        assert.is(
          compared({ n, k }, expected[neuron][i]),
          0,
          `trial ${trial}, neuron ${neuron}, number ${i}`,
        ),
      );
    }
  }
});

test("a neuron's layer, the first and the last of each", () => {
  const rows = new ExactRows(
    planFrom([{ W: inRows(2, [1, 0, 0, 1, 1, 1]) }, { W: [[1, 1, 1]] }, { W: [[1], [2]] }]),
    here,
  );
  assert.equal(
    [0, 1, 2, 3, 4, 5].map((neuron) => rows.layerOf(neuron)),
    [0, 0, 0, 1, 2, 2],
  );
});

test("scales are the smallest that make a layer's rows integers", () => {
  const scales = (layers: Layer[], plane?: Plane) =>
    new ExactRows(planFrom(layers), { polygon: square, plane }).scales;
  assert.equal(
    scales([
      { W: [[1, 2]], b: [3] },
      { W: [[4]], b: [-8] },
    ]),
    [0, 0],
  );
  assert.equal(scales([{ W: [[0.5, 2]], b: [3] }, { W: [[0.25]] }, { W: [[1]] }]), [1, 3, 3]);
  assert.equal(
    scales([
      { W: [[1, 2]], b: [2 ** -5] },
      { W: [[1]], b: [2 ** -5] },
    ]),
    [5, 5],
  );
  assert.equal(
    scales([
      { W: [[1, 2]], b: [2 ** -5] },
      { W: [[1]], b: [2 ** -7] },
    ]),
    [5, 7],
  );
  assert.equal(
    scales([
      { W: [[0.5, 2]], b: [2 ** -5] },
      { W: [[0.5]], b: [2 ** -7] },
    ]),
    [5, 7],
  );
  assert.equal(
    scales([
      { W: [[0.5, 2]], b: [2] },
      { W: [[8]], b: [4] },
    ]),
    [1, 1],
    "large weights take none back",
  );
  const plane = (origin: number, u: number, v: number) => ({
    origin: Float64Array.of(origin, 0, 0),
    u: Float64Array.of(0, u, 0),
    v: Float64Array.of(0, 0, v),
  });
  const layers = [{ W: [[1, 2, 3]] }, { W: [[0.5]] }];
  assert.equal(scales(layers, plane(0, 1, 1)), [0, 1]);
  assert.equal(scales(layers, plane(0.5, 1, 1)), [1, 2]);
  assert.equal(scales(layers, plane(0, 0.25, 1)), [2, 3]);
  assert.equal(scales(layers, plane(0, 1, 0.125)), [3, 4]);
});

test("a row's number tells it from every other row, and from the domain's edges below 0", () => {
  const plan = planFrom([{ W: inRows(2, [1, 0, 0, 1]) }, { W: inRows(2, [1, 1, 1, -1]) }, { W: [[1, 1]] }]);
  const rows = new ExactRows(plan, here);
  const seen = new Map<number, unknown>();
  for (let code = 0; code < 16; code++) {
    const states = Uint8Array.from([0, 1, 2, 3, 4], (k) => (code >> k) & 1);
    for (let neuron = 0; neuron < 5; neuron++) {
      const row = rows.row(neuron, states, undefined);
      assert.ok(row.id >= 0);
      assert.ok(!seen.has(row.id) || seen.get(row.id) === row, `number ${row.id}`);
      seen.set(row.id, row);
    }
  }
  const onPlane = new ExactRows(planFrom([{ W: inRows(2, [1, 0, 0, 1]) }]), {
    polygon: square,
    plane: { origin: Float64Array.of(0, 0), u: Float64Array.of(1, 0), v: Float64Array.of(0, 1) },
  });
  assert.is(new Set([0, 1, 0].map((neuron) => onPlane.row(neuron, new Uint8Array(2), undefined).id)).size, 2);
});

test("a row is made once while what it reads stays as it is; four are remembered", () => {
  const plan = planFrom([
    { W: inRows(2, [1, 0, 0, 1, 1, 1]), b: [1, 2, 3] },
    { W: inRows(3, [1, 1, 1, 2, 0, 0]) },
    { W: [[0, 1]] },
  ]);
  const rows = new ExactRows(plan, here);
  const at = (a: number, b: number, c: number) => rows.row(3, Uint8Array.of(a, b, c, 1, 1, 1), undefined);
  const [p, q, s, t] = [at(0, 0, 0), at(1, 0, 0), at(0, 1, 0), at(1, 1, 0)];
  assert.is(new Set([p, q, s, t]).size, 4);
  assert.equal(
    [at(0, 0, 0) === p, at(1, 0, 0) === q, at(0, 1, 0) === s, at(1, 1, 0) === t],
    [true, true, true, true],
  );
  assert.is(at(1, 1, 0), t, "asked again at once");
  // A fifth one drives out the one that was not asked for longest: p.
  const u = at(1, 1, 1);
  assert.equal(
    [at(1, 1, 1) === u, at(1, 0, 0) === q, at(0, 1, 0) === s, at(1, 1, 0) === t],
    [true, true, true, true],
  );
  const again = at(0, 0, 0);
  assert.is.not(again, p);
  assert.equal([again.a, again.b, again.c], [p.a, p.b, p.c]);
  // What is not read does not matter: neuron 4 reads neuron 0 alone, neuron 5 neuron 4.
  const other = (b: number, c: number) => rows.row(5, Uint8Array.of(1, b, c, b, 1, c), undefined);
  assert.is(other(0, 0), other(1, 1));
  assert.is(
    rows.row(4, Uint8Array.of(1, 0, 0, 0, 0, 0), undefined),
    rows.row(4, Uint8Array.of(1, 1, 1, 1, 0, 1), undefined),
  );
});

/** A first layer of n neurons, a second of one that reads all, a third of one that reads it, then of one that reads that. */
function wide(n: number): Plan {
  return planFrom([
    { W: Array.from({ length: n }, (_, i) => [1, i]) },
    { W: [new Array<number>(n).fill(1), [1, ...new Array<number>(n - 1).fill(0)]] },
    { W: inRows(2, [1, 0, 0, 1]) },
  ]);
}

test("a row that reaches more than 64 others is looked at only after a change below it", () => {
  for (const n of [63, 64, 70]) {
    const plan = wide(n);
    const isWide = n > 63; // itself counts too
    for (const shift of [0, 1, 2, 3]) {
      // Bytes may lie anywhere in the engine's memory.
      const states = new Uint8Array(new ArrayBuffer(plan.neurons + shift), shift);
      const rows = new ExactRows(plan, here);
      const zeros = zerosOf();
      const looked = (neuron: number) => {
        zeros.asked = 0;
        const { a, b, c } = rows.row(neuron, states, zeros);
        const fresh = new ExactRows(plan, here).row(neuron, states, undefined);
        assert.equal([a, b, c], [fresh.a, fresh.b, fresh.c]);
        assert.ok(zeros.asked <= 2 * n, "once to compare, once to add up");
        return zeros.asked > 0;
      };
      const name = `${n} neurons, byte ${shift}`;
      assert.is(looked(n), true, `${name}: all are off`);
      assert.is(looked(n), !isWide, `${name}: nothing has changed`);
      states[n] = 1;
      states[n + 1] = 1;
      assert.is(looked(n), !isWide, `${name}: its own layer does not matter`);
      for (const at of [0, 1, 2, 3, 4, n - 2, n - 1]) {
        states[at] ^= 1;
        assert.is(looked(n), true, `${name}: neuron ${at} is on`);
        assert.is(looked(n), !isWide, name);
        states[at] ^= 1;
        assert.is(looked(n), true, `${name}: and off again`);
      }
      // A narrow row beside it looks each time.
      assert.is(looked(n + 1), true, name);
      assert.is(looked(n + 1), true, name);
    }
  }
});

test("a change in one layer makes the wide rows above it be looked at, not its own layer's", () => {
  const n = 70;
  const plan = wide(n);
  const rows = new ExactRows(plan, here);
  const zeros = zerosOf();
  const states = new Uint8Array(plan.neurons).fill(1);
  const top = n + 2; // the third layer's first neuron
  const looked = (neuron: number) => {
    zeros.asked = 0;
    rows.row(neuron, states, zeros);
    return zeros.asked > 0;
  };
  assert.is(looked(top), false, "all are on");
  states[n] = 0;
  assert.is(looked(top), true, "its input is off");
  assert.is(looked(n), false, "the row below has no change below it");
  assert.is(looked(top), false);
  states[5] = 0;
  states[n] = 1;
  assert.is(looked(n), true);
  assert.is(looked(top), false, "its input's row is known by now");
  states[6] = 0;
  assert.is(looked(top), true, "through its input to the first layer");
});

test.run();
