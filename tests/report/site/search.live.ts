/// <reference lib="dom" />
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, visit } from "../browser";
import { exampleReport } from "./example";

let browser: Browser | null;
let file: (name: string) => string;
test.before(async () => {
  browser = await launchBrowser();
  if (browser) ({ file } = await exampleReport());
});
test.after(() => browser?.close());

const results = (page: Page) => page.locator(".results li").allInnerTexts();
async function searchFor(page: Page, words: string): Promise<string[]> {
  await page.waitForSelector("dialog.search[data-ready]");
  await page.locator("dialog.search input").fill(words);
  return results(page);
}

test("a word of another section is found from any page, and its place is one click away", async () => {
  if (!browser) return;
  const { page, complaints, requests } = await visit(browser, file("01-folding.html"));
  await page.getByRole("button", { name: "Search" }).click();
  const [first, ...others] = await searchFor(page, "zephyr");
  assert.match(first, /^Momentum 2\. Learning\s+The zephyr of optimisation\.$/);
  assert.equal(others, []);
  assert.is(await page.locator(".results mark").innerText(), "zephyr");
  assert.equal([complaints, requests], [[], []]);
  await page.locator(".results a").click();
  await page.waitForURL(/02-learning\.html#momentum$/);
  await page.context().close();
});

test("beginnings and slightly misspelt words find too; figures, claims and code are found", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("index.html"));
  await page.keyboard.press("/");
  assert.ok((await searchFor(page, "kaleid")).some((text) => text.startsWith("The mirror map")));
  assert.ok((await searchFor(page, "kaleidoscopo")).some((text) => text.startsWith("The mirror map")));
  assert.ok((await searchFor(page, "twice")).some((text) => text.startsWith("Figure 1")));
  assert.ok((await searchFor(page, "fold doubles")).some((text) => text.startsWith("Claim folding/pieces")));
  assert.ok((await searchFor(page, "lastWriteDisplayData")).length > 0);
  await page.context().close();
});

test("nothing found is said; <b> and a lone bracket are words like others", async () => {
  if (!browser) return;
  const { page, complaints } = await visit(browser, file("index.html"));
  await page.keyboard.press("/");
  assert.equal(await searchFor(page, "xylophone"), []);
  assert.is(await page.locator(".found").innerText(), "Nothing was found.");
  await searchFor(page, "<b> ( [ \\");
  assert.equal(complaints, []);
  await page.context().close();
});

test("the keyboard alone: / opens, the arrows choose, Enter goes, Escape closes", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"));
  await page.keyboard.press("/");
  await page.keyboard.type("pieces");
  await page.waitForSelector("dialog.search[data-ready]");
  assert.ok((await results(page)).length > 1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const second = await page.locator(".results a").nth(1).getAttribute("href");
  assert.is(await page.evaluate(() => document.activeElement?.getAttribute("href")), second);
  await page.keyboard.press("Escape");
  assert.is(await page.locator("dialog.search").isVisible(), false);
  await page.keyboard.press("/");
  await page.locator("dialog.search input").fill("mirror");
  await page.keyboard.press("Escape");
  assert.is(await page.locator("dialog.search").isVisible(), false, "words in the field keep it open");
  await page.keyboard.press("/");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#the-mirror-map$/);
  assert.is(await page.locator("dialog.search").isVisible(), false, "it is open over the place it led to");
  await page.context().close();
});

test.run();
