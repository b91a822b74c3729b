// The SVD classifier on MNIST (the full set where it is, else its first 10,000 images): fit and evaluation.
import { createRequire } from "node:module";
import os from "node:os";
import { performance } from "node:perf_hooks";

const { datasets, models } = createRequire(import.meta.url)("relu-lab");

async function median(repeats, work) {
  const seconds = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[repeats >> 1];
}

export default async function svdBench() {
  const { train, test } = await datasets.loadMnist({ log: (line) => process.stderr.write(`${line}\n`) });
  const workers = os.availableParallelism();
  const rows = [];
  for (const columns of [60, 200]) {
    const fit = (threads) => models.fitSvd(train.images, train.labels, { columns, workers: threads });
    const one = await median(3, () => fit(1));
    const all = await median(3, () => fit(workers));
    const name = `fit, ${train.count} images, ${columns} columns`;
    rows.push({ name: `${name}, 1 thread`, value: one, unit: "s" });
    rows.push({ name: `${name}, ${workers} threads`, value: all, unit: "s", against: one, ratio: all / one });
  }
  const svd = await models.fitSvd(train.images, train.labels, { columns: 60 });
  const evaluation = await median(3, () => svd.accuracyByColumns(test.images, test.labels));
  rows.push({ name: `accuracy for 1 to 60 columns, ${test.count} images`, value: evaluation, unit: "s" });
  return rows;
}
