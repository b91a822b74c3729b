/// <reference lib="dom" />
// The whole report, with quick parameters: each page in both colours, from a phone to a wide screen, for axe, on paper,
// and each of its figures saved in each form.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser, Page } from "playwright-core";
import { findSections, reportCommand } from "@relu-lab/report";
import { accessibilityProblems, launchBrowser, visit } from "../browser";
import { captured, temporaryFolder } from "../fixtures";

const root = path.join(__dirname, "../../..");
const sections = findSections(path.join(root, "notebooks"));
const out = temporaryFolder();
const file = (name: string) => path.join(out, `${name}.html`);
let browser: Browser | null;

test.before(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  const { result, text } = await captured(() => reportCommand(["--out", out], root));
  if (result !== 0) throw new Error(text);
});
test.after(() => browser?.close());

async function saved(page: Page, button: number): Promise<{ name: string; content: Buffer }> {
  await page.waitForTimeout(150); // Chromium drops what goes beyond ten downloads a second
  const download = page.waitForEvent("download");
  await page.locator(".save button").nth(button).click();
  const got = await download;
  return { name: got.suggestedFilename(), content: fs.readFileSync(await got.path()) };
}

function checkFile(name: string, content: Buffer): void {
  const text = content.toString();
  if (name.endsWith(".svg")) assert.match(text, /^<svg[^>]*>[^]*<\/svg>$/, name);
  else if (name.endsWith(".png")) assert.is(content.subarray(1, 4).toString(), "PNG", name);
  else if (name.endsWith(".csv")) assert.match(text, /^[^\r\n]+\r\n[^\r\n]/, name);
  else assert.match(JSON.parse(text).$schema, "vega-lite", name);
}

for (const name of ["index", ...sections.map((section) => section.name)]) {
  test(`${name}: light and dark, from 390 to 1920 pixels; quiet, within the screen, and axe is content`, async () => {
    if (!browser) return;
    assert.ok(fs.statSync(file(name)).size < 3e6, `${fs.statSync(file(name)).size} bytes`);
    for (const [colorScheme, width] of [
      ["light", 390],
      ["dark", 1280],
      ["light", 1920],
    ] as const) {
      const { page, complaints, requests } = await visit(browser, file(name), {
        colorScheme,
        viewport: { width, height: 900 },
      });
      assert.equal([complaints, requests], [[], []]);
      assert.is(
        await page.evaluate(() => document.documentElement.scrollWidth),
        width,
        "it is wider than the screen",
      );
      assert.is(await page.locator("figure.chart:not(.drawn)").count(), 0, "a chart is not drawn");
      if (width !== 1920) assert.equal(await accessibilityProblems(page), []);
      await page.context().close();
    }
  });

  test(`${name}: on paper every figure is whole`, async () => {
    if (!browser) return;
    const { page } = await visit(browser, file(name), {
      colorScheme: "dark",
      viewport: { width: 680, height: 1016 },
    });
    await page.emulateMedia({ media: "print" });
    const boxes = await page.locator("figure").evaluateAll((figures) =>
      figures.map((figure) => ({
        id: figure.id,
        height: figure.getBoundingClientRect().height,
        right: Math.max(
          ...[...figure.querySelectorAll(".live svg, img")].map((e) => e.getBoundingClientRect().right),
        ),
      })),
    );
    for (const { id, height, right } of boxes) {
      assert.ok(height < 1016, `${id} is ${height} high, a sheet is 1016`);
      assert.ok(right <= 681, `${id} ends at ${right}, the sheet at 680`);
    }
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    await page.context().close();
  });

  test(`${name}: every figure is saved in every form`, async () => {
    if (!browser) return;
    const { page, complaints, requests } = await visit(browser, file(name));
    const buttons = await page.locator(".save button").count();
    assert.is(buttons, 4 * (await page.locator("figure.chart").count()));
    for (let i = 0; i < buttons; i++) {
      const { name: of, content } = await saved(page, i);
      checkFile(of, content);
    }
    assert.equal([complaints, requests], [[], []]);
    await page.context().close();
  });
}

test("the first page answers in three figures, and every claim leads to its place", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("index"));
  assert.is(await page.locator(".answer figure.drawn").count(), 3);
  const links = await page
    .locator(".all-claims a")
    .evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  assert.ok(links.length > sections.length);
  for (const link of links) {
    const [target, id] = link.split("#");
    assert.match(fs.readFileSync(path.join(out, target), "utf8"), `id="${id}"`, link);
  }
  await page.context().close();
});

test.run();
