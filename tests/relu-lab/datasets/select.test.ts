import * as fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets, random } from "relu-lab";
import { temporaryFolder } from "./fixture";

const { fashionMnistDataset, loadIdxDataset, normalise, oneHot, onlyClasses, pixelStatistics, split } =
  datasets;
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

test("Fashion-MNIST goes through the same loader, checked by the digests of its packed files", async () => {
  const folder = temporaryFolder();
  const header = (...extents: number[]) => [
    0,
    0,
    8,
    extents.length,
    ...extents.flatMap((n) => [0, 0, n >> 8, n & 255]),
  ];
  const contents = {
    trainImages: [...header(2, 28, 28), ...new Array<number>(1568).fill(7)],
    trainLabels: [...header(2), 9, 0],
    testImages: [...header(1, 28, 28), ...new Array<number>(784).fill(1)],
    testLabels: [...header(1), 5],
  };
  const files = { ...fashionMnistDataset.files };
  fs.mkdirSync(path.join(folder, "fashion-mnist"));
  for (const [part, numbers] of Object.entries(contents) as [datasets.PartName, number[]][]) {
    const packed = gzipSync(Uint8Array.from(numbers));
    fs.writeFileSync(path.join(folder, "fashion-mnist", `${files[part].name}.gz`), packed);
    files[part] = { ...files[part], sha256: createHash("sha256").update(packed).digest("hex") };
  }
  const stand = { ...fashionMnistDataset, files };
  const { train, test: held, provenance } = await loadIdxDataset(stand, { folder });
  assert.equal([train.count, held.count, ...train.labels, ...held.labels], [2, 1, 9, 0, 5]);
  assert.match(provenance.description, /the full Fashion-MNIST set/);
  const refused = (dataset: datasets.IdxDataset) =>
    loadIdxDataset(dataset, { folder }).then(
      () => "",
      (error: Error) => error.message,
    );
  assert.match(await refused(fashionMnistDataset), /is not the published file/);
  const name = path.join(folder, "fashion-mnist", files.testLabels.name);
  fs.writeFileSync(name, Uint8Array.from(contents.testLabels));
  assert.match(await refused(stand), /is unpacked, but only .*\.gz can be checked: keep it packed/);
  fs.rmSync(folder, { recursive: true });
});

test.run();
