/// <reference lib="dom" />
// The second part: two networks that learn side by side, against the trainer and the counter in Node.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Browser, Page } from "playwright-core";
import { regions, type network } from "relu-lab";
import { launchBrowser } from "../browser";
import { beginTraining } from "../../../packages/report/explorer/training/experiment";
import { assertSame, openExplorer, saved, slide, whole } from "./open";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());

const square = { lo: [-1, -1], hi: [1, 1] };
const names = ["plain", "promoted"] as const;
const counted = (page: Page, name: string) =>
  page.locator(`#learn-${name}-count`).innerText().then((text) => Number(/^([\d,]+) regions/.exec(text)?.[1].replace(",", ""))); // prettier-ignore
const stepOf = (page: Page) =>
  page.locator("#learn-says").innerText().then((text) => Number(/After ([\d,]+) steps/.exec(text)?.[1].replace(",", ""))); // prettier-ignore
const atStep = (page: Page, step: number) =>
  page.waitForFunction(
    (words) => document.getElementById("learn-says")?.textContent?.startsWith(words),
    `After ${whole(step)} steps`,
  );

/** Both networks of the package's own trainer after some steps. */
function trained(wanted: Parameters<typeof beginTraining>[0], step: number): network.ReluNetwork[] {
  const { readOuts, network: of } = beginTraining(wanted);
  const found: network.ReluNetwork[] = [];
  for (const readOut of readOuts) {
    if (readOut.step === step) found[readOut.trial] = of(readOut.parameters);
    if (found.filter(Boolean).length === 2) break;
  }
  return found;
}

test("steps: the networks that Node trains, and the counts of the package; more regions where they are promoted", async () => {
  if (!browser) return;
  const { page, complaints } = await openExplorer(browser);
  await page.locator("#learn-target").selectOption("spiral");
  await page.locator("#learn-hidden").selectOption("8, 8");
  await page.locator("#learn-seed").fill("5");
  await slide(page, "learn-weight", -1);
  await page.locator("#learn-every").selectOption("100");
  for (let i = 0; i < 3; i++) await page.locator("#learn-step").click();
  await atStep(page, 300);
  const wanted = { target: "spiral", hidden: [8, 8], seed: 5, weight: 0.1, every: 100 } as const;
  const expected = trained(wanted, 300);
  const counts: number[] = [];
  for (const [k, name] of names.entries()) {
    const { net } = await saved(page, `learn-save-${name}`);
    assertSame(net, expected[k], 1e-6);
    counts[k] = regions.countPlaneSync(net, square).regions;
    assert.is(await counted(page, name), counts[k], name);
  }
  assert.ok(counts[1] > counts[0], `${counts}`);
  assert.equal(complaints, []);
  await page.context().close();
});

test("train, pause and reset; the chart grows with every picture", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  const before = await counted(page, "plain");
  const points = () => page.locator("#learn-chart path.plain").evaluate((path) => path.getAttribute("d")?.match(/[ML]/g)?.length ?? 0); // prettier-ignore
  const run = page.locator("#learn-run");
  await run.click();
  assert.is(await run.innerText(), "Pause");
  await page.waitForFunction(() => (document.querySelector("#learn-chart path.promoted")?.getAttribute("d")?.match(/L/g)?.length ?? 0) >= 5); // prettier-ignore
  await run.click();
  assert.is(await run.innerText(), "Train on");
  await page.waitForTimeout(800); // what was under way arrives, and the words with it
  for (
    const end = Date.now() + 20_000;
    (await points()) !== (await stepOf(page)) / 20 + 1 && Date.now() < end;
  )
    await page.waitForTimeout(100);
  const [step, drawn] = [await stepOf(page), await points()];
  assert.is(drawn, step / 20 + 1);
  await page.waitForTimeout(300);
  assert.equal([await stepOf(page), await points()], [step, drawn], "it trains on while paused");
  const fills = await page.locator("#learn-chart text:is(.plain, .promoted)").evaluateAll((texts) => texts.map((text) => getComputedStyle(text).fill)); // prettier-ignore
  assert.is(new Set(fills.filter((fill) => fill !== "none")).size, 2, "a curve's name cannot be seen");
  await page.locator("#learn-reset").click();
  await atStep(page, 0);
  assert.equal([await points(), await counted(page, "plain")], [1, before]);
  await page.context().close();
});

test("a training ends by itself after its steps, and begins anew when asked to train again", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await page.locator("#learn-hidden").selectOption("8");
  await page.locator("#learn-every").selectOption("100");
  await page.locator("#learn-run").click();
  await atStep(page, 6000);
  await page.waitForTimeout(100);
  assert.is(await page.locator("#learn-run").innerText(), "Train again");
  await page.locator("#learn-every").selectOption("20"); // slower, so that the beginning is seen
  await page.locator("#learn-run").click();
  await page.waitForFunction(() => {
    const line = document.querySelector("#learn-chart path.plain")?.getAttribute("d") ?? "";
    return line.includes("L") && (line.match(/L/g)?.length ?? 0) < 60;
  });
  await page.context().close();
});

test("every target is drawn and learned from; colours change without a word to the weights", async () => {
  if (!browser) return;
  const { page, complaints } = await openExplorer(browser);
  const pixels = (id: string) =>
    page.locator(`#${id}`).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const seen = new Set<string>();
  for (const target of ["disk", "xor", "sin", "spiral"]) {
    await page.locator("#learn-target").selectOption(target);
    await atStep(page, 0);
    await page.locator("#learn-step").click();
    await atStep(page, 20);
    seen.add(await pixels("learn-wanted"));
  }
  assert.is(seen.size, 4);
  const pictures = new Set<string>();
  for (const colour of ["pattern", "gradient", "output"]) {
    await page.locator("#learn-colour").selectOption(colour);
    let picture = await pixels("learn-plain");
    for (
      const end = Date.now() + 60_000;
      pictures.has(picture) && Date.now() < end;
      await page.waitForTimeout(50)
    )
      picture = await pixels("learn-plain");
    pictures.add(picture);
  }
  assert.is(pictures.size, 3);
  assert.equal(complaints, []);
  await page.context().close();
});

test.run();
