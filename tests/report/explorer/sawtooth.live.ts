/// <reference lib="dom" />
// The first part: noise, single weights, number and form of the maps, against the counts of the package.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Browser } from "playwright-core";
import { network, random, regions, sawtooth } from "relu-lab";
import { launchBrowser } from "../browser";
import { assertSame, openExplorer, saved, shows, slide, whole } from "./open";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());

function noisy(
  n: number,
  form: sawtooth.SawtoothForm,
  deviation: number,
  seed: number,
  part: sawtooth.PerturbedPart,
) {
  const ideal = sawtooth.sawtoothNetwork(n, form);
  const layers = form === "naive" ? 2 * n : n + 1;
  return sawtooth.perturb(
    ideal,
    sawtooth.parameterNoise(ideal, random.generator(seed), layers),
    deviation,
    part,
  );
}

test("one to ten maps, naive and merged, have all their laps and pieces", async () => {
  if (!browser) return;
  const { page, complaints } = await openExplorer(browser);
  for (const [form, perMap] of [["naive", 3], ["merged", 2]] as const) {
    await page.locator("#saw-form").selectOption(form);
    for (const n of [1, 5, 10]) {
      await slide(page, "saw-n", n);
      await shows(page, "saw-laps", `${whole(2 ** n)} of ${whole(2 ** n)}`);
      await shows(page, "saw-pieces", whole(2 ** n));
      await shows(page, "saw-neurons", String(perMap * n));
    }
  } // prettier-ignore
  await shows(page, "saw-says", "1,024 of 1,024 laps: all of them are there. Every decision was certain.");
  assert.equal(complaints, []);
  await page.context().close();
});

test("noise of a seed: the counts of the package for the same weights, whatever it is put on", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  const cases = [
    [10, "naive", 0.05, 3, "all"],
    [8, "merged", 0.12, 4, "weights"],
    [6, "naive", 0.3, 11, "biases"],
  ] as const;
  for (const [n, form, deviation, seed, part] of cases) {
    await page.locator("#saw-form").selectOption(form);
    await page.locator("#saw-part").selectOption(part);
    await slide(page, "saw-n", n);
    await page.locator("#saw-seed").fill(String(seed));
    await slide(page, "saw-deviation", deviation);
    const { net } = await saved(page, "saw-save");
    assertSame(net, noisy(n, form, deviation, seed, part), 1e-13);
    const { laps, pieces, acts } = regions.segment(net, [0], [1]);
    assert.ok(laps < 2 ** n, "such noise should cost laps");
    await shows(page, "saw-laps", `${whole(laps)} of ${whole(2 ** n)}`);
    await shows(page, "saw-pieces", whole(pieces));
    await shows(page, "saw-intervals", whole(acts));
  }
  await page.context().close();
});

test("the next seed shakes the weights, and the ideal sawtooth comes back", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await page.locator("#saw-shake").click();
  const { laps } = regions.segment(noisy(6, "naive", 0.05, 1, "all"), [0], [1]);
  await shows(page, "saw-laps", `${laps} of 64`);
  assert.is(await page.locator("#saw-share").evaluate((bar: HTMLProgressElement) => bar.value), laps / 64);
  await page.locator("#saw-reset").click();
  await shows(page, "saw-laps", "64 of 64");
  await page.context().close();
});

test("a single weight by keys: the network of exactly that weight", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await page.locator("#saw-layer").selectOption("1"); // the first map mixes its two neurons: 2 u - 4 v
  const slider = page.locator("#saw-weights input").nth(1);
  assert.is(await slider.evaluate((input: HTMLInputElement) => input.valueAsNumber), -4);
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  const value = await slider.evaluate((input: HTMLInputElement) => input.valueAsNumber);
  assert.ok(value > -4);
  const specs = sawtooth.sawtoothNetwork(6).specs().map((spec, l) => (l === 1 ? { ...spec, W: [[2, value]] } : spec)); // prettier-ignore
  const changed = network.ReluNetwork.of(specs);
  const { laps, pieces } = regions.segment(changed, [0], [1]);
  assert.ok(laps < 64);
  await shows(page, "saw-laps", `${laps} of 64`);
  await shows(page, "saw-pieces", String(pieces));
  await page.context().close();
});

test("every knot is drawn, and a closer look shows those of its window", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await slide(page, "saw-n", 4);
  await shows(page, "saw-pieces", "16");
  const knots = () =>
    page.locator("#saw-curve .knots").evaluate((path) => path.getAttribute("d")?.match(/M/g)?.length);
  assert.is(await knots(), 15);
  await slide(page, "saw-zoom", 2);
  await slide(page, "saw-place", 0.4);
  // The window is 1/4 wide around 0.4: knots at 5/16 to 8/16, of sixteenths from 0.275 to 0.525.
  assert.is(await knots(), 4);
  assert.match(
    (await page.locator("#saw-curve").getAttribute("aria-label")) ?? "",
    /from 0\.275 to 0\.525: 16 laps/,
  );
  await page.context().close();
});

test.run();
