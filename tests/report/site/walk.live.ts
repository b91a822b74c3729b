/// <reference lib="dom" />
// What a visitor does beside searching and saving: walks, chooses colours, reads on a phone, prints.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import type { Browser } from "playwright-core";
import { accessibilityProblems, launchBrowser, visit } from "../browser";
import { exampleReport } from "./example";

let browser: Browser | null;
let file: (name: string) => string;
test.before(async () => {
  browser = await launchBrowser();
  if (browser) ({ file } = await exampleReport());
});
test.after(() => browser?.close());

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("the first page answers in the figure that a cell asks for, with a link to that cell", async () => {
  if (!browser) return;
  const { page, complaints, requests } = await visit(browser, file("index.html"));
  assert.match(await page.locator(".question").innerText(), "What is found?");
  assert.is(await page.locator(".answer figure.drawn").count(), 1);
  assert.match(await page.locator(".answer figcaption").innerText(), /^Doubling\. Twice, "exactly"/);
  assert.equal([complaints, requests], [[], []]);
  await page.locator(".answer figcaption a").click();
  await page.waitForURL(/01-folding\.html#cell-c4$/);
  assert.is(await page.locator("#cell-c4").isVisible(), true);
  await page.context().close();
});

test("the table of claims has all that was measured, and leads to the claim", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("index.html"));
  const cells = await page.locator(".all-claims tbody tr").first().locator("td").allInnerTexts();
  assert.equal(cells.map((text) => text.trim()), [
    "✓ reproduced", "Each fold doubles the pieces", "Telgarsky 2015", "1,024", "1,023.5", "0.25, 7 trials", "section 1",
  ]); // prettier-ignore
  await page.locator(".all-claims a").first().click();
  await page.waitForURL(/01-folding\.html#claim-folding-pieces$/);
  const top = await page
    .locator("#claim-folding-pieces")
    .evaluate((claim) => claim.getBoundingClientRect().top);
  const bar = await page.locator("header.site").evaluate((header) => header.getBoundingClientRect().bottom);
  assert.ok(top >= bar - 1 && top < 900, `the claim is at ${top}, the bar ends at ${bar}`);
  await page.context().close();
});

test("next and previous, the menu and the way home", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"));
  assert.is(await page.locator("a[rel=prev]").count(), 0);
  await page.locator("a[rel=next]").click();
  await page.waitForURL(/02-learning\.html/);
  await page.locator("a[rel=prev]").click();
  await page.waitForURL(/01-folding\.html/);
  await page.locator("details.menu summary").click();
  assert.is(
    await page
      .locator(".menu [aria-current=page]")
      .innerText()
      .then((text) => text.replace(/\s+/g, " ")),
    "1 Folding the interval",
  );
  await page.keyboard.press("Escape");
  assert.is(await page.locator(".menu nav").isVisible(), false);
  await page.locator("details.menu summary").click();
  await page.locator(".menu a", { hasText: "Learning" }).click();
  await page.waitForURL(/02-learning\.html/);
  await page.locator("a.home").click();
  await page.waitForURL(/index\.html/);
  await page.context().close();
});

test("colours: as the system has them, or as chosen, from page to page, the drawings with them", async () => {
  if (!browser) return;
  const { page, complaints } = await visit(browser, file("01-folding.html"), { colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const line = () =>
    page
      .locator("#figure-1 .mark-line path")
      .first()
      .evaluate((path) => getComputedStyle(path).stroke);
  const button = page.locator("button.theme");
  assert.equal([await ground(), await line()], ["rgb(253, 252, 249)", "rgb(0, 0, 0)"]);
  assert.is(await button.getAttribute("aria-label"), "Colours: auto");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal([await ground(), await line()], ["rgb(21, 24, 29)", "rgb(221, 225, 230)"]);
  await button.click();
  assert.is(await button.getAttribute("aria-label"), "Colours: light");
  assert.equal([await ground(), await line()], ["rgb(253, 252, 249)", "rgb(0, 0, 0)"]);
  await button.click();
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal([await ground(), await line()], ["rgb(21, 24, 29)", "rgb(221, 225, 230)"]);
  await page.locator("a.home").click();
  await page.waitForURL(/index\.html/);
  assert.is(await ground(), "rgb(21, 24, 29)", "the choice is forgotten on the next page");
  await page.locator("button.theme").click();
  assert.is(await ground(), "rgb(253, 252, 249)");
  assert.equal(complaints, []);
  await page.context().close();
});

test("on a phone: the menu unfolds within the screen, a tap goes there, nothing is wider than the screen", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"), phone);
  assert.is(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.locator("details.menu summary").tap();
  const box = await page.locator(".menu nav").boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 390, `the menu is at ${JSON.stringify(box)}`);
  await page.locator("h1").tap();
  assert.is(await page.locator(".menu nav").isVisible(), false, "a tap beside it does not fold it");
  await page.locator("details.menu summary").tap();
  await page.locator(".menu a", { hasText: "Learning" }).tap();
  await page.waitForURL(/02-learning\.html/);
  await page.goto(`file://${file("index.html")}`);
  assert.is(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.is(
    await page.locator(".all-claims thead").evaluate((head) => head.getBoundingClientRect().right < 0),
    true,
  );
  await page.context().close();
});

test("where the page comes from stands below it", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"));
  const facts = await page.locator("footer dl").innerText();
  for (const fact of [/Data\s+toy data/, /Seed\s+11/, /Profile\s+quick/, /Backend\s+doubles/, /Versions\s+node \d+.*lab 1\.2\.3/, /Duration\s+0:\d\d min/]) {
    assert.match(facts, fact);
  } // prettier-ignore
  await page.context().close();
});

test("axe finds nothing, in light and dark, on a desk and on a phone", async () => {
  if (!browser) return;
  for (const name of ["index.html", "01-folding.html"]) {
    for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", ...phone }] as const) {
      const { page } = await visit(browser, file(name), options);
      assert.equal(await accessibilityProblems(page), [], name);
      if (name === "index.html") {
        await page.locator("button.open-search").click();
        await page.waitForSelector("dialog.search[data-ready]");
        await page.locator("dialog.search input").fill("fold");
        assert.equal(await accessibilityProblems(page), [], "the search");
      }
      await page.context().close();
    }
  }
});

test("on paper: light, without buttons, figures whole and no wider than the sheet", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"), { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 680, height: 1016 }); // A4 within the page's margins, in CSS pixels
  assert.is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  for (const hidden of ["header.site", ".save", ".steps"])
    assert.is(await page.locator(hidden).first().isVisible(), false, hidden);
  const boxes = await page.locator("figure").evaluateAll((figures) =>
    figures.map((figure) => ({
      height: figure.getBoundingClientRect().height,
      right: Math.max(
        ...[...figure.querySelectorAll("svg, img")].map((e) => e.getBoundingClientRect().right),
      ),
      breaks: getComputedStyle(figure).breakInside,
    })),
  );
  for (const { height, right, breaks } of boxes) {
    assert.ok(height > 50 && height < 1016, `a figure is ${height} high`);
    assert.ok(right <= 680, `a figure ends at ${right}`);
    assert.is(breaks, "avoid");
  }
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages >= 2 && pages <= 6, `${pages} pages`);
  await page.context().close();
});

test("each page stands in one file below 3 MB that names no address it would fetch", () => {
  if (!browser) return;
  for (const name of ["index.html", "01-folding.html", "02-learning.html"]) {
    const html = fs.readFileSync(file(name), "utf8");
    assert.ok(html.length < 3e6, `${name}: ${html.length} bytes`);
    assert.not.match(html, /<(?:link|script|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\//);
  }
});

test.run();
