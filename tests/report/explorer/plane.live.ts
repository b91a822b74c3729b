/// <reference lib="dom" />
// The third part: lines that are dragged, planes through digits, zoom, and what lies under the pointer.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFileSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { network, random, regions } from "relu-lab";
import { launchBrowser } from "../browser";
import { openExplorer, saved, savedDomain, shows, slide, whole } from "./open";

let browser: Browser | null;
test.before(async () => void (browser = await launchBrowser()));
test.after(() => browser?.close());

const commandLine = require.resolve("relu-lab/package.json").replace("package.json", "bin/relu-lab.js");
const square = { lo: [-1, -1], hi: [1, 1] };
const choose = (page: Page, name: string) => page.locator("#plane-network").selectOption(name);
const fine = (page: Page) => page.waitForSelector("#plane-canvas[data-fine=true]", { state: "attached" });

/** Saves the network and its plane, counts them in Node, and compares with what the page shows. */
async function sameAsNode(page: Page): Promise<{ net: network.ReluNetwork; found: regions.PlaneRegions }> {
  await fine(page);
  const { json, net } = await saved(page, "plane-save");
  const found = regions.planeSync(net, savedDomain(json));
  await shows(page, "plane-regions", whole(found.count));
  await shows(page, "plane-linear", whole(found.linearRegions));
  await shows(page, "plane-layers", found.cellsAfterEachLayer.map(whole).join(" → "));
  const sure = found.certified ? "every decision certain" : "some decisions uncertain";
  await page.locator("#plane-says", { hasText: sure }).waitFor({ state: "attached" });
  return { net, found };
}

test("networks of two inputs: the counts of the package for the same seed", async () => {
  if (!browser) return;
  const { page, complaints } = await openExplorer(browser);
  for (const [name, seed] of [["2-6-1", 0], ["2-32-32-1", 7], ["2-64-64-64-1", 2]] as const) {
    await choose(page, name);
    await page.locator("#plane-seed").fill(String(seed));
    const net = network.heNetwork(name.split("-").map(Number), random.generator(seed), 0.1);
    await shows(page, "plane-regions", whole(regions.countPlaneSync(net, square).regions));
  } // prettier-ignore
  assert.equal(complaints, []);
  await page.context().close();
});

test("a line is dragged, turned, and laid by sliders: the regions of the network that it makes", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await choose(page, "2-6-1");
  const before = (await sameAsNode(page)).net;
  const at = async (handle: string) => {
    await page.locator("#plane-canvas").scrollIntoViewIfNeeded(); // saving has scrolled the page
    const box = (await page.locator("#plane-canvas").boundingBox())!;
    const d = (await page.locator(`#plane-overlay .handle${handle}`).first().getAttribute("d"))!;
    const [x, y] = /M([\d.-]+) ([\d.-]+)/.exec(d)!.slice(1).map(Number);
    return [box.x + x * box.width, box.y + y * box.height] as const;
  };
  const drag = async (from: readonly [number, number], right: number, down: number) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(from[0] + right / 2, from[1] + down / 2);
    await page.mouse.move(from[0] + right, from[1] + down);
    await page.mouse.up();
    return sameAsNode(page);
  };
  const moved = await drag(await at(":not(.turn)"), 60, 45);
  const [w, v] = [before, moved.net].map((net) => net.layers[0]);
  assert.is.not(w.biases[0], v.biases[0], "the line has not moved");
  assert.ok(
    Math.abs(Math.atan2(w.weights[1], w.weights[0]) - Math.atan2(v.weights[1], v.weights[0])) < 1e-12,
  );
  assert.equal(w.biases.slice(1), v.biases.slice(1));
  const turned = (await drag(await at(".turn"), 30, -70)).net.layers[0];
  assert.ok(
    Math.abs(Math.atan2(v.weights[1], v.weights[0]) - Math.atan2(turned.weights[1], turned.weights[0])) >
      0.01,
  );

  await page.locator("#plane-line").selectOption("4");
  await slide(page, "plane-angle", 30);
  await slide(page, "plane-offset", -0.25);
  const laid = (await sameAsNode(page)).net.layers[0];
  const slope = Math.hypot(laid.weights[6], laid.weights[7]);
  assert.ok(Math.abs(laid.weights[6] / slope - Math.cos(Math.PI / 6)) < 1e-12);
  assert.ok(Math.abs(laid.biases[3] / slope - 0.25) < 1e-12);
  await page.context().close();
});

test("zoom and pan by keys, wheel, buttons and mouse: what is in view is counted", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  const view = async () => savedDomain((await saved(page, "plane-save")).json) as regions.BoxDomain;
  const canvas = page.locator("#plane-canvas");
  await canvas.focus();
  await page.keyboard.press("+");
  await page.keyboard.press("Shift+ArrowRight");
  await sameAsNode(page);
  const { lo, hi } = await view();
  assert.ok(Math.abs(hi[0] - lo[0] - 2 / 1.5) < 1e-12);
  assert.ok(Math.abs(lo[0] + hi[0] - 2 * (0.2 / 1.5)) < 1e-12, `${lo} to ${hi}`);
  await canvas.focus();
  await page.keyboard.press("0");
  assert.equal(await view(), square);
  await page.locator("#plane-in").click();
  await page.locator("#plane-out").click();
  await sameAsNode(page);

  await page.locator("#plane-home").click();
  const box = (await canvas.boundingBox())!;
  const corner = [box.x + 0.9 * box.width, box.y + 0.04 * box.height] as const; // no line to grab
  await page.mouse.move(...corner);
  await page.mouse.wheel(0, -120); // the page scrolls, or not; the picture was not clicked
  assert.equal(await view(), square);
  await canvas.scrollIntoViewIfNeeded();
  await canvas.focus();
  const now = (await canvas.boundingBox())!;
  await page.mouse.move(now.x + 0.9 * now.width, now.y + 0.04 * now.height);
  await page.mouse.wheel(0, -120);
  await sameAsNode(page);
  const zoomed = await view();
  assert.ok(zoomed.hi[0] - zoomed.lo[0] < 2, "the wheel does not zoom where the picture has the focus");
  await page.context().close();
});

test("under the pointer: the region of that place, as the package has it", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await choose(page, "2-16-16-1");
  const { net, found } = await sameAsNode(page);
  const told = (name: string) => page.locator(`#point-${name}`).innerText();
  const canvas = page.locator("#plane-canvas");
  await canvas.scrollIntoViewIfNeeded();
  const { width, height } = (await canvas.boundingBox())!;
  for (const [u, v] of [[0.3, 0.2], [0.77, 0.61], [0.12, 0.9]] as const) {
    await canvas.hover({ position: { x: u * width, y: v * height } });
    const [x, y] = [2 * u - 1, 1 - 2 * v];
    await page.waitForFunction((near) => {
      const text = document.getElementById("point-place")?.textContent?.replaceAll("−", "-") ?? "";
      const place = text.match(/-?[\d.]+/g)?.map(Number) ?? [9, 9];
      return Math.hypot(place[0] - near[0], place[1] - near[1]) < 0.01;
    }, [x, y]);
    const pattern = net.specs().length && patternAt(net, x, y);
    const bits = (await told("pattern")).match(/[01]{16}/g);
    assert.equal(bits, pattern, `at ${x}, ${y}`);
    const region = Array.from({ length: found.count }, (_, r) => r).find((r) =>
      [...bits!.join("")].every((bit, n) => ((found.patterns[r * found.patternWords + (n >> 5)] >>> (n & 31)) & 1) === Number(bit)),
    )!; // prettier-ignore
    const area = Number((await told("area")).split(",")[0].replace("e−", "e-"));
    assert.ok(Math.abs(area / found.areas[region] - 1) < 0.01, `area ${area} for ${found.areas[region]}`);
    const slope = Number(/length ([\d.]+)/.exec(await told("gradient"))![1]);
    const gradient = Math.hypot(found.maps[3 * region], found.maps[3 * region + 1]);
    assert.ok(Math.abs(slope / gradient - 1) < 0.01, `gradient ${slope} for ${gradient}`);
    const next = /neuron (\d+) of layer (\d)/.exec(await told("next"));
    if (!next) continue; // the nearest edge is the picture's own
    const neuron = 16 * (Number(next[2]) - 1) + Number(next[1]) - 1;
    const edges = [...found.edgeNeurons.subarray(found.offsets[region], found.offsets[region + 1])];
    assert.ok(edges.includes(neuron), `neuron ${neuron} makes none of the edges ${edges}`);
  } // prettier-ignore
  assert.is(await page.locator("#plane-overlay .region").count(), 1);
  await page.context().close();
});

/** The signs of a network's hidden neurons at a point, a text of 0 and 1 for each layer. */
function patternAt(net: network.ReluNetwork, x: number, y: number): string[] {
  let here = [x, y];
  return net.layers.slice(0, -1).map(({ weights, biases, inputs }) => {
    here = [...biases].map((b, i) => Math.max(0, here.reduce((sum, value, j) => sum + weights[i * inputs + j] * value, b)));
    return here.map((value) => (value > 0 ? 1 : 0)).join("");
  }); // prettier-ignore
}

test("a plane through three digits, of the trained network and of a random one", async () => {
  if (!browser) return;
  const { page, complaints } = await openExplorer(browser);
  await choose(page, "digits");
  const { net, found } = await sameAsNode(page);
  assert.equal([...net.sizes], [784, 32, 32, 10]);
  await page.waitForFunction(() => {
    const words = document.getElementById("plane-says")?.textContent ?? "";
    return /Trained: 784-32-32-10, Adam.*% of the test images right/.test(words);
  });
  assert.is(await page.locator("#plane-lines").isVisible(), false);
  await page.getByLabel("Third digit").selectOption("0");
  const other = (await sameAsNode(page)).found;
  assert.is.not(other.count, found.count);
  // A digit that is chosen twice would span no plane: the other one gives way.
  await page.getByLabel("First digit").selectOption("0");
  assert.is.not(await page.getByLabel("Third digit").inputValue(), "0");
  await sameAsNode(page);
  await choose(page, "784-64-64-1");
  const random784 = await sameAsNode(page);
  // The command line reads what was saved, its plane with it.
  const { file } = await saved(page, "plane-save");
  const printed = execFileSync(process.execPath, [commandLine, "regions", file, "--json", "--count"], {
    encoding: "utf8",
  });
  assert.is(
    (JSON.parse(printed) as { activation_regions: number }).activation_regions,
    random784.found.count,
  );
  assert.equal(complaints, []);
  await page.context().close();
});

test("moving weights: pictures follow one another until the button stops them, and the last one is counted finely", async () => {
  if (!browser) return;
  const { page } = await openExplorer(browser);
  await choose(page, "2-32-32-1");
  await fine(page);
  const start = (await saved(page, "plane-save")).net;
  const move = page.locator("#plane-move");
  await move.click();
  assert.is(await move.getAttribute("aria-pressed"), "true");
  await page.waitForFunction(() => /[1-9]\d* pictures a second/.test(document.getElementById("plane-rate")?.textContent ?? "")); // prettier-ignore
  await move.click();
  const { net } = await sameAsNode(page);
  assert.is.not(net.layers[0].weights[0], start.layers[0].weights[0]);
  await page.context().close();
});

test.run();
