/// <reference lib="dom" />
// The notebooks as JupyterLab runs and shows them: its services drive a Jupyter server with our kernel through all of them,
// and its notebook, rendermime and vega extension show what came out in Chromium.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import {
  findSections,
  findTrace,
  OutputCollector,
  readNotebook,
  type Cell,
  type Message,
  type Notebook,
  type Output,
} from "@relu-lab/report";
import { launchBrowser, visit } from "../report/browser";
import { haveDebian } from "./debian";
import { labPage } from "./lab-bundle";
import { LabKernel } from "./lab-kernel";
import { jupyterLabParts } from "./parts";
import { startServer, type Server } from "./server";

interface LabWindow {
  lab: {
    notebook(content: object): void;
    outputs(messages: object[]): Promise<{ counts: number[]; text: string }>;
    faintTexts(content: object): Promise<object[]>;
  };
}

const folder = path.join(__dirname, "../../notebooks");
const parts = haveDebian("jupyter-server", "jupyter-kernelspec") ? jupyterLabParts() : null;
const executed = new Map<string, Notebook>();
let server: Server;
let browser: Browser | null = null;
let page: (theme: "light" | "dark") => string;

const open = (name: string) =>
  LabKernel.open(parts!.require("@jupyterlab/services"), server, `${name}.ipynb`);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test.before(async () => {
  if (!parts) return;
  server = await startServer("jupyter-server", folder);
  browser = await launchBrowser();
  page = await labPage(parts);
});
test.after(async () => {
  await browser?.close();
  await server?.stop();
  // JupyterLab's services keep timers and esbuild keeps a process: neither would ever let this one end.
  setTimeout(() => process.exit(), 2000).unref();
});

/** Runs one cell; its outputs are put into it. */
async function runCell(kernel: LabKernel, cell: Cell, collector: OutputCollector): Promise<void> {
  const outputs: Output[] = [];
  const { status, count } = await kernel.execute(cell.source, (message) => collector.take(message, outputs));
  cell.outputs = outputs;
  cell.execution_count = count;
  assert.is(findTrace(status, cell, outputs), null, cell.id);
}

const charts = (notebook: Notebook) =>
  notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter((output) => "data" in output && "application/vnd.vegalite.v5+json" in output.data).length;

function testNotebooks(): void {
  for (const { name, file } of findSections(folder)) {
    test(`${name} runs top to bottom from a fresh kernel, and again from the middle`, async () => {
      const kernel = await open(name);
      const notebook = readNotebook(file);
      const collector = new OutputCollector();
      const code = notebook.cells.filter((cell) => cell.cell_type === "code");
      for (const cell of code) await runCell(kernel, cell, collector);
      executed.set(name, structuredClone(notebook));
      // Cells may be run again in any place: names are declared anew, results come from the store.
      const again = [code[0], code[1], ...code.slice(-2)];
      for (const cell of again) await runCell(kernel, cell, collector);
      await kernel.close();
    });

    test(`${name}: JupyterLab draws its outputs in both themes and complains of nothing`, async () => {
      if (!browser) return;
      const notebook = executed.get(name)!;
      for (const theme of ["light", "dark"] as const) {
        const visited = await visit(browser, page(theme));
        await visited.page.evaluate(
          (content) => (window as unknown as LabWindow).lab.notebook(content),
          notebook as object,
        );
        const drawn = visited.page.locator(".jp-RenderedVegaLite canvas, .jp-RenderedVegaLite svg.marks");
        for (let i = 0; i < 100 && (await drawn.count()) < charts(notebook); i++) await pause(100);
        assert.is(await drawn.count(), charts(notebook), "a chart is not drawn");
        // What a notebook without any output makes yjs say is JupyterLab's own affair.
        assert.equal(
          visited.complaints.filter((text) => !/yjs/i.test(text)),
          [],
        );
        assert.equal(
          visited.requests.filter((url) => !/\/lab\.(js|css)$/.test(url)),
          [],
        );
        assert.is(
          await visited.page.locator(".jp-OutputArea-output.jp-RenderedText[data-mime-type*=stderr]").count(),
          0,
        );
        await visited.page.context().close();
      }
    });
  }

  test("in the dark theme every letter of a chart stands out from its ground", async () => {
    if (!browser) return;
    assert.ok(executed.size > 0, "no notebook ran");
    const { page: dark } = await visit(browser, page("dark"));
    for (const [name, notebook] of executed) {
      const faint = await dark.evaluate(
        (content) => (window as unknown as LabWindow).lab.faintTexts(content),
        notebook as object,
      );
      assert.equal(faint, [], name);
    }
    await dark.context().close();
  });
}

function testSession(): void {
  let kernel: LabKernel;
  test("a session starts with the kernel of this checkout", async () => {
    kernel = await open("session");
    const { implementation, language_info } = await kernel.connection.info;
    assert.equal([implementation, language_info.name], ["tslab", "typescript"]);
    assert.is((await kernel.execute('import { regions, sawtooth } from "relu-lab";')).status, "ok");
  });

  test("completion and tooltips know the package, its arguments and its words", async () => {
    const { matches } = (await kernel.connection.requestComplete({ code: "regions.", cursor_pos: 8 }))
      .content;
    for (const name of ["segment", "plane", "countPlane"]) assert.ok(matches.includes(name), name);
    const code = "regions.segment(sawtooth.sawtoothNetwork(3), [0], [1])";
    const { found, data } = (
      await kernel.connection.requestInspect({ code, cursor_pos: 12, detail_level: 0 })
    ).content;
    assert.ok(found);
    assert.match(data["text/plain"], /segment\(network: .*ReluNetwork, from: ArrayLike<number>/);
    assert.match(data["text/plain"], "The exact pieces of a network along a line segment");
    const { status } = (await kernel.connection.requestIsComplete({ code: "for (;;) {" })).content;
    assert.is(status, "incomplete");
  });

  test("a progress bar is one output that changes, then one line", async () => {
    const { messages } = await kernel.execute(`import { progress } from "@relu-lab/notebook";
const bar = progress(300, { label: "steps" });
for (let i = 1; i <= 300; i++) { bar.update(i); await new Promise((done) => setTimeout(done, 5)); }
bar.done();
console.log("after");`);
    const kinds = messages.map((message: Message) => message.header.msg_type);
    assert.is(kinds.filter((kind) => kind === "display_data").length, 1);
    assert.ok(kinds.filter((kind) => kind === "update_display_data").length <= 60);
    if (!browser) return;
    const { page: live } = await visit(browser, page("light"));
    const area = await live.evaluate(
      (given) => (window as unknown as LabWindow).lab.outputs(given),
      messages as object[],
    );
    assert.is(Math.max(...area.counts), 2);
    assert.match(area.text, /^\s*steps: 300 in .*\s+after\s*$/);
    await live.context().close();
  });

  const stopped = async (code: string, after: number) => {
    const running = kernel.execute(code);
    await pause(after);
    const start = Date.now();
    await kernel.connection.interrupt();
    const { status, text } = await running;
    assert.is(status, "error", code);
    assert.match(text, /[Ii]nterrupted/);
    assert.ok(Date.now() - start < 5000, `${code}: stopped after ${Date.now() - start} ms`);
    await pause(400); // tslab refuses work for 200 ms after an error
    assert.is((await kernel.execute("console.log(6 * 7)")).text, "42\n");
  };

  test("the stop button stops loops, waiting and long experiments, and what these had started", async () => {
    await stopped("while (true) {}", 1000);
    await stopped("await new Promise(() => {})", 1000);
    await kernel.execute('import { experiments, results } from "relu-lab"; let told = 0;');
    await stopped(
      `await results.run(experiments.relearning, experiments.relearningFrom("deviation"),
         { trials: 5000, seed: "interrupt", keep: false, onProgress: (n) => { told = n; } })`,
      5000,
    );
    const told = async () => (await kernel.execute("console.log(told)")).text;
    const first = await told();
    await pause(3000);
    assert.is(await told(), first, "the experiment goes on behind the cell's back");
  });

  test("a restart forgets all, and the kernel works again", async () => {
    await kernel.execute("const before = 1;");
    await kernel.connection.restart();
    await kernel.connection.info;
    assert.match((await kernel.execute("console.log(before)")).text, "Cannot find name 'before'");
    await pause(400);
    assert.is((await kernel.execute("const before = 2; console.log(before)")).text, "2\n");
    await kernel.close();
  });
}

if (parts) {
  testSession();
  testNotebooks();
} else test.skip("JupyterLab", () => {});

test.run();
