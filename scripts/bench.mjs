// npm run bench [-- SUITE ...] [--json] [--save]: runs the benchmark suites of packages/*/bench and prints their rows;
// --save keeps them in data/bench.json too, with machine, load, date and commit, from where npm run readme takes them.
// A suite is a module `NAME.bench.mjs` whose default export is an async function that returns rows
// { name, value, unit, against, ratio }: value measured, `against` the compared figure in the same unit, ratio = value / against.
import * as fs from "node:fs";
import { createRequire } from "node:module";
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

/** Puts the rows of some suites in place of those kept before. */
function save(kept) {
  const file = path.join(root, "data/bench.json");
  const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
  const all = Object.entries({ ...before, ...kept }).sort(([a], [b]) => (a < b ? -1 : 1));
  fs.writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  fs.renameSync(`${file}.${process.pid}`, file);
}

await run(async (args) => {
  const [json, keep] = ["--json", "--save"].map((flag) => args.includes(flag));
  const wanted = args.filter((a) => !["--json", "--save"].includes(a));
  const known = suites();
  for (const name of wanted) {
    if (!known.has(name)) throw new Error(`no suite "${name}": there are ${[...known.keys()].join(", ")}`);
  }
  await setup();
  const { commitOf } = createRequire(import.meta.url)(path.join(root, "packages/report/dist/run/commit.js"));
  const machine = {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    node: process.version,
  };
  const commit = commitOf(root); // before --save changes a file
  const rows = [];
  for (const [suite, file] of known) {
    if (wanted.length > 0 && !wanted.includes(suite)) continue;
    process.stderr.write(`bench: ${suite} ...\n`);
    const [load] = os.loadavg();
    const { default: bench } = await import(pathToFileURL(file));
    const first = rows.length;
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
    if (!keep) continue;
    const measured = rows.slice(first).map(({ suite: _, ...row }) => row);
    const date = new Date().toISOString().slice(0, 10);
    save({
      [suite]: { machine, load: Number(load.toFixed(2)), date, commit, rows: measured },
    });
  }
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
