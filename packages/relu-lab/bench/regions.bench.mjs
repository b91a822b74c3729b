// The plane engine: regions a second, certified against not, enumeration against counting, cost by width and depth.
import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { network, random, regions } from "relu-lab";

const box = { lo: [-1, -1], hi: [1, 1] };
const he = (hidden, seed = 1) => network.heNetwork([2, ...hidden, 1], random.generator(`bench ${seed}`), 0.1);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/**
 * Median of several runs after one that warms up, in seconds of processor time: other programs on the machine
 * then disturb a figure of one thread less. And the last result.
 */
function time(run, repeats = 5) {
  let result = run();
  const seconds = [];
  for (let i = 0; i < repeats; i++) {
    const start = process.cpuUsage();
    result = run();
    const { user, system } = process.cpuUsage(start); // the system's part: pages of the result that are touched first
    seconds.push((user + system) / 1e6);
  }
  return { seconds: median(seconds), result };
}

/** The same by the clock, for runs on several threads. */
async function timeAsync(run, repeats = 5) {
  let result = await run();
  const seconds = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    result = await run();
    seconds.push((performance.now() - start) / 1000);
  }
  return { seconds: median(seconds), result };
}

function halfZeroOutputs(hidden) {
  const specs = he(hidden).specs();
  const output = specs[specs.length - 1].W;
  for (let i = 0; i < output.length; i += 2) output[i] = 0;
  return network.ReluNetwork.of(specs);
}

/** Peak resident memory, in MiB, of a process that does one thing. */
function peakMemory(call, hidden) {
  const script = `import * as fs from "node:fs";
    import { network, random, regions } from "relu-lab";
    const net = network.heNetwork([2, ${hidden}, 1], random.generator("bench 1"), 0.1);
    ${call}(net, { lo: [-1, -1], hi: [1, 1] }${call.includes("visit") ? ", () => {}" : ""});
    // Linux hands a large parent's maxRSS down to its children; VmHWM starts afresh.
    const status = fs.existsSync("/proc/self/status") ? fs.readFileSync("/proc/self/status", "utf8") : "";
    const kib = Number(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
    console.log(kib / 1024);`;
  const options = { cwd: path.dirname(fileURLToPath(import.meta.url)), encoding: "utf8" };
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], options));
}

const table = [
  { hidden: [64, 64, 64], must: 3e6, mostEnumeration: 2.2, repeats: 31 },
  { hidden: [128, 128, 128], must: 3e6, mostEnumeration: 2.2, repeats: 11 },
  { hidden: [256, 256, 256, 256], must: 1.2e6, mostEnumeration: 1.7, repeats: 5 },
];

export default async function bench() {
  const rows = [];
  const add = (name, value, unit, against) =>
    rows.push({ name, value, unit, against, ratio: against === undefined ? undefined : value / against });
  const cores = Math.min(2, (await import("node:os")).availableParallelism());
  for (const { hidden, must, mostEnumeration, repeats } of table) {
    const name = `2-${hidden.join("-")}-1`;
    const net = he(hidden);
    const plain = time(() => regions.countPlaneSync(net, box, { certified: false }), repeats);
    const count = time(() => regions.countPlaneSync(net, box), repeats);
    const both = await timeAsync(() => regions.countPlane(net, box, { workers: cores }), repeats);
    const n = count.result.regions;
    add(`${name}: regions`, n, "regions");
    add(`${name}: count, ${cores} threads`, n / both.seconds, "regions/s", must);
    add(`${name}: count, 1 thread`, n / count.seconds, "regions/s");
    add(`${name}: certified over uncertified rate`, plain.seconds / count.seconds, "times", 0.8);
    add(`${name}: fallbacks`, count.result.fallbacks, "signs");
    const polygons = time(() => regions.planeSync(net, box, { maps: false }), repeats);
    const maps = time(() => regions.planeSync(net, box, { linear: false }), repeats);
    const linear = time(() => regions.planeSync(net, box), repeats);
    add(
      `${name}: polygons, patterns, areas, adjacency over count`,
      polygons.seconds / count.seconds,
      "times",
    );
    add(`${name}: the same with maps over count`, maps.seconds / count.seconds, "times", mostEnumeration);
    add(`${name}: linear regions over enumeration`, linear.seconds / maps.seconds, "times", 1.15);
    const pair = await timeAsync(() => regions.plane(net, box, { workers: cores, linear: false }), repeats);
    const merged = await timeAsync(() => regions.plane(net, box, { workers: cores }), repeats);
    add(
      `${name}: the same with maps over count, ${cores} threads`,
      pair.seconds / both.seconds,
      "times",
      mostEnumeration,
    );
    add(
      `${name}: linear regions over enumeration, ${cores} threads`,
      merged.seconds / pair.seconds,
      "times",
      1.15,
    );
  }
  const zero = halfZeroOutputs([64, 64, 64]);
  const zeroMaps = time(() => regions.planeSync(zero, box, { linear: false }), 15);
  const zeroLinear = time(() => regions.planeSync(zero, box), 15);
  add(
    "half the output weights zero: linear regions over enumeration",
    zeroLinear.seconds / zeroMaps.seconds,
    "times",
    3,
  );
  for (const width of [32, 64, 128, 256, 512]) {
    const { seconds, result } = time(() => regions.countPlaneSync(he([width, width]), box), 3);
    add(`width ${width}, 2 layers: microseconds a region`, (seconds / result.regions) * 1e6, "us");
  }
  for (const depth of [1, 2, 3, 4, 6, 8]) {
    const net = he(new Array(depth).fill(64));
    const { seconds, result } = time(() => regions.countPlaneSync(net, box), 3);
    add(`depth ${depth}, width 64: microseconds a region`, (seconds / result.regions) * 1e6, "us");
  }
  const large = table[table.length - 1].hidden;
  for (const call of [
    "await regions.countPlane",
    "await regions.visitPlane",
    "regions.planeSync",
    "await regions.plane",
  ]) {
    add(`${call}, 2-${large.join("-")}-1: peak memory of the process`, peakMemory(call, large), "MiB", 300);
  }
  return rows;
}
