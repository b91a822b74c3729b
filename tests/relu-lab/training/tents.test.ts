import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { random, regions, training } from "relu-lab";

const { coupledWeights, fitTents, tent, tentNetwork, tentValue, unfold } = training;
const grid = (count: number) => Float64Array.from({ length: count + 1 }, (_, i) => i / count);
const peak = fc.double({ min: 0.1, max: 0.9, noNaN: true });

test("every chain of tents has 2^n pieces, whatever its peaks, and its network computes it", () => {
  fc.assert(
    fc.property(
      fc.array(peak, { minLength: 2, maxLength: 6 }),
      fc.double({ min: 0.2, max: 2, noNaN: true }),
      (peaks, s) => {
        const chains = [{ peaks: peaks.slice(0, -1), weights: coupledWeights(s, peaks) }];
        const fitted = { offset: 0.3, slope: -0.2, chains };
        const net = tentNetwork(fitted);
        for (const x of [0, 0.123, 0.5, 0.77, 1])
          assert.ok(Math.abs(net.forward([x])[0] - tentValue(fitted, x)) < 1e-9);
        const last = {
          offset: 0,
          slope: 0,
          chains: [
            {
              peaks: peaks.slice(0, -1),
              weights: peaks.slice(1).map((_, l) => (l === peaks.length - 2 ? 1 : 0)),
            },
          ],
        };
        assert.is(regions.segment(tentNetwork(last), [0], [1]).pieces, 2 ** (peaks.length - 1));
      },
    ),
    { numRuns: 40 },
  );
});

test("equal halves and coupled weights are the interpolants of x^2", () => {
  const peaks = new Array<number>(7).fill(0.5);
  const square = {
    offset: 0,
    slope: 1,
    chains: [{ peaks: peaks.slice(1), weights: coupledWeights(-1 / 4, peaks) }],
  };
  for (let i = 0; i <= 64; i++) assert.ok(Math.abs(tentValue(square, i / 64) - (i / 64) ** 2) < 1e-15);
});

test("least squares gets below 2^(-2n-2) on x^2, where Adam stalls", async () => {
  const x = grid(1024);
  const { fitted, error } = fitTents(
    x,
    x.map((v) => v * v),
    { levels: 6, weights: "coupled" },
    random.generator(3),
  );
  assert.ok(error < 1e-9, `${error}`);
  const worst = Math.max(...x.map((v) => Math.abs(tentValue(fitted, v) - v * v)));
  assert.ok(worst < 2 ** -14, `${worst}`);
  const [slow] = await training.descendTents([random.generator(3)], {
    levels: 6,
    target: (v) => v.square(),
    weights: "coupled",
    workers: 1,
  });
  assert.ok(Math.max(...x.map((v) => Math.abs(tentValue(slow!, v) - v * v))) < 0.02);
  assert.throws(
    () => fitTents([0, 1], [0, 1], { levels: 6, weights: "free" }, random.generator(0)),
    /give more points/,
  );
});

test("unfolding finds the peaks and the levels of a composition, with noise too", () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(0, 0.02), (seed, noise) => {
      const own = random.generator(seed);
      const peaks = Array.from({ length: 4 }, () => 0.3 + 0.4 * own.uniform());
      const x = Float64Array.from({ length: 512 }, () => own.uniform());
      const y = x.map((v) => peaks.reduce((u, c) => tent(c, u), v) + noise * own.normal());
      const found = unfold(x, y);
      assert.is(found.peaks.length, 4);
      found.peaks.forEach((c, l) => assert.ok(Math.abs(c - peaks[l]) < 0.03, `${c} ${peaks[l]}`));
      assert.ok(Math.abs(found.levels[0][7] - tent(found.peaks[0], x[7])) < 1e-15);
    }),
    { numRuns: 12 },
  );
});

test("what has no reflection has no folds", () => {
  const x = grid(400);
  assert.equal(
    unfold(
      x,
      x.map((v) => v * v),
    ).peaks,
    [],
  );
  assert.equal(
    unfold(
      x,
      x.map((v) => Math.sin(8 * Math.PI * v)),
    ).peaks,
    [],
  );
  assert.equal(
    unfold(
      x,
      x.map(() => 1),
    ).peaks,
    [],
  );
  // one fold, and then what is left (a quarter of a wave) has none
  assert.is(
    unfold(
      x,
      x.map((v) => Math.sin(Math.PI * v)),
    ).peaks.length,
    1,
  );
  assert.throws(() => unfold([0, 1], [0, 1]), /at least 16/);
  const broken = x.map((v, i) => (i === 40 ? NaN : tent(v, 0.4)));
  assert.throws(() => unfold(x, broken), /unfold: sample 40 is \(.*NaN\)/);
  assert.throws(() => unfold([0, 1], [0]), /2 points and 1 values/);
  assert.throws(() => unfold(x, x, { margin: 0.5 }), /margin is 0\.5/);
  const fit = (levels: number) => fitTents(x, broken, { levels, weights: "free" }, random.generator(0));
  assert.throws(() => fit(3), /fitTents: sample 40/);
  assert.throws(() => fit(1.5), /levels is 1\.5/);
});

test.run();
