import { test } from "uvu";
import * as assert from "uvu/assert";
import { random, regions, training } from "relu-lab";

const randoms = (count: number) =>
  Array.from({ length: count }, (_, trial) => random.generator(5).split(trial));

test("sixteen pieces exactly, from samples alone, in every run", async () => {
  const found = await training.trainFrontier(randoms(4), { n: 4, workers: 1 });
  for (const { network, maps } of found) {
    const { pieces, laps } = regions.segment(network!, [0], [1]);
    assert.equal([pieces, laps, maps.length], [16, 16, 4]);
    for (const { rise, bend, fold } of maps)
      assert.ok(
        Math.abs(rise - 2) + Math.abs(bend + 4) + Math.abs(fold - 0.5) < 1e-3,
        `${rise} ${bend} ${fold}`,
      );
  }
});

test("without the frontier it does not get there", async () => {
  for (const without of ["growth", "frontier hinge"] as const) {
    const found = await training.trainFrontier(randoms(4), { n: 5, without, workers: 1 });
    const full = found.filter(({ network }) => network && regions.segment(network, [0], [1]).pieces === 32);
    assert.ok(full.length <= 1, `${without}: ${full.length} of 4`);
  }
});

test("a target of one's own: the sawtooth scaled in height needs only its own samples", async () => {
  const target = (x: Parameters<NonNullable<training.FrontierTraining["target"]>>[0]) => x.tents(3);
  const [own] = await training.trainFrontier(randoms(1), { n: 3, target, workers: 1 });
  const [usual] = await training.trainFrontier(randoms(1), { n: 3, workers: 1 });
  assert.equal(own.maps, usual.maps);
});

test("steps are counted, and what does not fit is refused", async () => {
  assert.is(training.frontierSteps({ n: 2, pace: 10, polish: 5 }), 2 * 10 * (5 + 6) + 10);
  let message = "";
  await training.trainFrontier(randoms(1), { n: 0 }).catch((error: Error) => (message = error.message));
  assert.match(message, /n is 0/);
});

test.run();
