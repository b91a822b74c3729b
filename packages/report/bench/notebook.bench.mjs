// Notebook start-up: from nothing to a kernel that answers, and the first import of both packages in a cell.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Kernel } from "@relu-lab/report";

const cwd = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../notebooks");
const code =
  'import { network } from "relu-lab";\nimport { chart } from "@relu-lab/notebook";\nconsole.log(typeof network, typeof chart);';

async function once() {
  const start = performance.now();
  const kernel = await Kernel.start({ cwd });
  const started = performance.now();
  const reply = await kernel.execute(code, () => {});
  const imported = performance.now();
  await kernel.shutdown();
  if (reply.status !== undefined && reply.status !== "ok")
    throw new Error(`the import failed: ${JSON.stringify(reply)}`);
  return { start: (started - start) / 1000, import: (imported - started) / 1000 };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Rows of the suite: medians of five starts after one that warms the disk's cache. */
export default async function bench() {
  await once();
  const runs = [];
  for (let i = 0; i < 5; i++) runs.push(await once());
  const [start, imports] = [median(runs.map((r) => r.start)), median(runs.map((r) => r.import))];
  return [
    { name: "kernel start", value: start, unit: "s" },
    {
      name: "import relu-lab and @relu-lab/notebook",
      value: imports,
      unit: "s",
      against: start,
      ratio: imports / start,
    },
  ];
}
