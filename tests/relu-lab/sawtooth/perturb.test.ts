import { test } from "uvu";
import * as assert from "uvu/assert";
import { random, regions, sawtooth } from "relu-lab";

const near = (found: ArrayLike<number>, said: readonly number[], what: string) => {
  assert.is(found.length, said.length, what);
  said.forEach((value, i) =>
    assert.ok(Math.abs(found[i] - value) < 1e-6, `${what} ${i}: ${found[i]}, ${value}`),
  );
};

test("SPEC's deterministic vector: naive, n = 3, alternately times 1.1 and 0.9", () => {
  const exact = sawtooth.sawtoothNetwork(3, "naive");
  const noise = Array.from({ length: exact.parameters }, (_, i) =>
    i >= exact.parameters - 2 ? 0 : i % 2 ? -1 : 1,
  );
  const network = sawtooth.perturb(exact, noise, 0.1);
  const found = regions.segment(network, [0], [1]);
  assert.equal([found.acts, found.pieces, found.laps], [6, 5, 4]);
  near(found.activationKnots, [0, 0.1275380063, 0.2066115702, 0.2463939223, 0.3105590062, 0.5, 1], "knot");
  const values = Array.from(found.activationKnots, (x) => network.forward([x])[0]);
  near(values, [0, 1.21, 0.9558, 1.21, 0, 0, 0], "value");
});

test("noise reaches the chosen part only, and zeros stay zero", () => {
  const exact = sawtooth.sawtoothNetwork(2, "merged");
  const noise = sawtooth.parameterNoise(exact, random.generator(0));
  const changed = (part: sawtooth.PerturbedPart) =>
    sawtooth
      .perturb(exact, noise, 0.1, part)
      .layers.map(({ weights, biases }, l) => [
        weights.some((w, i) => w !== exact.layers[l].weights[i]),
        biases.some((b, i) => b !== exact.layers[l].biases[i]),
      ]);
  assert.equal(changed("all"), [
    [true, true],
    [true, true],
    [true, false],
  ]);
  assert.equal(changed("weights"), [
    [true, false],
    [true, false],
    [true, false],
  ]);
  assert.equal(changed("biases"), [
    [false, true],
    [false, true],
    [false, false],
  ]);
  assert.equal(changed("layer 2"), [
    [false, false],
    [true, true],
    [false, false],
  ]);
  assert.is(sawtooth.perturb(exact, noise, 5).layers[0].biases[0], 0);
  assert.throws(() => sawtooth.perturb(exact, noise, 0.1, "layer 4"), /"layer 4" is not/);
  assert.throws(() => sawtooth.perturb(exact, noise, 0.1, "bias" as never), /"bias" is not/);
  const first = sawtooth.parameterNoise(exact, random.generator(0), 1);
  assert.equal([...first.subarray(0, 4)], [...noise.subarray(0, 4)]);
  assert.equal([first.length, first.subarray(4).some((value) => value !== 0)], [noise.length, false]);
  assert.throws(() => sawtooth.perturb(exact, [1], 0.1), /1 numbers of noise for/);
});

test("overfull tents have all laps, and with start 0 and peak 1 they are the sawtooth", () => {
  for (const tent of [
    { start: 0.1, peak: 1.5 },
    { start: 0.2, peak: 1.5 },
    { start: 0, peak: 1 },
  ]) {
    for (const n of [1, 3, 6]) {
      assert.is(regions.segment(sawtooth.overfullSawtooth(n, tent), [0], [1]).laps, 2 ** n);
    }
  }
  const plain = sawtooth.overfullSawtooth(4, { start: 0, peak: 1 });
  for (let k = 0; k <= 64; k++) assert.is(plain.forward([k / 64])[0], sawtooth.sawtoothValue(4, k / 64));
  assert.is(sawtooth.overfullSawtooth(1, { start: 0.25, peak: 1.5 }).forward([0.5])[0], 1.5);
  assert.throws(() => sawtooth.overfullSawtooth(2, { start: 0.5, peak: 1 }), /from 0\.5 to 1/);
  assert.throws(() => sawtooth.overfullSawtooth(2, { start: -0.1, peak: 1 }), /from -0\.1 to 1/);
  assert.throws(() => sawtooth.overfullSawtooth(2, { start: 0, peak: 0 }), /from 0 to 0/);
  assert.throws(() => sawtooth.overfullSawtooth(0, { start: 0, peak: 1 }), /of 0 tents/);
  assert.throws(() => sawtooth.overfullSawtooth(1.5, { start: 0, peak: 1 }), /of 1\.5 tents/);
});

test.run();
