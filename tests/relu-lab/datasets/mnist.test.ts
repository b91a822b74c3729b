import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { datasets } from "relu-lab";
import { temporaryFolder, tinyDataset } from "./fixture";

const { loadIdxDataset, loadMnist } = datasets;
const given = process.env.RELU_LAB_DATA;
const quiet = () => {};

test.before.each(() => {
  delete process.env.RELU_LAB_DATA;
  process.env.RELU_LAB_OFFLINE = "1";
});

async function refused(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: Error) => thrown,
  );
  assert.match(error.message, pattern);
}

test("without any other source: the first 10,000 training images, and every word says so", async () => {
  const lines: string[] = [];
  const mnist = await loadMnist({ cache: "/nonexistent", log: (line) => lines.push(line) });
  assert.is(mnist.train.count, 8000);
  assert.is(mnist.test.count, 2000);
  assert.is(mnist.train.images.length, 8000 * 784);
  assert.is(mnist.provenance.source, "embedded");
  assert.match(
    mnist.provenance.description,
    /only the first 10,000 MNIST training images.*8,000 to 9,999 test/,
  );
  assert.is(lines.length, 1);
  assert.equal(mnist.provenance.notes, lines);
  const all = mnist.provenance.counts.trainByClass.map((n, c) => n + mnist.provenance.counts.testByClass[c]);
  assert.equal(all, [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  assert.equal([...mnist.train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
});

const original =
  given &&
  [given, path.join(given, "mnist")].find((f) => fs.existsSync(path.join(f, "train-images-idx3-ubyte.gz")));
if (!original)
  console.log("skipped: MNIST against the original files: RELU_LAB_DATA names no folder with them");
else {
  test("the folder of RELU_LAB_DATA has the full set; the embedded images are its first 10,000", async () => {
    process.env.RELU_LAB_DATA = given;
    const full = await loadMnist({ log: quiet });
    assert.is(full.provenance.source, "folder");
    assert.equal(
      full.provenance.counts.trainByClass,
      [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    );
    assert.equal(full.provenance.counts.testByClass, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    const pixels = full.train.images.reduce((sum, v) => sum + v, 0) / full.train.images.length / 255;
    assert.ok(Math.abs(pixels - 0.13066) < 5e-6, `mean ${pixels}`);
    delete process.env.RELU_LAB_DATA;
    const few = await loadMnist({ cache: "/nonexistent", log: quiet });
    const split = 8000 * 784;
    assert.ok(Buffer.from(few.train.images).equals(full.train.images.subarray(0, split)));
    assert.ok(Buffer.from(few.test.images).equals(full.train.images.subarray(split, 10_000 * 784)));
    assert.equal([...few.train.labels, ...few.test.labels], [...full.train.labels.subarray(0, 10_000)]);
  });
}

const { names, contents, packed, dataset } = tinyDataset(20, 5);
const tiny = dataset([]);

test("a folder is read packed or not, directly or below the data set's name", async () => {
  const folder = temporaryFolder();
  for (const [i, name] of names.entries()) {
    if (i % 2) fs.writeFileSync(path.join(folder, name), contents[i]);
    else fs.writeFileSync(path.join(folder, `${name}.gz`), packed[i]);
  }
  const direct = await loadIdxDataset(tiny, { folder, log: quiet });
  assert.equal([...direct.train.labels], [...gunzipSync(packed[1]).subarray(8)]);
  const outer = temporaryFolder();
  fs.cpSync(folder, path.join(outer, "tiny"), { recursive: true });
  const inner = await loadIdxDataset(tiny, { folder: outer, log: quiet });
  assert.is(inner.provenance.digest, direct.provenance.digest);
  process.env.RELU_LAB_DATA = outer;
  assert.is((await loadIdxDataset(tiny, { log: quiet })).provenance.source, "folder");

  fs.rmSync(path.join(folder, "test-labels"));
  await refused(
    loadIdxDataset(tiny, { folder, log: quiet }),
    /has no test-labels \(nor test-labels.gz\), though it has others/,
  );
  fs.writeFileSync(path.join(folder, "test-labels"), contents[3].subarray(1));
  await refused(
    loadIdxDataset(tiny, { folder, log: quiet }),
    /test-labels is not the published file: SHA-256/,
  );
  fs.rmSync(folder, { recursive: true });
  fs.rmSync(outer, { recursive: true });
});

test("a folder that has not got the data: the caller's is refused, the environment's is told of", async () => {
  const empty = temporaryFolder();
  await refused(
    loadMnist({ folder: empty }),
    /has no train-images-idx3-ubyte\(\.gz\), nor has its folder mnist: name a folder/,
  );
  process.env.RELU_LAB_DATA = path.join(empty, "missing");
  await refused(loadMnist({ log: quiet }), /in RELU_LAB_DATA$/);
  process.env.RELU_LAB_DATA = empty;
  const mnist = await loadMnist({ cache: "/nonexistent", log: quiet });
  assert.is(mnist.provenance.source, "embedded");
  assert.match(mnist.provenance.notes[0], /^RELU_LAB_DATA: .* has no train-images/);
  await refused(
    loadIdxDataset(tiny, { cache: empty, log: quiet }),
    /Tiny is not here \(RELU_LAB_OFFLINE is 1\): set RELU_LAB_DATA/,
  );
  fs.rmSync(empty, { recursive: true });
});

test("images that are not what the record says are refused", async () => {
  const folder = temporaryFolder();
  for (const [i, name] of names.entries()) fs.writeFileSync(path.join(folder, name), contents[i]);
  await refused(
    loadIdxDataset({ ...tiny, rows: 4 }, { folder }),
    /train-images has images of 2 x 2, not 4 x 2/,
  );
  await refused(
    loadIdxDataset({ ...tiny, classes: 2 }, { folder }),
    /train-labels: label \d+ is 2, but Tiny has classes 0 to 1/,
  );
  const swapped = { ...tiny.files, testLabels: tiny.files.trainLabels };
  await refused(
    loadIdxDataset({ ...tiny, files: swapped }, { folder }),
    /test-images has 5 images, but train-labels has 20 labels/,
  );
  fs.rmSync(folder, { recursive: true });
});

test("a damaged file that the cache will not let go is passed over", async () => {
  const cache = temporaryFolder();
  fs.mkdirSync(path.join(cache, "mnist", "train-images-idx3-ubyte.gz"), { recursive: true }); // rm refuses a folder
  const mnist = await loadMnist({ cache, log: quiet });
  assert.is(mnist.provenance.source, "embedded");
  assert.match(mnist.provenance.notes[0], /; passed over$/);
  fs.rmSync(cache, { recursive: true });
});

test("the first images are a view", async () => {
  const mnist = await loadMnist({ cache: "/nonexistent", log: quiet });
  const few = datasets.first(mnist.train, 3);
  assert.is(few.images.buffer, mnist.train.images.buffer);
  assert.equal([few.count, few.images.length, few.labels.length], [3, 3 * 784, 3]);
  assert.is(datasets.first(mnist.train, 60_000).count, 8000);
  assert.throws(() => datasets.first(mnist.train, 0), /first\(0\).* must be a positive integer/);
  assert.throws(
    () => datasets.firstOfEachClass(mnist.train, NaN),
    /firstOfEachClass\(NaN\).* positive integer/,
  );
});

test.run();
