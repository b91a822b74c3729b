import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, random, runtime } from "relu-lab";
import { blobs } from "../../models/blobs";

const sets = { train: blobs(120, 4, 28, 1), test: blobs(60, 4, 28, 2) };
const config = { widths: [8], epochs: 1, digits: [0, 1, 2] as const };
const tensors = () => runtime.tensorflow().memory().numTensors;

test.before(async () => {
  await runtime.ready();
});

/** Only four of the ten digits have images here, which training refuses: the rest are relabelled copies. */
function withAllClasses({ images, labels, count }: typeof sets.train) {
  return { images, labels: labels.map((label, i) => (i < 40 ? label : i % 10)), count };
}

test("the plane goes through three images of the digits asked for; snapshots are those of the first epoch", async () => {
  const all = { train: withAllClasses(sets.train), test: withAllClasses(sets.test) };
  const before = tensors();
  const found = await experiments.trainOnThreeDigits(
    all,
    { ...config, snapshots: [0, 2] },
    random.generator(1),
  );
  assert.is(tensors(), before);
  assert.equal(found.network.sizes, [784, 8, 10]);
  assert.equal(
    found.snapshots.map(({ batches }) => batches),
    [0, 2],
  );
  assert.equal([...found.snapshots[1].network.layers[0].weights], [...found.network.layers[0].weights]);
  assert.not.equal([...found.snapshots[0].network.layers[0].weights], [...found.network.layers[0].weights]);
  const { origin, directions, points } = found.domain;
  for (const [k, digit] of config.digits.entries()) {
    const at = all.train.labels.indexOf(digit);
    const image = all.train.images.subarray(784 * at, 784 * (at + 1));
    for (let p = 0; p < 784; p++) {
      const there = origin[p] + points[k][0] * directions[0][p] + points[k][1] * directions[1][p];
      assert.ok(Math.abs(there - image[p] / 255) < 1e-9, `digit ${digit}, pixel ${p}`);
    }
  }
});

test("what fails leaves no tensor behind and is named", async () => {
  const before = tensors();
  const refused = (own: object) =>
    experiments.trainOnThreeDigits(sets, { ...config, ...own }, random.generator(1)).then(
      () => "",
      (error: Error) => error.message,
    );
  assert.match(await refused({}), /class 4 has no image among the 120/);
  assert.match(await refused({ digits: [0, 1, 7] }), /no image of the digit 7/);
  assert.is(tensors(), before);
});

test.run();
