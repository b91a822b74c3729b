/// <reference lib="dom" />
// How many pictures a second a browser shows, each with every region counted. Told, not judged: the machine decides.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../browser";
import { openExplorer } from "./open";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());

for (const name of ["2-32-32-1", "2-64-64-64-1", "digits"]) {
  test(`pictures a second, ${name}`, async () => {
    if (!browser) return;
    const { page } = await openExplorer(browser);
    await page.locator("#plane-network").selectOption(name);
    await page.waitForSelector("#plane-canvas[data-fine=true]", { state: "attached" });
    await page.locator("#plane-move").click();
    const rates: number[] = [];
    for (let second = 0; second < 8; second++) {
      await page.waitForTimeout(1000);
      rates.push(parseInt(await page.locator("#plane-rate").innerText()));
    }
    const regions = await page.locator("#plane-regions").innerText();
    const [least, middle, most] = [0, 4, 7].map((k) => rates.sort((a, b) => a - b)[k]);
    console.log(`note: ${name}, ${regions} regions: ${middle} pictures a second (${least} to ${most})`);
    assert.ok(most > 0);
    await page.context().close();
  });
}

test.run();
