/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import { reportCommand } from "@relu-lab/report";
import { launchBrowser, visit } from "../browser";
import { captured, notebookOf, repositoryWith } from "../fixtures";

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const chart = `
const inside = Object.keys(require.cache).find((name) => name.endsWith("jupyter.js")) as string;
(require.cache[inside] as any).exports.lastWriteDisplayData({ data: {
  "application/vnd.vegalite.v5+json": {
    title: { text: "Doubling", subtitle: "Twice </script> as many" },
    description: "A rising line",
    width: 500, height: 200, data: { values: [{ n: 1, pieces: 2 }, { n: 2, pieces: 4 }] },
    mark: { type: "line", point: true, color: "black" },
    encoding: { x: { field: "n", type: "quantitative" }, y: { field: "pieces", type: "quantitative" } },
  },
  "image/png": "${pixel}", "text/plain": "Doubling",
}, metadata: { "image/png": { width: 300, height: 150 } }, transient: {} } as any, false);`;
const hostile = `const { display } = require("tslab");
display.html('<table><tr><td>7</td></tr></table><script>document.title = "broken"</script><img src="https://x.example/a.png" onerror="document.title=1">');
display.svg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>document.title = 2</script><rect width="9" height="9"/></svg>');
console.log("<b>plain</b> \\u001b[31mred\\u001b[0m");`;
const showcase = notebookOf([
  "# The **page**, $2^n$\n\nHow a page looks: $\\sum_i x_i \\in \\mathbb{R}$.\n\n![far](https://x.example/b.png)",
  { source: "const seed = 1;", tags: ["parameters"] },
  "## Drawing",
  chart,
  "## Hostile",
  hostile,
]);

const root = repositoryWith({ "01-page": showcase, "02-next": notebookOf(["# Next", "1"]) });
const file = (name: string) => path.join(root, "report", name);
let browser: Browser | null;
test.before(async () => {
  const { result, text } = await captured(() => reportCommand([], root));
  assert.is(result, 0, text);
  browser = await launchBrowser();
});
test.after(() => browser?.close());

test("a page holds everything, nothing more than once, in less than 3 MB", () => {
  const html = fs.readFileSync(file("01-page.html"), "utf8");
  assert.ok(html.length < 3e6, `${html.length} bytes`);
  assert.is(html.split('id="chart-library"').length, 2, "the charts' library stands once");
  assert.not.match(html, /<(?:link|script|img|iframe)[^>]+(?:src|href)="https?:/);
  assert.match(html, "A rising line");
  assert.not.match(
    fs.readFileSync(file("02-next.html"), "utf8"),
    'id="chart-library"',
    "no chart, no library",
  );
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test(`charts are drawn, nothing complains or leaves: ${colorScheme}, ${width} pixels`, async () => {
      if (!browser) return;
      const { page, complaints, requests } = await visit(browser, file("01-page.html"), {
        colorScheme,
        viewport: { width, height: 800 },
      });
      assert.is(
        (await page.locator("figure.chart.drawn .live svg.marks path").count()) > 0,
        true,
        "no drawing",
      );
      assert.is(await page.locator("figure.chart .still").isVisible(), false);
      assert.match(
        await page.locator("figcaption").innerText(),
        "Figure 1. Doubling. Twice </script> as many.",
      );
      const [drawn, room] = await page.evaluate(() => [
        document.querySelector("figure.chart svg.marks")?.getBoundingClientRect().width ?? 0,
        document.querySelector("figure.chart")?.clientWidth ?? 0,
      ]);
      assert.ok(drawn > 100 && drawn <= room + 1, `the drawing is ${drawn} wide in ${room}`);
      assert.is(
        await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
        false,
        "it overflows",
      );
      assert.match(await page.title(), /^1\. The page, 2\^n/);
      assert.equal(complaints, []);
      assert.equal(requests, []);
      await page.context().close();
    });
  }
}

test("formulas have the fonts they ask for", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-page.html"));
  const missing = await page.evaluate(async () => {
    await document.fonts.ready;
    const declared = new Set(
      [...document.fonts].map((f) => `${f.family} ${f.style} ${f.weight}`.replace(/"/g, "")),
    );
    const asked = [...document.querySelectorAll(".katex-html *")].filter(
      (e) => e.textContent && !e.children.length,
    );
    return asked
      .map((element) => getComputedStyle(element))
      .map(
        (style) =>
          `${style.fontFamily.split(",")[0].replace(/"/g, "")} ${style.fontStyle} ${style.fontWeight}`,
      )
      .filter((face) => face.startsWith("KaTeX") && !declared.has(face));
  });
  assert.equal(missing, []);
  await page.context().close();
});

test("without scripts the pictures stand, and the menu works", async () => {
  if (!browser) return;
  const { page } = await visit(browser, file("01-page.html"), { javaScriptEnabled: false });
  assert.is(await page.locator("figure.chart img.still").isVisible(), true);
  assert.is(await page.locator("button.open-search").isVisible(), false);
  await page.locator("details.menu summary").click();
  await page.locator(".menu a", { hasText: "Next" }).click();
  await page.waitForURL(/02-next\.html/);
  await page.context().close();
});

test("the first page leads to the sections, and they to each other", async () => {
  if (!browser) return;
  const { page, complaints, requests } = await visit(browser, file("index.html"));
  assert.equal([complaints, requests], [[], []]);
  await page.locator(".sections a").first().click();
  await page.waitForURL(/01-page\.html/);
  await page.locator("a[rel=next]").click();
  await page.waitForURL(/02-next\.html/);
  await page.context().close();
});

test.run();
