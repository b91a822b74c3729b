// npm run bench -- sweep: what worker threads gain when several networks are trained.
import { createRequire } from "node:module";
import os from "node:os";
import { performance } from "node:perf_hooks";

const require = createRequire(import.meta.url);

export default async function bench() {
  const { models, random } = require("relu-lab");
  const g = random.generator("sweep bench");
  const made = (count) => ({
    images: Uint8Array.from({ length: count * 784 }, () => (g.uniform() < 0.19 ? g.integer(256) : 0)),
    labels: Uint8Array.from({ length: count }, () => g.integer(10)),
    count,
  });
  const [trainSet, testSet] = [made(12_000), made(1_000)];
  const runs = [0, 1, 2, 3].map((seed) => ({
    architecture: models.feedforward([128, 10]),
    seed,
    epochs: 16,
  }));
  const workers = os.availableParallelism();
  const seconds = async (count) => {
    const start = performance.now();
    await models.sweep(runs, trainSet, testSet, { workers: count });
    return (performance.now() - start) / 1000;
  };
  await seconds(0); // warms up this thread
  const times = [];
  for (let round = 0; round < 3; round++) times.push([await seconds(0), await seconds(workers)]);
  const median = (i) => times.map((t) => t[i]).sort((a, b) => a - b)[1];
  const [one, many] = [median(0), median(1)];
  return [
    { name: `4 networks, in this thread`, value: one, unit: "s" },
    {
      name: `4 networks, in ${workers} workers (their start included)`,
      value: many,
      unit: "s",
      against: one,
      ratio: many / one,
    },
  ];
}
