import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { ensemble, experiments, network, random, regions, training } from "relu-lab";

const { sawtoothBatch, tableBatch, trainChains, geometric, finalOnly, weighted, logarithmic } = training;
const start = (trial: number, blocks: number, width = 8) => {
  const own = random.generator(7).split(trial);
  return { network: training.breakpointChain({ blocks, width }, own), random: own };
};
const laps = (net: network.ReluNetwork | null) => regions.segment(net!, [0], [1]).laps;

test("graded supervision folds four times from a random start, the final error alone does not", async () => {
  const starts = [0, 1, 2, 3].map((trial) => start(trial, 4));
  const how = { source: sawtoothBatch(4, 32), steps: 3000, workers: 1 };
  const graded = await trainChains(starts, { ...how, grading: geometric() });
  assert.ok(graded.filter(({ network }) => laps(network) >= 16).length >= 3);
  const plain = await trainChains(starts, { ...how, grading: finalOnly() });
  for (const { network } of plain)
    assert.ok(experiments.meanSquareToSawtooth(regions.segment(network!, [0], [1]), 4) > 0.02);
});

test("the same starts give the same networks; workers change nothing", async () => {
  const starts = [0, 1, 2].map((trial) => start(trial, 2));
  const how = { source: sawtoothBatch(2, 16), steps: 50, grading: geometric() };
  const [once, again] = [
    await trainChains(starts, { ...how, workers: 1 }),
    await trainChains(starts, { ...how, workers: 2 }),
  ];
  assert.equal(once, again);
  const [alone] = await trainChains([starts[2]], { ...how, workers: 1 });
  assert.equal(alone, once[2]);
});

test("given levels train blocks apart: a block's training does not depend on the one before it", async () => {
  const [a, b] = [start(0, 2), start(1, 2)];
  const mixed = network.ReluNetwork.of([...b.network.specs().slice(0, 2), ...a.network.specs().slice(2)]);
  const how = {
    source: sawtoothBatch(2, 16),
    steps: 60,
    grading: geometric(1),
    wiring: "given" as const,
    workers: 1,
  };
  const [[one], [two]] = [
    await trainChains([a], how),
    await trainChains([{ network: mixed, random: a.random }], how),
  ];
  assert.equal(one.network!.layers[2], two.network!.layers[2]);
  assert.not.equal(one.network!.layers[0], two.network!.layers[0]);
});

test("tied wiring repeats one block", async () => {
  const [{ network: net }] = await trainChains([start(0, 1)], {
    source: sawtoothBatch(3, 16),
    steps: 20,
    grading: geometric(),
    wiring: "tied",
    workers: 1,
  });
  assert.is(net!.layers.length, 6);
  assert.equal(net!.layers[0].weights, net!.layers[4].weights);
});

test("own samples and levels: a table of the mirror map teaches it", async () => {
  const x = Float64Array.from({ length: 200 }, (_, i) => i / 199);
  const fold = (v: number) => 1 - Math.abs(2 * v - 1);
  const source = tableBatch(x, [x.map(fold), x.map((v) => fold(fold(v)))], 32);
  const [{ network: net }] = await trainChains([start(0, 2)], {
    source,
    steps: 3000,
    grading: geometric(),
    workers: 1,
  });
  for (const v of [0.1, 0.3, 0.6, 0.9])
    assert.ok(Math.abs(net!.forward([v])[0] - fold(fold(v))) < 0.05, `${v}`);
});

test("gradings are what they say", () => {
  const tape = new ensemble.Tape();
  const errors = [0.5, 0.25, 0.125].map((value) => tape.parameter(1, 1).mul(0).add(value));
  const at = (loss: ensemble.Value) =>
    ensemble.differentiate(tape.compile(loss), { parameters: [0, 0, 0], random: random.generator(0) }).loss;
  assert.is(at(geometric()(errors)), 0.5 / 4 + 0.25 / 16 + 0.125 / 64);
  assert.is(at(geometric(1)(errors)), 0.875);
  assert.is(at(weighted([0, 2, 0])(errors)), 0.5);
  assert.ok(Math.abs(at(logarithmic(0)(errors)) - Math.log(0.5 ** 6)) < 1e-12);
  assert.throws(() => weighted([1, 2])(errors), /2 weights for 3 levels/);
  assert.throws(() => weighted([0, 0, 0])(errors), /none of the weights/);
  assert.throws(() => weighted([1, -1]), /weight of level 1 is -1/);
  assert.throws(() => weighted([NaN]), /weight of level 0 is NaN/);
  assert.throws(() => geometric(0), /base is 0/);
  assert.throws(() => geometric(Infinity), /base is Infinity/);
});

test("starts: bends lie in the cube, He's have no biases, mirror maps without noise fold exactly", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, dimensions) => {
      const net = training.breakpointChain({ blocks: 2, width: 6, dimensions }, random.generator(seed));
      for (const layer of [net.layers[0], net.layers[2]])
        for (let i = 0; i < 6; i++) {
          const w = layer.weights.subarray(i * dimensions, (i + 1) * dimensions);
          assert.ok(w.every((value) => Math.abs(value) === 1));
          // -b = w t with t in the cube
          const [least, most] = [w.filter((v) => v < 0).length, w.filter((v) => v > 0).length];
          assert.ok(-layer.biases[i] >= -least && -layer.biases[i] <= most);
        }
    }),
    { numRuns: 50 },
  );
  assert.ok(
    training
      .heChain({ blocks: 2, width: 4 }, random.generator(0))
      .layers.every(({ biases }) => biases.every((b) => b === 0)),
  );
  assert.is(laps(training.mirrorChain(5, 0, random.generator(0))), 32);
});

test("what does not fit is refused with its name", async () => {
  assert.throws(() => training.breakpointChain({ blocks: 0, width: 8 }, random.generator(0)), /blocks is 0/);
  assert.throws(() => sawtoothBatch(0, 8), /n is 0/);
  assert.throws(() => tableBatch([0, 1], [[0]], 8), /level 0 has 1 values for 2 points/);
  const rejects = async (promise: Promise<unknown>, pattern: RegExp) => {
    let message = "";
    await promise.catch((error: Error) => (message = error.message));
    assert.match(message, pattern);
  };
  const how = { source: sawtoothBatch(3, 8), grading: geometric(), steps: 1, workers: 1 };
  await rejects(trainChains([start(0, 2)], how), /2 blocks.*3 levels/);
  const dense = {
    network: network.heNetwork([1, 4, 4, 1], random.generator(0)),
    random: random.generator(0),
  };
  await rejects(trainChains([dense], how), /is no chain of blocks/);
});

test.run();
