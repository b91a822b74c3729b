import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensemble, random } from "relu-lab";
import * as scalar from "../../oracle/ensemble";
import { everything, graded, plane } from "./programs";

const { adam, momentum, sgd, train, trainSync } = ensemble;
const near = (a: number, b: number, tolerance: number, what = "") =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not within ${tolerance} of ${b}`);

/** The loss (p - 3)^2 + 2 (q + 1)^2 of two groups and a frozen r. */
function bowl() {
  const tape = new ensemble.Tape();
  const p = tape.parameter(1, 1);
  const r = tape.parameter(1, 1, { frozen: true });
  const q = tape.parameter(1, 1, { group: "slow" });
  const loss = p.sub(3).square().add(q.add(1).square().mul(2)).add(r.mul(0));
  return tape.compile(loss);
}
const start = () => ({ parameters: [0.5, 7, 0.25], random: random.generator(0) });

for (const [engine, { trainSync: run }] of Object.entries({ scalar, simd: ensemble })) {
  test(`optimisers do what their formulas say, ${engine}`, () => {
    const rates = { all: 0.1, slow: (step: number) => 0.01 / (1 + step) };
    for (const optimiser of [
      sgd({ rate: rates }),
      momentum({ rate: rates, momentum: 0.8 }),
      adam({ rate: rates, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 }),
    ]) {
      const [{ parameters }] = run(bowl(), { trials: [start()], steps: 7, optimiser });
      let [p, q] = [0.5, 0.25];
      const moments = [
        [0, 0],
        [0, 0],
      ];
      for (let step = 0; step < 7; step++) {
        const gradients = [2 * (p - 3), 4 * (q + 1)];
        const changes = gradients.map((g, i) => {
          if (optimiser.type === "sgd") return g;
          const m = moments[i];
          if (optimiser.type === "momentum") return (m[0] = 0.8 * m[0] + g);
          m[0] = 0.8 * m[0] + 0.2 * g;
          m[1] = 0.99 * m[1] + 0.01 * g * g;
          return m[0] / (1 - 0.8 ** (step + 1)) / (Math.sqrt(m[1] / (1 - 0.99 ** (step + 1))) + 1e-6);
        });
        p -= 0.1 * changes[0];
        q -= (0.01 / (1 + step)) * changes[1];
      }
      near(parameters[0], p, 1e-13, optimiser.type);
      near(parameters[2], q, 1e-13, optimiser.type);
      assert.is(parameters[1], 7, "frozen");
    }
  });
}

test("schedules: cosine, until, phases", () => {
  const at = (schedule: ensemble.Schedule, step: number) =>
    typeof schedule === "number" ? schedule : schedule(step);
  const way = ensemble.cosine(1, 0.2, 10);
  near(at(way, 0), 1, 1e-15);
  near(at(way, 5), 0.6, 1e-15);
  near(at(way, 10), 0.2, 1e-15);
  near(at(way, 99), 0.2, 1e-15);
  assert.equal(
    [0, 4, 5].map((step) => at(ensemble.until(0.3, 5), step)),
    [0.3, 0.3, 0],
  );
  const parts = ensemble.phases([
    { steps: 3, value: 1 },
    { steps: 2, value: (step) => 10 + step },
    { steps: 1, value: 5 },
  ]);
  assert.equal(
    [0, 2, 3, 4, 5, 50].map((step) => at(parts, step)),
    [1, 1, 10, 11, 5, 5],
  );
});

test("read-outs are the parameters of a shorter training, and come with loss and watched values", async () => {
  const { program, trial } = everything();
  const options = { optimiser: adam({ rate: 1e-2 }), trials: [0, 1, 2].map(trial) };
  const seen: string[] = [];
  const long = await train(program, {
    ...options,
    steps: 30,
    readOuts: [0, 7, 20],
    onReadOut: ({ trial, step }) => seen.push(`${trial}@${step}`),
  });
  const short = trainSync(program, { ...options, steps: 7 });
  assert.is(seen.length, 9);
  long.forEach(({ readOuts, trial }, i) => {
    assert.is(trial, i);
    assert.equal(
      readOuts.map((r) => r.step),
      [0, 7, 20],
    );
    assert.equal(readOuts[0].parameters, Float64Array.from(options.trials[i].parameters));
    assert.equal(readOuts[1].parameters, short[i].parameters);
    assert.is(readOuts[1].loss, short[i].loss);
    assert.equal(readOuts[1].watched, short[i].watched);
    assert.ok(Number.isNaN(readOuts[0].loss));
    assert.is(readOuts[2].watched.y.length, 21);
  });
});

test("step by step: the same read-outs, each before the training goes on; it can be left at any of them", () => {
  const { program, trial } = everything();
  const options = {
    optimiser: adam({ rate: 1e-2 }),
    trials: [0, 1].map(trial),
    steps: 30,
    readOuts: [0, 7, 20],
  };
  const whole = trainSync(program, options).flatMap(({ readOuts }) => readOuts);
  const found = [...ensemble.trainStepwise(program, options)];
  assert.equal(
    found.map(({ trial, step }) => `${trial}@${step}`),
    ["0@0", "1@0", "0@7", "1@7", "0@20", "1@20"],
  );
  const at = (list: readonly ensemble.ReadOut[]) =>
    list.find(({ trial, step }) => trial === 1 && step === 20);
  assert.equal(at(found), at(whole));
  const left = ensemble.trainStepwise(program, options);
  assert.is(left.next().value?.step, 0);
  assert.is(left.return().done, true);
  assert.is(left.next().done, true);
  const failing = () => ensemble.trainStepwise(program, { ...options, readOuts: [7, 3] }).next();
  assert.throws(failing, /must ascend/);
});

test("a network is learned, and the parameters go back into a network", () => {
  const { program, trial, net } = plane([2, 8, 8, 1], 32);
  const trials = [0, 1, 2, 3].map(trial);
  const steps = 1500;
  const results = trainSync(program, {
    trials,
    steps,
    readOuts: [1],
    optimiser: adam({ rate: ensemble.cosine(1e-2, 1e-5, steps) }),
  });
  for (const { readOuts, loss, parameters } of results) {
    assert.ok(loss < readOuts[0].loss / 5, `${readOuts[0].loss} to ${loss}`);
    assert.equal(net.parameters(net.network(parameters)), parameters);
  }
});

test("depth-graded supervision finds the sawtooth's levels", () => {
  const { program, trial, net } = graded(3, 8, 32);
  const steps = 2500;
  const [{ parameters }] = trainSync(program, {
    trials: [trial(5)],
    steps,
    optimiser: adam({ rate: ensemble.cosine(1e-2, 1e-5, steps) }),
  });
  const found = net.network(parameters);
  for (let x = 0.0625; x < 1; x += 0.125) near(found.forward([x])[0], 0.5, 0.1, `at ${x}`);
});

test("a trial whose values are not finite ends alone, with its step", async () => {
  const tape = new ensemble.Tape();
  const p = tape.parameter(1, 1);
  // The loss is 1 / (1 - t p)^2 with t the step / 10: infinite at step 5 for p = 2.
  const t = tape.scheduled((step) => step / 10);
  const program = tape.compile(
    p
      .mul(t)
      .neg()
      .add(1)
      .square()
      .mul(0)
      .add(p.mul(0))
      .add(tape.number(1).div(p.mul(t).neg().add(1))),
  );
  const trials = [1, 2, 0.5].map((value) => ({ parameters: [value], random: random.generator(0) }));
  for (const run of [train, scalar.trainSync]) {
    const results = await run(program, { trials, steps: 9, optimiser: sgd({ rate: 0 }), readOuts: [3, 9] });
    assert.equal(
      results.map(({ failedAt }) => failedAt),
      [null, 6, null],
    );
    assert.equal(
      results.map(({ readOuts }) => readOuts.length),
      [2, 1, 2],
    );
    assert.is(results[0].step, 9);
  }
});

test("the number of workers changes nothing; neither does an engine that is used by two at once", async () => {
  const { program, trial } = everything();
  const trials = Array.from({ length: 9 }, (_, i) => trial(i));
  const options = { trials, steps: 60, optimiser: adam({ rate: 1e-2 }), readOuts: [5, 60] };
  const alone = trainSync(program, options);
  for (const workers of [1, 2, 3]) assert.equal(await train(program, { ...options, workers }), alone);
  const other = plane([2, 8, 1], 16);
  const others = {
    trials: trials.slice(0, 3).map((_, i) => other.trial(i)),
    steps: 40,
    optimiser: options.optimiser,
  };
  const [first] = await Promise.all([
    train(program, { ...options, workers: 1 }),
    train(other.program, { ...others, workers: 1 }),
    train(other.program, { ...others, workers: 2 }),
  ]);
  assert.equal(first, alone);
});

test("what cannot be trained is refused by name", () => {
  const { program } = plane([2, 3, 1], 4);
  const bad = (change: object, pattern: RegExp) =>
    assert.throws(
      () => trainSync(program, { trials: [], steps: 5, optimiser: sgd({ rate: 1 }), ...change }),
      pattern,
    );
  bad({ steps: 1.5 }, /1\.5 steps/);
  bad({ readOuts: [3, 2] }, /read-outs \[3,2\]/);
  bad({ readOuts: [6] }, /at most 5/);
  bad(
    { trials: [{ parameters: [1], random: random.generator(0) }] },
    /trial 0 has 1 parameters, the program 13/,
  );
  bad({ optimiser: sgd({ rate: { other: 1 } }) }, /no rate for the group "all"/);
  bad({ optimiser: sgd({ rate: () => NaN }) }, /rate of "all" at step 0 is NaN/);
  const tape = new ensemble.Tape();
  const x = tape.uniform(2, 3);
  assert.throws(() => tape.compile(x), /shape \[2, 3\]/);
  assert.throws(() => tape.compile(x.mean()), /no parameter/);
  assert.throws(() => x.add(tape.constant(3, 1, [1, 2, 3])), /\[2, 3\] and \[3, 1\]/);
  assert.throws(() => x.rowsAt([2]), /index 2/);
  assert.throws(() => tape.constant(1, 2, [1, NaN]), /number 1 is NaN/);
  assert.throws(() => x.add(new ensemble.Tape().uniform(2, 3)), /another tape/);
});

test("progress ends at 1, and an abort stops", async () => {
  const { program, trial } = plane([2, 8, 1], 16);
  const options = { trials: [0, 1, 2].map(trial), optimiser: sgd({ rate: 1e-3 }) };
  const shares: number[] = [];
  await train(program, { ...options, steps: 50, onProgress: (share) => shares.push(share) });
  assert.is(shares[shares.length - 1], 1);
  assert.ok(shares.every((share, i) => share >= (shares[i - 1] ?? 0)));
  for (const workers of [1, 2]) {
    const stop = new AbortController();
    const endless = train(program, {
      ...options,
      steps: 3_000_000,
      signal: stop.signal,
      workers,
      onProgress: () => stop.abort(new Error("enough")),
    });
    let message = "";
    await endless.catch((error: Error) => (message = error.message));
    assert.is(message, "enough");
  }
  const broken = train(program, {
    ...options,
    steps: 50,
    readOuts: [20],
    workers: 2,
    onReadOut: () => {
      throw new Error("not mine");
    },
  });
  let message = "";
  await broken.catch((error: Error) => (message = error.message));
  assert.is(message, "not mine");
});

test("an optimiser refuses decays and epsilons that make its steps no numbers", () => {
  assert.throws(() => ensemble.momentum({ rate: 1, momentum: 1 }), /momentum: momentum is 1/);
  assert.throws(() => ensemble.adam({ rate: 1, beta1: NaN }), /adam: beta1 is NaN/);
  assert.throws(() => ensemble.adam({ rate: 1, beta2: 1 }), /adam: beta2 is 1/);
  assert.throws(() => ensemble.adam({ rate: 1, epsilon: -1 }), /adam: epsilon is -1/);
});

test.run();
