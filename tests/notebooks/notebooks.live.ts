/// <reference lib="dom" />
// Every notebook of the repository is run with its quick parameters, and its page is opened in a browser.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import { findSections, reportCommand } from "@relu-lab/report";
import { launchBrowser, visit } from "../report/browser";
import { captured, temporaryFolder } from "../report/fixtures";

const root = path.join(__dirname, "../..");
const sections = findSections(path.join(root, "notebooks"));
const out = temporaryFolder();
let browser: Browser | null;

test.before(async () => {
  browser = await launchBrowser();
});
test.after(() => browser?.close());

test("there are notebooks", () => assert.ok(sections.length > 0));

test("all run with quick parameters and end with claims", async () => {
  const { result, text } = await captured(() => reportCommand(["--out", out], root));
  assert.is(result, 0, text);
  const claims = JSON.parse(fs.readFileSync(path.join(out, "claims.json"), "utf8")) as {
    notebook: string;
    id: string;
  }[];
  for (const { name } of sections)
    assert.ok(
      claims.some((claim) => claim.notebook === name),
      `${name} makes no claim`,
    );
  assert.is(new Set(claims.map((claim) => claim.id)).size, claims.length, "an id stands twice");
});

for (const name of ["index", ...sections.map((section) => section.name)]) {
  test(`${name}: the page is whole, quiet and asks for nothing`, async () => {
    const file = path.join(out, `${name}.html`);
    assert.ok(fs.statSync(file).size < 3e6, `${fs.statSync(file).size} bytes`);
    if (!browser) return;
    const { page, complaints, requests } = await visit(browser, file, { colorScheme: "dark" });
    assert.equal([complaints, requests], [[], []]);
    const charts = await page.locator("figure.chart").count();
    assert.is(
      await page.locator("figure.chart.drawn .live svg.marks").count(),
      charts,
      "a chart is not drawn",
    );
    assert.is(await page.locator(".bad-formula").count(), 0, "a formula is not set");
    await page.setViewportSize({ width: 380, height: 800 });
    await page.waitForTimeout(600); // the charts follow
    assert.is(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      false,
      "it overflows",
    );
    await page.context().close();
  });
}

test.run();
