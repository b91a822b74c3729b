/// <reference lib="dom" />
// A hostile notebook's page, the first page, its search and the explorer in Chromium: nothing runs, nothing is asked for.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser, Page } from "playwright-core";
import { findSections, Progress, writeSite } from "@relu-lab/report";
import { claimsBundle } from "../../packages/notebook/src/claims";
import { tableBundle } from "../../packages/notebook/src/table";
import { launchBrowser, visit } from "../report/browser";
import { eventually, executedText, notebookOf, repositoryWith } from "../report/fixtures";
import { pixel } from "../report/site/example";
import { everything, harmlessPage, payloads, ran } from "./payloads";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());

const oneLine = everything.replace(/\n/g, " ");
const chart = {
  title: { text: everything, subtitle: [everything] },
  description: everything,
  data: { values: payloads.map((name, x) => ({ x, y: 1, name, [name]: name })) },
  mark: { type: "point", size: 4000, filled: true, tooltip: { content: "data" } },
  encoding: {
    x: { field: "x", type: "quantitative", title: everything },
    y: { field: "y", type: "quantitative", title: "y" },
    color: { field: "name", type: "nominal", title: everything },
  },
};

/**
 * A chart whose expression hands a function of the page to vega's own `modify`, as CVE-2025-66648 has it (open in vega 5),
 * with a text for it to run.
 */
const program = {
  data: { name: "rows", values: [["top.ran = 1"]] },
  params: [{ name: "over", select: { type: "point", on: "pointermove[modify('rows', null, null, event.view.setTimeout, 'a')]" } }], // prettier-ignore
  mark: { type: "square", size: 40_000, opacity: 1 },
};

/** A report of one hostile notebook, as if it had been run and had failed; its folder. */
function hostileReport(shown: object = chart): string {
  const notebook = notebookOf([`# 1. A title ${oneLine}\n\nA summary ${oneLine}`, { source: `const seed = ${JSON.stringify(everything)};`, tags: ["parameters"] }, `## A heading ${oneLine}\n\n${payloads.join("\n\n")}\n\n| a |\n|---|\n| ${oneLine.replace(/\|/g, "")} |`, "shown"]); // prettier-ignore
  const said = `a ${everything}`;
  const claim = { id: "a/b", statement: said, source: said, expected: said, measured: said, rule: said, holds: true }; // prettier-ignore
  const of = (data: object, metadata: object = {}) => ({ output_type: "display_data", data, metadata });
  const types = ["text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "application/json", "application/javascript", everything]; // prettier-ignore
  notebook.cells[3].outputs = [
    of({ "application/vnd.vegalite.v5+json": shown, "image/png": pixel, "text/plain": everything }),
    of(claimsBundle([claim], { data: everything, seed: everything })),
    of(tableBundle([{ [everything]: everything, n: 1 }], { caption: everything })),
    ...types.map((type) => of({ [type]: everything, "text/plain": everything })),
    { output_type: "stream", name: "stdout", text: everything },
    { output_type: "error", ename: everything, evalue: everything, traceback: [everything] },
  ] as never;
  const root = repositoryWith({ "01-hostile": notebook });
  const out = path.join(root, "report");
  fs.mkdirSync(out);
  const text = executedText(notebook, {
    status: "failed",
    profile: everything,
    set: { [everything]: everything },
    failure: { kind: "error", cell: 4, id: everything, source: everything, trace: everything },
    commit: everything,
    versions: { [everything]: everything },
  });
  fs.writeFileSync(path.join(out, "01-hostile.ipynb"), text);
  const site = { title: everything, question: oneLine, introduction: everything, explorer: true };
  const progress = new Progress();
  writeSite({ all: findSections(path.join(root, "notebooks")), out, site, progress });
  progress.close();
  return out;
}

async function search(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLButtonElement>("button.open-search")!.click());
  for (const words of ["script", "title", everything]) {
    await page.waitForSelector("dialog.search[data-ready]");
    await page.locator("dialog.search input").fill(words);
    await page.waitForTimeout(150);
    if (words !== everything) assert.ok((await page.locator("dialog.search .results li").count()) > 0, words);
  }
  await page.keyboard.press("Escape");
}

test("a hostile notebook's page, the first page and their search", async () => {
  if (!browser) return;
  const out = hostileReport();
  for (const file of ["01-hostile.html", "index.html", "explorer.html"]) {
    const visited = await visit(browser, path.join(out, file), { colorScheme: "dark" });
    const { page } = visited;
    await search(page);
    if (file === "01-hostile.html") {
      const points = page.locator("figure svg .mark-symbol.role-mark path");
      assert.is(await points.count(), payloads.length, "the chart is drawn");
      for (const point of (await points.all()).slice(0, 12)) await point.hover({ force: true });
    }
    await harmlessPage(visited);
    assert.is(page.url().split("/").pop()!.split("#")[0], file, "nothing leads away");
    await page.context().close();
  }
});

test("a chart's expression that hands the page's functions about runs no program", async () => {
  if (!browser) return;
  const { page } = await visit(browser, path.join(hostileReport(program), "01-hostile.html"));
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.locator("figure svg .mark-symbol.role-mark path").hover({ force: true });
  await eventually("vega refuses", () => said.some((text) => /Prevented .* member "setTimeout"/.test(text)));
  assert.is(await ran(page), undefined);
  await page.context().close();
});

test("the pages' content security policy is in force", async () => {
  if (!browser) return;
  const out = hostileReport();
  for (const file of ["01-hostile.html", "index.html", "explorer.html"]) {
    const { page, complaints, requests } = await visit(browser, path.join(out, file));
    assert.equal([complaints, requests], [[], []]);
    const stopped: string[] = []; // the browser tells of a request that the policy stops too
    page.on("requestfailed", (request) => {
      if (request.failure()?.errorText === "csp") stopped.push(request.url());
    });
    const refused = await page.evaluate(async () => {
      const names: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => names.push(event.effectiveDirective));
      const baits: [tag: string, attributes: Record<string, string>, text?: string][] = [
        ["script", {}, "top.ran = 1"],
        ["b", { onclick: "top.ran = 1" }],
        ["a", { href: "javascript:top.ran = 1" }],
        ["script", { src: "http://evil.example/a.js" }],
        ["img", { src: "http://evil.example/a.png" }],
        ["iframe", { src: "http://evil.example/" }],
      ];
      for (const [tag, attributes, text = ""] of baits) {
        const element = Object.assign(document.createElement(tag), { textContent: text });
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        document.body.append(element);
        element.click();
      }
      setTimeout("top.ran = 1"); // a text that is to be compiled
      await fetch("http://evil.example/").catch(() => {});
      await new Promise((done) => setTimeout(done, 300));
      return [...new Set(names)].sort();
    });
    assert.is(await ran(page), undefined, file);
    assert.equal(
      requests.filter((url) => !stopped.includes(url)),
      [],
      file,
    );
    const expected = [
      "connect-src",
      "frame-src",
      "img-src",
      "script-src",
      "script-src-attr",
      "script-src-elem",
    ];
    for (const name of expected) assert.ok(refused.includes(name), `${file}: ${name} of ${refused}`);
    await page.context().close();
  }
});

test.run();
