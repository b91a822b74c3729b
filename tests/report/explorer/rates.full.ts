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
    await page.locator("#plane-canvas").evaluate((canvas: HTMLCanvasElement) => {
      const shared = window as unknown as { worked: number[] };
      shared.worked = [];
      new MutationObserver(() => shared.worked.push(Number(canvas.dataset.milliseconds))).observe(canvas, {
        attributeFilter: ["data-milliseconds"],
      });
    });
    await page.locator("#plane-move").click();
    const rates: number[] = [];
    for (let second = 0; second < 8; second++) {
      await page.waitForTimeout(1000);
      rates.push(parseInt(await page.locator("#plane-rate").innerText()));
    }
    const regions = await page.locator("#plane-regions").innerText();
    const [least, middle, most] = [0, 4, 7].map((k) => rates.sort((a, b) => a - b)[k]);
    const worked = await page.evaluate(() => (window as unknown as { worked: number[] }).worked);
    const quarter = worked.sort((a, b) => a - b)[Math.floor(worked.length / 4)];
    console.log(
      `note: ${name}, ${regions} regions: ${middle} pictures a second (${least} to ${most}), ` +
        `${quarter} ms of work a picture (lower quartile of ${worked.length}, least ${worked[0]})`,
    );
    assert.ok(most > 0);
    await page.context().close();
  });
}

test.run();
