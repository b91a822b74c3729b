/// <reference lib="dom" />
// The API documentation: every export is documented, no link leads nowhere, and its pages ask for nothing outside.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { launchBrowser } from "../report/browser";
import { temporaryFolder } from "../report/fixtures";

const root = path.join(__dirname, "../..");
const out = path.join(temporaryFolder(), "api");

test("every export has a docstring, and typedoc has nothing to complain of", () => {
  const words = [path.join(root, "scripts/docs.mjs"), "--out", out];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  assert.is(status, 0, stdout + stderr);
});

test("modules are named as they are imported, and the guide is among them", () => {
  const index = fs.readFileSync(path.join(out, "modules.html"), "utf8");
  for (const name of ["relu-lab/regions", "relu-lab/formats", "@relu-lab/notebook", "tfjs-wasm-training"])
    assert.ok(index.replace(/<wbr\/?>/g, "").includes(`.html">${name}</a>`), name);
  assert.ok(fs.existsSync(path.join(out, "documents/Your_own_network.html")));
});

test("every link within the pages leads to a page that is there", () => {
  const pages = fs
    .readdirSync(out, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".html"));
  assert.ok(pages.length > 300);
  const anchors = new Map<string, Set<string>>();
  const text = new Map(pages.map((page) => [page, fs.readFileSync(path.join(out, page), "utf8")]));
  for (const [page, html] of text)
    anchors.set(page, new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])));
  for (const [page, html] of text) {
    for (const [, kind, target] of html.matchAll(/ (href|src)="([^"]*)"/g)) {
      const [file, anchor] = target.split("#");
      assert.not(kind === "src" && /^(https?:)?\/\//.test(target), `${page} loads ${target}`);
      if (/^(https?:|mailto:|data:|#icon-)/.test(target) || (file === "" && !anchor)) continue; // icons.js holds the icons
      const there = file === "" ? page : path.join(path.dirname(page), decodeURIComponent(file));
      assert.ok(fs.existsSync(path.join(out, there)), `${page}: ${target}`);
      if (there === "hierarchy.html") continue; // a script fills that page
      if (anchor && anchors.has(there))
        assert.ok(anchors.get(there)!.has(decodeURIComponent(anchor)), `${page}: ${target}`);
    }
  }
});

test("a page opens in a browser, searches, and asks for nothing outside", async () => {
  const browser = await launchBrowser();
  if (!browser) return;
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(`file://${path.join(out, "index.html")}`);
    await page.locator("#tsd-search-trigger").click();
    await page.locator("#tsd-search-input").fill("countPlane");
    await page.waitForSelector("#tsd-search-results li a");
    assert.match(await page.locator("#tsd-search-results li").first().innerText(), /countPlane/);
    assert.equal(complaints, []);
  } finally {
    await browser.close();
  }
});

test.run();
