/// <reference lib="dom" />
// The page as a whole: how one comes to it, what it may do, who can use it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import { accessibilityProblems, launchBrowser, visit } from "../browser";
import { explorerSite, openExplorer } from "./open";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("one file below 3 MB, linked from the first page and the bar; sections without a page are not linked", async () => {
  const folder = explorerSite();
  const html = fs.readFileSync(path.join(folder, "explorer.html"), "utf8");
  assert.ok(html.length < 3e6, `${html.length} bytes`);
  assert.match(html, /Section 7/);
  assert.not.match(html, /<a href="\d\d-/);
  if (!browser) return;
  const { page } = await visit(browser, path.join(folder, "index.html"));
  await page.locator(".invitation a").click();
  await page.waitForURL(/explorer\.html$/);
  assert.is(await page.locator("header.site [aria-current=page]").innerText(), "Explorer");
  await page.context().close();
});

test("nothing is asked for, nothing complained of; scripts run by their digests, workers from the page alone", async () => {
  if (!browser) return;
  const { page, complaints, requests } = await openExplorer(browser);
  const policy = (await page.locator("meta[http-equiv]").getAttribute("content")) ?? "";
  assert.match(policy, /default-src 'none'.*script-src 'sha256-[^;]*'wasm-unsafe-eval'.*worker-src blob:;/);
  assert.not.match(policy, /'unsafe-eval'/);
  assert.equal([complaints, requests], [[], []]);
  await page.context().close();
});

test("axe finds nothing, in light and dark, on a desk and on a phone; nothing is wider than the phone", async () => {
  if (!browser) return;
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", ...phone }] as const) {
    const { page } = await openExplorer(browser, options);
    assert.equal(await accessibilityProblems(page), []);
    await page.locator("#plane-network").selectOption("digits");
    assert.equal(await accessibilityProblems(page), [], "with digits");
    if ("isMobile" in options)
      assert.is(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await page.context().close();
  }
});

test("by keys alone: from the bar through all controls to the pointer on the plane", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  const reached = new Set<string>();
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.id ?? ""));
  }
  const controls = await page.locator("main").locator("input:visible, select:visible, button:visible, canvas[tabindex]").evaluateAll((all) => all.map(({ id }) => id)); // prettier-ignore
  assert.equal(controls.filter((id) => !reached.has(id)), []); // prettier-ignore
  await page.locator("#plane-canvas").focus();
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.getElementById("point-place")?.textContent !== "–");
  await page.context().close();
});

test("without scripts the page says why it stands still", async () => {
  if (!browser) return;
  const file = path.join(explorerSite(), "explorer.html");
  const { page } = await visit(browser, file, { javaScriptEnabled: false });
  assert.match(await page.locator("main").innerText(), /scripts are off in this browser/);
  await page.context().close();
});

test.run();
