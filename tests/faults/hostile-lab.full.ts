/// <reference lib="dom" />
// Networks, notebooks and data whose names and texts are HTML and script, as JupyterLab's own parts show them in Chromium.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Browser } from "playwright-core";
import { chartMessage } from "@relu-lab/notebook";
import { claimsBundle } from "../../packages/notebook/src/claims";
import { tableBundle } from "../../packages/notebook/src/table";
import { launchBrowser, visit } from "../report/browser";
import { notebookOf } from "../report/fixtures";
import { labPage } from "../jupyter/lab-bundle";
import { jupyterLabParts } from "../jupyter/parts";
import { everything, harmlessPage, payloads, ran } from "./payloads";

interface LabWindow {
  lab: { notebook(content: object, trusted?: boolean): void };
}

const parts = jupyterLabParts();
let browser: Browser | null = null;
let page: Awaited<ReturnType<typeof labPage>>;
test.before(async () => {
  if (!parts) return;
  browser = await launchBrowser();
  page = await labPage(parts);
});
test.after(async () => {
  await browser?.close();
  setTimeout(() => process.exit(), 1000).unref(); // esbuild keeps a process
});

const shown = (data: object, metadata: object = {}) => ({ output_type: "display_data", data, metadata });

/** A page with a cell for each list of outputs. */
async function show(cells: object[][], trusted: boolean, markdown: string) {
  const visited = await visit(browser!, page("light"));
  const notebook = notebookOf([`# ${markdown}`, ...cells.map(() => "1")]);
  cells.forEach((outputs, i) => (notebook.cells[i + 1].outputs = outputs as never));
  await visited.page.evaluate(
    ([content, trust]) => (window as unknown as LabWindow).lab.notebook(content as object, trust as boolean),
    [notebook, trusted] as const,
  );
  const charts = cells
    .flat()
    .filter((output) => JSON.stringify(output).includes('"application/vnd.vegalite.v5+json"')).length;
  const drawn = visited.page.locator(".jp-RenderedVegaLite canvas");
  for (let i = 0; i < 100 && (await drawn.count()) < charts; i++) await visited.page.waitForTimeout(100);
  assert.is(await drawn.count(), charts);
  visited.complaints = visited.complaints.filter((text) => !/yjs/i.test(text)); // JupyterLab's own affair
  return visited;
}
const own = /\/lab\.(js|css)$/;

test("the texts do run where nothing is done about them", async () => {
  if (!browser) return;
  const visited = await show([[shown({ "text/html": everything })]], true, "A network");
  await visited.page.waitForTimeout(500);
  // The page itself is led away by then.
  assert.ok(
    visited.requests.includes("http://evil.example/script"),
    "JupyterLab runs what a trusted output holds",
  );
  await visited.page.context().close();
});

test("what the notebook package makes of hostile names, in a notebook that is trusted", async () => {
  if (!browser) return;
  const cells = payloads.map((text) => {
    const said = `a ${text}`;
    const claim = {
      id: "a/b",
      statement: said,
      source: said,
      expected: said,
      measured: said,
      rule: said,
      holds: true,
    };
    const { data, metadata } = chartMessage(
      {
        data: { values: [{ x: 1, y: 2, name: text }] },
        mark: { type: "point", size: 1e5, filled: true, tooltip: { content: "data" } },
        encoding: {
          x: { field: "x", type: "nominal", title: text },
          y: { field: "y", type: "nominal", title: text },
          color: { field: "name", type: "nominal", title: text },
        },
      },
      { title: text, caption: text, alt: text },
    );
    return [
      shown(claimsBundle([claim], { data: text })),
      shown(tableBundle([{ [text]: text, n: 1 }], { caption: text })),
      shown(data, metadata),
      { output_type: "stream", name: "stdout", text },
    ];
  });
  const visited = await show(cells, true, "A network");
  let tooltips = 0;
  for (const canvas of await visited.page.locator(".jp-RenderedVegaLite canvas").all()) {
    const { width, height } = (await canvas.boundingBox())!;
    const tooltip = visited.page.locator("#vg-tooltip-element.visible");
    for (let at = 0.1; at < 1 && (await tooltip.count()) === 0; at += 0.1)
      await canvas.hover({ position: { x: Math.min(at * width, 300), y: at * height } });
    tooltips += await tooltip.count();
    await visited.page.mouse.move(0, 0);
  }
  assert.ok(tooltips > payloads.length / 2, `${tooltips} tooltips are shown`);
  await harmlessPage(visited, own);
  await visited.page.context().close();
});

test("a hostile notebook that is opened, not run: JupyterLab cleans its texts and outputs", async () => {
  if (!browser) return;
  const types = [
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
    "image/svg+xml",
    "application/javascript",
  ];
  const outputs = types.map((type) => shown({ [type]: everything, "text/plain": everything }));
  const visited = await show([outputs], false, everything.replace(/\n/g, " "));
  await visited.page.waitForTimeout(500);
  assert.is(await ran(visited.page), undefined);
  assert.equal(
    visited.requests.filter((url) => /evil\.example\/script/.test(url)),
    [],
  );
  await visited.page.context().close();
});

test.run();
