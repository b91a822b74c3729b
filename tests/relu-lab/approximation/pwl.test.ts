import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { approximation, network, random } from "relu-lab";

const { minimalForm, minimalNetwork, networkToPwl, pwlToNetwork, pwlValue } = approximation;
type PiecewiseLinear = approximation.PiecewiseLinear;

const vector: PiecewiseLinear = { knots: [0, 1, 3], values: [0, 2, -1], leftSlope: -1, rightSlope: 0.5 };
const abscissae = [-2, 0, 0.5, 1, 2, 3, 5];

test("the specification's vector, weight by weight", () => {
  const net = pwlToNetwork(vector);
  const [hidden, out] = net.layers;
  assert.equal([...hidden.weights], [-1, 1, 1, 1]);
  assert.equal(
    Array.from(hidden.biases, (b) => b + 0),
    [0, 0, -1, -3],
  );
  assert.equal([...out.weights], [1, 2, -3.5, 2]);
  assert.equal([...out.biases], [0]);
  assert.equal(
    abscissae.map((x) => net.forward([x])[0]),
    [2, 0, 1, 2, 0.5, -1, 0],
  );
  assert.equal(
    abscissae.map((x) => pwlValue(vector, x)),
    [2, 0, 1, 2, 0.5, -1, 0],
  );
  assert.equal(networkToPwl(net, -10, 10), vector);
});

/** Functions with knots and values on a grid of 1/8, and slopes that do change at every knot. */
const anyPwl: fc.Arbitrary<PiecewiseLinear> = fc
  .uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 9 })
  .chain((knots) =>
    fc.record({
      knots: fc.constant(knots.sort((a, b) => a - b).map((t) => t / 8)),
      values: fc.array(fc.integer({ min: -40, max: 40 }), {
        minLength: knots.length,
        maxLength: knots.length,
      }),
      leftSlope: fc.integer({ min: -8, max: 8 }),
      rightSlope: fc.integer({ min: -8, max: 8 }),
    }),
  );

test("round trip: function, network, function", () => {
  fc.assert(
    fc.property(anyPwl, (pwl) => {
      const wanted = minimalForm(pwl, 1e-9);
      const found = minimalForm(networkToPwl(pwlToNetwork(pwl), -11, 11), 1e-9);
      const bending = approximation.pieceSlopes(wanted).some((s, _i, all) => Math.abs(s - all[0]) > 1e-9);
      if (!bending) return assert.is(found.knots.length, 1);
      assert.is(found.knots.length, wanted.knots.length);
      for (const [i, t] of wanted.knots.entries()) {
        assert.ok(Math.abs(found.knots[i] - t) < 1e-12 * 22);
        assert.ok(Math.abs(found.values[i] - wanted.values[i]) < 1e-9);
      }
      assert.ok(Math.abs(found.leftSlope - wanted.leftSlope) < 1e-9);
      assert.ok(Math.abs(found.rightSlope - wanted.rightSlope) < 1e-9);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("round trip: random network, function, one hidden layer; the values agree", () => {
  for (let seed = 0; seed < 20; seed++) {
    const deep = network.heNetwork([1, 8, 8, 1], random.generator(seed), 0.5);
    const shallow = pwlToNetwork(networkToPwl(deep, -2, 2));
    for (let i = 0; i <= 100; i++) {
      const x = -2 + i / 25;
      assert.ok(Math.abs(deep.forward([x])[0] - shallow.forward([x])[0]) < 1e-9, `seed ${seed} at ${x}`);
    }
  }
});

test("the minimal network: k neurons when a subset of the jumps makes the left slope, else k + 1", () => {
  assert.is(minimalNetwork(vector).neurons, 4); // jumps 3, -3.5, 2: no subset sums to 1
  assert.is(minimalNetwork({ ...vector, leftSlope: 0 }).neurons, 3);
  assert.is(minimalNetwork({ knots: [0], values: [0], leftSlope: -1, rightSlope: 1 }).neurons, 2);
  assert.is(minimalNetwork({ knots: [0], values: [0], leftSlope: -1, rightSlope: 0 }).neurons, 1);
  assert.is(minimalNetwork({ knots: [0, 1], values: [0, 2], leftSlope: 2, rightSlope: 2 }).neurons, 2);
  assert.is(minimalNetwork({ knots: [0, 1], values: [3, 3], leftSlope: 0, rightSlope: 0 }).neurons, 0);
  fc.assert(
    fc.property(anyPwl, (pwl) => {
      const net = minimalNetwork(pwl);
      assert.ok(net.neurons <= pwl.knots.length + 1);
      for (const x of [-7, -3.3, -0.2, 0, 1.7, 4.9, 8])
        assert.ok(Math.abs(net.forward([x])[0] - pwlValue(pwl, x)) < 1e-9);
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("many networks, one function: permutation and rescaling", () => {
  const net = network.heNetwork([1, 5, 4, 1], random.generator(5), 0.3);
  const permuted = approximation.permuteNeurons(net, 0, [4, 2, 0, 1, 3]);
  const rescaled = approximation.rescaleNeurons(net, 1, [2, 0.25, 8, 1]);
  assert.not.equal([...permuted.layers[0].weights], [...net.layers[0].weights]);
  for (const x of abscissae) {
    assert.ok(Math.abs(permuted.forward([x])[0] - net.forward([x])[0]) < 1e-14);
    assert.is(rescaled.forward([x])[0], net.forward([x])[0], "powers of two change no bit");
  }
  assert.throws(() => approximation.rescaleNeurons(net, 0, [1, 1, 1, 1, -1]), /factor 4 is -1/);
  assert.throws(() => approximation.permuteNeurons(net, 0, [0, 0, 1, 2, 3]), /no permutation/);
  assert.throws(() => approximation.permuteNeurons(net, 2, [0]), /no hidden ReLU layer/);
});

test("functions that are no functions are refused, by condition", () => {
  const bad = (change: Partial<PiecewiseLinear>) => () => pwlToNetwork({ ...vector, ...change });
  assert.throws(bad({ knots: [0, 1, 1] }), /not continuous at 1, where the values are 2 and -1/);
  assert.throws(bad({ knots: [0, 1, 1], values: [0, 2, 2] }), /knot 1 stands twice/);
  assert.throws(bad({ knots: [0, 3, 1] }), /must increase, but 1 follows 3/);
  assert.throws(bad({ values: [0, 2] }), /3 knots but 2 values/);
  assert.throws(bad({ knots: [], values: [] }), /at least one knot/);
  assert.throws(bad({ leftSlope: Infinity }), /slopes Infinity/);
  assert.throws(
    () => networkToPwl(network.heNetwork([2, 3, 1], random.generator(0)), 0, 1),
    /takes 2 inputs/,
  );
});

test.run();
