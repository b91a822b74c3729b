import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { ensemble, random } from "relu-lab";
import * as scalar from "../../oracle/ensemble";
import { everything, graded, plane } from "./programs";
import { randomCase } from "./random-tape";

const { adam, momentum, sgd, trainSync } = ensemble;
type Engine = Pick<typeof ensemble, "differentiate">;
const engines: Engine[] = [ensemble, scalar];

/** Equal bit for bit; a NaN is a NaN. */
function same(a: ArrayLike<number>, b: ArrayLike<number>, what: string) {
  assert.is(a.length, b.length, what);
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i])) assert.unreachable(`${what}, number ${i}: ${a[i]} and ${b[i]}`);
}

function sameResults(a: readonly ensemble.TrialResult[], b: readonly ensemble.TrialResult[], what: string) {
  assert.is(a.length, b.length);
  a.forEach((result, trial) => {
    const other = b[trial];
    const place = `${what}, trial ${trial}`;
    assert.is(result.failedAt, other.failedAt, place);
    same(result.parameters, other.parameters, place);
    same([result.loss], [other.loss], place);
    assert.is(result.readOuts.length, other.readOuts.length, place);
    result.readOuts.forEach((readOut, r) => {
      same(readOut.parameters, other.readOuts[r].parameters, `${place}, read-out ${r}`);
      for (const [name, values] of Object.entries(readOut.watched))
        same(values, other.readOuts[r].watched[name], `${place}, read-out ${r}, ${name}`);
    });
  });
}

const optimisers = [
  sgd({ rate: 1e-2 }),
  momentum({ rate: ensemble.cosine(1e-2, 1e-4, 40) }),
  adam({ rate: 1e-2 }),
];
const cases = [
  plane([2, 7, 5, 1], 13),
  plane([2, 16, 16, 1], 64),
  graded(6, 8, 32),
  graded(6, 2, 10, { outerRelu: true }),
  graded(3, 5, 9, { residual: true }),
  graded(4, 3, 6, { watchHidden: true }),
  everything(),
];

for (const { name, program, trial } of cases) {
  test(`${name}: SIMD equals the scalar engine bit for bit, with every optimiser`, () => {
    for (const rate of optimisers) {
      const all = { all: rate.rate as ensemble.Schedule, biases: 1e-3 };
      const optimiser = { ...rate, rate: all };
      const options = { trials: [3, 4, 5].map(trial), steps: 40, optimiser, readOuts: [0, 1, 9] };
      const simd = trainSync(program, options);
      sameResults(simd, scalar.trainSync(program, options), `${name}, ${optimiser.type}`);
      // Other lanes, other neighbours.
      const turned = trainSync(program, { ...options, trials: [5, 3, 4].map(trial) });
      [2, 0, 1].forEach((at, i) => same(turned[i].parameters, simd[at].parameters, `${name}, turned`));
    }
  });
}

test("random tapes: values, gradients and parameters are equal bit for bit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const { program, trial } = randomCase(random.generator(seed));
      const trials = [0, 1].map(trial);
      trials.forEach((start, i) => {
        const [a, b] = engines.map((engine) => engine.differentiate(program, start));
        same([a.loss], [b.loss], `loss ${i}`);
        same(a.gradient, b.gradient, `gradient ${i}`);
        for (const [name, values] of Object.entries(a.watched))
          same(values, b.watched[name], `${name}, ${i}`);
      });
      const options = { trials, steps: 5, optimiser: adam({ rate: 1e-2 }) };
      sameResults(trainSync(program, options), scalar.trainSync(program, options), `seed ${seed}`);
    }),
    { numRuns: 300 },
  );
});

test("fused blocks are the layers they are made of, bit for bit", () => {
  for (const outerRelu of [false, true]) {
    const fused = graded(5, 6, 12, { outerRelu });
    const apart = graded(5, 6, 12, { outerRelu, watchHidden: true });
    const options = { trials: [fused.trial(1), fused.trial(2)], steps: 25, optimiser: adam({ rate: 1e-2 }) };
    const [a, b] = [fused, apart].map(({ program }) => trainSync(program, options));
    a.forEach(({ parameters }, i) => same(parameters, b[i].parameters, `trial ${i}`));
  }
});

/** Values of one operation at given numbers. */
function applied(values: readonly number[], by: (x: ensemble.Value) => ensemble.Value, engine: Engine) {
  const tape = new ensemble.Tape();
  const x = tape.parameter(1, values.length);
  // Neither a trial's parameters nor constants may be infinite or NaN: the tape makes such numbers, as ±1 / 0 and 0 / 0.
  const over = values.map((v) => (Number.isFinite(v) ? v : Number.isNaN(v) ? 0 : Math.sign(v)));
  const under = values.map((v) => (Number.isFinite(v) ? 1 : 0));
  const numbers = tape.constant(1, values.length, over).div(tape.constant(1, values.length, under));
  const program = tape.compile(x.sum(), { y: by(numbers) });
  const start = { parameters: values.map(() => 0), random: random.generator(0) };
  return engine.differentiate(program, start).watched.y;
}

test("exp, log, sin and the others: equal bits on hard numbers, and Math's values within two units", () => {
  const g = random.generator("numbers");
  const special = [
    0,
    -0,
    1,
    -1,
    0.5,
    709,
    709.1,
    -708,
    -708.1,
    -745,
    1e-300,
    5e-324,
    2.3e-308,
    1e308,
    Infinity,
    -Infinity,
    NaN,
  ];
  const values = [
    ...special,
    ...Array.from({ length: 3000 }, () => g.normal() * 10 ** Math.floor(6 * g.uniform() - 3)),
  ];
  const check = (by: (x: ensemble.Value) => ensemble.Value, exact: (x: number) => number, units: number) => {
    const [a, b] = engines.map((engine) => applied(values, by, engine));
    same(a, b, String(by));
    values.forEach((x, i) => {
      const right = exact(x);
      const good = Number.isFinite(right)
        ? Math.abs(a[i] - right) <= units * 2 ** -52 * Math.abs(right)
        : Object.is(a[i], right);
      assert.ok(good, `${by}: ${x} gives ${a[i]}, not ${right}`);
    });
  };
  check(
    (x) => x.exp(),
    (x) => (x < -708 ? 0 : x > 709 ? Infinity : Math.exp(x)),
    2,
  );
  check(
    (x) => x.log(),
    (x) => (x >= 0 && x < 2.3e-308 && x !== 2.3e-308 ? -Infinity : Math.log(x)),
    2,
  );
  check((x) => x.abs(), Math.abs, 0);
  check((x) => x.sqrt(), Math.sqrt, 0);
  check(
    (x) => x.neg(),
    (x) => -x,
    0,
  );
  check(
    (x) => x.square(),
    (x) => x * x,
    0,
  );
  check(
    (x) => x.relu(),
    (x) => (x > 0 ? x : 0),
    0,
  );
  check(
    (x) => x.step(),
    (x) => (x > 0 ? 1 : 0),
    0,
  );
  check(
    (x) => x.sign(),
    (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
    0,
  );
  const [a, b] = engines.map((engine) => applied(values, (x) => x.sinPi(), engine));
  same(a, b, "sinPi");
  values.forEach((x, i) => {
    if (Math.abs(x) < 1e5)
      assert.ok(Math.abs(a[i] - Math.sin(Math.PI * (x - 2 * Math.round(x / 2)))) < 1e-15 * 4, `${x}`);
  });
});

test("samples: uniform, independent of what the generator drew, different for each trial", () => {
  const tape = new ensemble.Tape();
  const p = tape.parameter(1, 1);
  const x = tape.uniform(2, 20_000, [-1, 0], [1, 0.5]);
  const program = tape.compile(x.mean().mul(p), { x });
  const look = (of: random.Generator, engine: Engine) =>
    engine.differentiate(program, { parameters: [1], random: of }).watched.x;
  const used = random.generator(5);
  used.normal();
  const a = look(random.generator(5), ensemble);
  same(a, look(used, scalar), "samples");
  const b = look(random.generator(6), ensemble);
  const bins = new Float64Array(10);
  let covariance = 0;
  for (let i = 0; i < 20_000; i++) {
    assert.ok(a[i] >= -1 && a[i] < 1 && a[20_000 + i] >= 0 && a[20_000 + i] < 0.5);
    bins[Math.floor((a[i] + 1) * 5)]++;
    covariance += a[i] * b[i];
  }
  const chi = bins.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0);
  assert.ok(chi < 28, `chi squared ${chi} with 9 degrees of freedom`);
  assert.ok(Math.abs(covariance / 20_000) < 0.01);
});

test.run();
