/// <reference lib="dom" />
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, visit } from "../browser";
import { digits, doubling, exampleReport, pixel } from "./example";

let browser: Browser | null;
let file: (name: string) => string;
test.before(async () => {
  browser = await launchBrowser();
  if (browser) ({ file } = await exampleReport());
});
test.after(() => browser?.close());

async function saved(page: Page, figure: string, kind: string): Promise<{ name: string; content: Buffer }> {
  const download = page.waitForEvent("download");
  await page.locator(`${figure} .save button`, { hasText: kind }).click();
  const got = await download;
  return { name: got.suggestedFilename(), content: fs.readFileSync(await got.path()) };
}

test("a figure's data, specification, drawing and picture are saved under its name", async () => {
  if (!browser) return;
  const { page, complaints, requests } = await visit(browser, file("01-folding.html"), {
    colorScheme: "dark",
  });
  const csv = await saved(page, "#figure-1", "CSV");
  assert.is(csv.name, "01-folding-figure-1.csv");
  assert.is(csv.content.toString(), 'n,pieces,name\r\n1,2,"a ""b"", c"\r\n2,4,d\r\n');
  const spec = await saved(page, "#figure-1", "Vega-Lite");
  assert.is(spec.name, "01-folding-figure-1.vl.json");
  assert.equal(JSON.parse(spec.content.toString()), doubling);
  const svg = await saved(page, "#figure-1", "SVG");
  assert.is(svg.name, "01-folding-figure-1.svg");
  assert.match(svg.content.toString(), /^<svg[^>]+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg.content.toString(), ">Doubling<");
  assert.not.match(svg.content.toString(), /var\(|light-dark/, "colours of the page are in the file");
  const png = await saved(page, "#figure-1", "PNG");
  assert.is(png.name, "01-folding-figure-1.png");
  assert.is(png.content.toString("base64"), pixel, "it is the notebook's own picture");
  assert.equal([complaints, requests], [[], []]);
  await page.context().close();
});

test("a chart of pictures: they stand in the page once, and in what is saved", async () => {
  if (!browser) return;
  const html = fs.readFileSync(file("01-folding.html"), "utf8");
  assert.is(
    html.split(`src="data:image/png;base64,${pixel}"`).length - 1,
    2,
    "of figure 1, and inside of figure 2",
  );
  assert.match(html, '"url":"raster:0"');
  const { page, complaints } = await visit(browser, file("01-folding.html"));
  const shown = await page.locator("#figure-2 .live svg image").getAttribute("xlink:href");
  assert.is(
    shown ?? (await page.locator("#figure-2 .live svg image").getAttribute("href")),
    `data:image/png;base64,${pixel}`,
  );
  const spec = await saved(page, "#figure-2", "Vega-Lite");
  assert.equal(JSON.parse(spec.content.toString()), digits);
  assert.is((await saved(page, "#figure-2", "CSV")).content.toString(), "x,y\r\n1,2\r\n");
  const png = (await saved(page, "#figure-2", "PNG")).content;
  assert.is(png.subarray(1, 4).toString(), "PNG");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.ok(width > 400 && height > 200, `${width} by ${height} is not twice 200 by 100 and its axes`);
  assert.match((await saved(page, "#figure-2", "SVG")).content.toString(), pixel);
  assert.equal(complaints, []);
  await page.context().close();
});

test("the figures of the first page are saved too", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("index.html"));
  const csv = await saved(page, "#answer-1", "CSV");
  assert.is(csv.name, "01-folding-c4.csv");
  await page.context().close();
});

test("layers that share a table give it once; different tables are told apart", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-folding.html"));
  const rows = [{ a: 1 }, { a: 2 }];
  await page.locator("#figure-1 .spec").evaluate((script, spec) => (script.textContent = spec), JSON.stringify({
    ...doubling,
    data: undefined,
    layer: [
      { data: { values: rows }, mark: "point" },
      { data: { values: rows }, mark: "line" },
      { data: { values: [{ b: null }, { b: [1, 2] }] }, mark: "line" },
    ],
  })); // prettier-ignore
  assert.is(
    (await saved(page, "#figure-1", "CSV")).content.toString(),
    'table,a,b\r\n1,1,\r\n1,2,\r\n2,,\r\n2,,"[1,2]"\r\n',
  );
  await page.context().close();
});

test.run();
