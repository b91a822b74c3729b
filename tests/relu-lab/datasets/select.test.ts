import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets, random } from "relu-lab";

const { normalise, oneHot, onlyClasses, pixelStatistics, split } = datasets;
const set = {
  images: Uint8Array.from({ length: 24 }, (_, i) => (i * 11) % 256),
  labels: Uint8Array.of(3, 1, 3, 7, 1, 3),
  count: 6,
};
const image = (s: datasets.LabelledImages, i: number) => [...s.images.subarray(i * 4, i * 4 + 4)].join();

test("pixels are normalised to mean 0 and deviation 1", () => {
  const statistics = pixelStatistics(set);
  const values = normalise(set, statistics);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-5, `${mean} ${variance}`);
  assert.is(normalise(set)[1], Math.fround(11 / 255));
  assert.throws(() => normalise(set, { mean: 0, deviation: 0 }), /the deviation is 0/);
  assert.throws(() => normalise(set, { mean: NaN, deviation: 1 }), /the mean is NaN/);
  assert.throws(() => normalise(set, { mean: 0, deviation: NaN }), /the deviation is NaN/);
  assert.throws(() => pixelStatistics({ ...set, images: new Uint8Array(0), count: 0 }), /empty/);
});

test("one-hot rows have their one at the label", () => {
  assert.equal([...oneHot([1, 0], 3)], [0, 1, 0, 1, 0, 0]);
  assert.throws(() => oneHot([NaN], 3), /label 0 is NaN/);
  assert.throws(() => oneHot([1, 3], 3), /label 1 is 3: with 3 classes it must be 0 to 2/);
});

test("a split is fixed by its generator and loses nothing", () => {
  const [a, b] = split(set, 4, random.generator(1));
  const [again] = split(set, 4, random.generator(1));
  assert.equal([...a.images], [...again.images]);
  const all = (s: datasets.LabelledImages) =>
    Array.from({ length: s.count }, (_, i) => `${s.labels[i]}:${image(s, i)}`);
  assert.equal([...all(a), ...all(b)].sort(), all(set).sort());
  assert.throws(() => split(set, 6, random.generator(1)), /6 of 6 images: both parts need at least one/);
});

test("a subset of classes is relabelled in the order given; an empty class is named", () => {
  const some = onlyClasses(set, [7, 3]);
  assert.equal([...some.labels], [1, 1, 0, 1]);
  assert.equal(
    [0, 1, 2, 3].map((i) => image(some, i)),
    [0, 2, 3, 5].map((i) => image(set, i)),
  );
  assert.throws(() => onlyClasses(set, [3, 5]), /no image of class 5/);
  assert.throws(() => onlyClasses(set, [3, 3]), /named twice/);
  assert.throws(() => onlyClasses(set, []), /no class is named/);
});

test.run();
