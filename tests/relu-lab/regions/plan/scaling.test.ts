// Rescaling by powers of two: what it may change, and what it must not.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { timesPowerOfTwo } from "../../../../packages/relu-lab/src/regions/arithmetic/power-of-two";
import { scaleLayers } from "../../../../packages/relu-lab/src/regions/plan/scaling";
import { compared, dyadic, powerOfTwo, times } from "../plane/dyadic";
import { inRows } from "../../../rows";

test("a double times any power of two is rounded at most once, at the end", () => {
  for (const [value, power] of [
    ...inRows(2, [1, 0, 3, 5, 3, -5, 1, 999, 1, 1000, 1, 1001, 1, 1023, -1, -999, 1, -1000, 1, -1001]),
    ...[
      [1, -1074],
      [Number.MIN_VALUE, 1074],
      [Number.MIN_VALUE, 2000],
      [Number.MIN_VALUE, 2001],
      [5e-324, 2097],
    ],
    ...[
      [2 ** 1023, -1023],
      [2 ** 1023, -2000],
      [2 ** 1023, -2001],
      [2 ** 1023, -2097],
      [1.5 * 2 ** 1023, -2095],
    ],
    ...inRows(2, [0, 3000, 0, -3000, 0.1, 900, -0.1, -900]),
  ])
    assert.is(
      compared(dyadic(timesPowerOfTwo(value, power)), times(dyadic(value), powerOfTwo(power))),
      0,
      `${value} 2^${power}`,
    );
  assert.is(timesPowerOfTwo(1, 1024), Infinity);
  assert.is(timesPowerOfTwo(-3, 2500), -Infinity);
  assert.is(timesPowerOfTwo(1, -1075), 0);
  assert.is(timesPowerOfTwo(1.5, -1075), Number.MIN_VALUE);
});

interface Layer {
  W: number[][];
  b: number[];
}

/** Scales layers given by their rows; the last one is the output. */
function scaled(layers: Layer[], errors?: number[]) {
  const all = layers.map(({ W, b }, l) => ({
    inputs: W[0].length,
    outputs: W.length,
    weights: Float64Array.from(W.flat()),
    biases: Float64Array.from(b),
    slope: l < layers.length - 1 ? 0 : 1,
  }));
  const plan = { hidden: all.slice(0, -1), output: all[all.length - 1], neurons: 0 };
  const first = {
    gradients: all[0].weights.slice(),
    constants: all[0].biases.slice(),
    errors: Float64Array.from(errors ?? layers[0].b.map(() => 0)),
  };
  const before = JSON.stringify([...first.gradients, ...first.constants, ...first.errors]);
  const found = scaleLayers(plan, first);
  assert.is(JSON.stringify([...first.gradients, ...first.constants, ...first.errors]), before, "a copy");
  return {
    weights: found.weights.map((w) => [...w]),
    biases: found.biases.map((b) => [...b]),
    errors: [...found.errors],
  };
}

test("rows whose largest number is between 2^-8 and 2^9 are left alone", () => {
  for (const largest of [2 ** -8, 1.99 * 2 ** -8, 0.3, 1, 2 ** 8, 1.99 * 2 ** 8]) {
    const layers = [
      { W: inRows(2, [largest, 0, -largest / 4, 1e-9]), b: [0, largest] },
      { W: [[1, 1]], b: [0] },
    ];
    const { weights, biases, errors } = scaled(layers, [1e-20, 2e-20]);
    assert.equal(
      weights,
      [
        [largest, 0, -largest / 4, 1e-9],
        [1, 1],
      ],
      `${largest}`,
    );
    assert.equal(
      [biases, errors],
      [
        [[0, largest], [0]],
        [1e-20, 2e-20],
      ],
    );
  }
});

test("other rows get a largest number of size 1 to 2, and what reads them is scaled back", () => {
  for (const largest of [1.99 * 2 ** -9, 2 ** -300, 2 ** 9, 1.5 * 2 ** 700, Number.MIN_VALUE, 2 ** 1023]) {
    const one = largest / 2 ** Math.floor(Math.log2(largest));
    const rows = [
      { W: inRows(2, [largest, 0, 1, 1]), b: [0, 1] },
      { W: inRows(2, [0, -largest, 1, 1]), b: [0, 1] },
      { W: inRows(2, [0, 0, 1, 1]), b: [-largest, 1] },
      { W: inRows(2, [largest / 1024, -largest, 1, 1]), b: [-largest / 8, 1] },
    ];
    for (const { W, b } of rows) {
      const { weights, biases, errors } = scaled(
        [
          { W, b },
          { W: [[0, 3]], b: [0.5] },
        ],
        [0, 0.25],
      );
      const factor = powerOfTwo(-Math.floor(Math.log2(largest)));
      [...W[0], b[0]].forEach((value, k) => {
        const now = k < 2 ? weights[0][k] : biases[0][0];
        assert.is(compared(dyadic(now), times(dyadic(value), factor)), 0, `${value} of ${largest}`);
      });
      assert.is(Math.max(...[weights[0][0], weights[0][1], biases[0][0]].map(Math.abs)), one);
      assert.equal([weights[0].slice(2), biases[0][1], weights[1], biases[1]], [[1, 1], 1, [0, 3], [0.5]]);
      assert.is(errors[1], 0.25);
      assert.ok(errors[0] > 0 && errors[0] <= 2e-290, "underflow may have lost something");
    }
  }
});

test("errors are scaled with their rows", () => {
  const { errors } = scaled(
    [
      { W: inRows(2, [2 ** 20, 0, 2 ** -20, 0, 1, 0]), b: [0, 0, 0] },
      { W: [[1, 1, 1]], b: [0] },
    ],
    [2 ** -40, 2 ** -80, 2 ** -50],
  );
  assert.equal(errors, [2 ** -60, 2 ** -60, 2 ** -50]);
});

test("networks of any size are the same network times powers of two, neuron by neuron", () => {
  const r = random.generator("scaling");
  for (let trial = 0; trial < 60; trial++) {
    const sizes = [2, 1 + r.integer(4), 1 + r.integer(4), 1 + r.integer(3), 2];
    // Neurons times powers of two, and back where they are read: products stay within the doubles.
    let before = [0, 0];
    const layers = sizes.slice(1).map((n, l): Layer => {
      const own = Array.from({ length: n }, () => (l < 3 && r.integer(3) > 0 ? r.integer(601) - 300 : 0));
      const layer = {
        W: own.map((p) => before.map((q) => (r.integer(5) ? r.normal() * 2 ** (p - q) : 0))),
        b: own.map((p) => (r.integer(3) ? r.normal() * 2 ** p : 0)),
      };
      before = own;
      return layer;
    });
    const { weights, biases } = scaled(layers);
    let below: number[] | undefined;
    layers.forEach(({ W, b }, l) => {
      const columns = W[0].length;
      const powers = W.map((row, j) => {
        // The power is seen at any number that is not 0, and is the same at all of the row's.
        const seen = new Set<number>();
        row.forEach((w, i) => {
          const now = weights[l][j * columns + i];
          if (w === 0) assert.is(now, 0);
          else seen.add(Math.log2(now / w) + (below ? below[i] : 0));
        });
        if (b[j] !== 0) seen.add(Math.log2(biases[l][j] / b[j]));
        assert.ok(seen.size <= 1, `trial ${trial}, layer ${l}: ${[...seen].join()}`);
        const power = [...seen][0] ?? 0;
        assert.ok(Number.isInteger(power));
        if (l === layers.length - 1) assert.is(power, 0, "outputs are not scaled");
        else if (seen.size === 1) {
          const own = row.map((w, i) => Math.log2(Math.abs(w)) - (below ? below[i] : 0));
          const exponent = Math.max(...own.map(Math.floor), Math.floor(Math.log2(Math.abs(b[j]))));
          assert.is(
            power,
            Math.abs(exponent) <= 8 ? 0 : -exponent,
            `trial ${trial}, layer ${l}, neuron ${j}`,
          );
        }
        return power;
      });
      below = powers;
    });
  }
});

test("weights scaled back and made large are not lost on the way", () => {
  // The input is scaled up by 2^600, its reader's weight of 2^-600 down by as much, the reader up by 2^1200.
  const { weights } = scaled([
    { W: [[2 ** -600, 0]], b: [0] },
    { W: [[2 ** -600]], b: [0] },
    { W: [[2 ** 1000]], b: [0] },
  ]);
  assert.equal(weights, [[1, 0], [1], [2 ** -200]]);
});

test("what cannot be scaled into the doubles is refused by its layer", () => {
  const refused = (layers: Layer[], layer: number) =>
    assert.throws(
      () => scaled(layers),
      (error: Error) => error instanceof RangeError && error.message.startsWith(`layer ${layer}:`),
    );
  // The output reads a neuron that was scaled up by 2^1000 with a weight of 2^-1000 (fine) or 2^100 (not).
  const small = { W: [[2 ** 1000, 0]], b: [0] };
  assert.equal(scaled([small, { W: [[2 ** -1000]], b: [0] }]).weights[1], [1]);
  refused([small, { W: [[2 ** 100]], b: [0] }], 2);
  // A hidden neuron with two inputs, one 2^1500 above the other: either overflows or is scaled with the larger.
  refused([small, { W: [[2 ** 500]], b: [0] }, { W: [[2 ** 1000]], b: [0] }], 3);
  refused(
    [
      { W: [[NaN, 0]], b: [0] },
      { W: [[1]], b: [0] },
    ],
    1,
  );
  refused(
    [
      { W: [[1, 0]], b: [Infinity] },
      { W: [[1]], b: [0] },
    ],
    1,
  );
  refused(
    [
      { W: [[1, 0]], b: [0] },
      { W: [[1]], b: [NaN] },
    ],
    2,
  );
});

test.run();
