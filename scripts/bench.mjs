// npm run bench [-- SUITE ...] [--json]: runs the benchmark suites of packages/*/bench and prints their rows.
// A suite is a module `NAME.bench.mjs` whose default export is an async function that returns rows
// { name, value, unit, against, ratio }: value measured, `against` the compared figure in the same unit, ratio = value / against.
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root, run, setup } from "./setup.mjs";

function suites() {
  const found = new Map();
  for (const name of fs.readdirSync(path.join(root, "packages")).sort()) {
    const folder = path.join(root, "packages", name, "bench");
    if (!fs.existsSync(folder)) continue;
    for (const file of fs.readdirSync(folder).sort()) {
      if (file.endsWith(".bench.mjs"))
        found.set(file.slice(0, -".bench.mjs".length), path.join(folder, file));
    }
  }
  return found;
}

await run(async (args) => {
  const json = args.includes("--json");
  const wanted = args.filter((a) => a !== "--json");
  const known = suites();
  for (const name of wanted) {
    if (!known.has(name)) throw new Error(`no suite "${name}": there are ${[...known.keys()].join(", ")}`);
  }
  await setup();
  const rows = [];
  for (const [suite, file] of known) {
    if (wanted.length > 0 && !wanted.includes(suite)) continue;
    process.stderr.write(`bench: ${suite} ...\n`);
    const { default: bench } = await import(pathToFileURL(file));
    for (const row of await bench()) {
      rows.push({
        suite,
        name: row.name,
        value: row.value,
        unit: row.unit,
        against: row.against ?? null,
        ratio: row.ratio ?? null,
      });
    }
  }
  const machine = {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    node: process.version,
  };
  if (json) return void console.log(JSON.stringify({ machine, rows }, null, 2));
  const short = (v) => (typeof v === "number" ? Number(v.toPrecision(4)) : v);
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  console.table(
    rows.map((row) => ({
      ...row,
      value: short(row.value),
      against: short(row.against),
      ratio: short(row.ratio),
    })),
  );
});
