// A long session: RELU_LAB_CELLS (2,000) cells and RELU_LAB_CHARTS (500) charts in one kernel. What stays behind is
// measured in the kernel itself: memory after a collection, tensors, listeners of the process, handles and threads.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as path from "node:path";
import { Kernel, type Message } from "@relu-lab/report";

const cells = Number(process.env.RELU_LAB_CELLS ?? 2000);
const charts = Number(process.env.RELU_LAB_CHARTS ?? 500);
let kernel: Kernel;

async function run(code: string): Promise<string> {
  const messages: Message[] = [];
  const reply = await kernel.execute(code, (message) => messages.push(message));
  const text = messages.map((message) => String(message.content.text ?? "")).join("");
  assert.is(reply.status, "ok", text);
  return text;
}

/** What is alive in the kernel, memory in MiB. */
interface Alive {
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
  readonly tensors: number;
  readonly listeners: number;
  readonly handles: number;
  readonly threads: number;
}

async function alive(): Promise<Alive> {
  return JSON.parse(await run("measure();")) as Alive;
}

const words = ({ heap, external, resident, tensors, listeners, handles, threads }: Alive) =>
  `heap ${heap.toFixed(0)}, external ${external.toFixed(0)}, resident ${resident.toFixed(0)} MiB, ` +
  `${tensors} tensors, ${listeners} listeners, ${handles} handles, ${threads} threads`;

function same(before: Alive, after: Alive): void {
  for (const what of ["tensors", "listeners", "handles", "threads"] as const)
    assert.ok(after[what] <= before[what], `${what}: ${before[what]}, then ${after[what]}`);
}

test.before(async () => {
  kernel = await Kernel.start({ cwd: path.join(__dirname, "../..") });
  await run(
    'import { network, random, regions, results, runtime } from "relu-lab"; import { chart, table } from "@relu-lab/notebook";',
  );
  await run("await runtime.ready();");
  await run(`
const collect = (() => { require("v8").setFlagsFromString("--expose-gc"); return require("vm").runInNewContext("gc"); })();
const measure = () => {
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const p: any = process;
  const threads = Number(/Threads:\\s+(\\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1]);
  console.log(JSON.stringify({ heap: heapUsed / 2 ** 20, external: external / 2 ** 20, resident: rss / 2 ** 20,
    tensors: runtime.tensorflow().memory().numTensors, handles: p._getActiveHandles().length, threads,
    listeners: p.eventNames().reduce((sum, name) => sum + p.listenerCount(name), 0) }));
};`);
});
test.after(() => kernel.shutdown());

/** What students' cells do: declare, count, train a step, draw a table. Names come again as when a cell is run again. */
const cellOf = (i: number) => `
const net${i % 20} = network.heNetwork([2, 8, 8, 1], random.generator(${i}), 0.1);
const found${i % 20} = regions.planeSync(net${i % 20}, { lo: [-1, -1], hi: [1, 1] });
const sum${i % 20} = runtime.tensorflow().tidy(() => runtime.tensorflow().ones([50, 50]).sum().dataSync()[0]);
table([{ i: ${i}, regions: found${i % 20}.count, sum: sum${i % 20} }]);`;

const chartOf = (i: number) => `
chart({ mark: "line", description: "a wave", data: { values: Array.from({ length: 200 }, (_, x) => ({ x, y: Math.sin(x / ${i + 1}) })) },
  encoding: { x: { field: "x", type: "quantitative", title: "x" }, y: { field: "y", type: "quantitative", title: "y" } } });
`;

/** Runs so many of a thing and asserts that each, after the first ones, leaves less than a bound of KiB behind. */
async function staysFlat(
  what: string,
  count: number,
  first: number,
  bound: number,
  codeOf: (i: number) => string,
): Promise<void> {
  const warm = Math.min(first, Math.ceil(count / 4));
  for (let i = 0; i < warm; i++) await run(codeOf(i));
  const before = await alive();
  console.log(`note: after ${warm} ${what}s: ${words(before)}`);
  for (let i = warm; i < count; i++) await run(codeOf(i));
  const after = await alive();
  console.log(`note: after ${count} ${what}s: ${words(after)}`);
  same(before, after);
  const each = ((after.heap + after.external - before.heap - before.external) / (count - warm)) * 1024;
  console.log(`note: ${each.toFixed(1)} KiB of heap a ${what}`);
  assert.ok(each < bound, `${each} KiB a ${what}`);
}

test(`${cells} cells in one kernel`, () => staysFlat("cell", cells, 100, 40, cellOf));

test(`${charts} charts in one notebook`, () => staysFlat("chart", charts, 50, 100, chartOf));

test.run();
