// Part of npm run readme -- --screenshots: the report's first page and its explorer, as they lie in report/, in both themes.
import * as fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { root } from "./setup.mjs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const pages = [
  { file: "index.html", name: "report", settled: "html[data-charts]" },
  { file: "explorer.html", name: "explorer", settled: "html[data-explorer]" },
];

/** Writes data/figures/{report,explorer}-{light,dark}.png. */
export async function takeScreenshots() {
  const executablePath = process.env.RELU_LAB_CHROMIUM || places.find((file) => fs.existsSync(file));
  if (!executablePath)
    throw new Error("screenshots need chromium: install it, or name it in RELU_LAB_CHROMIUM");
  const missing = pages.find(({ file }) => !fs.existsSync(path.join(root, "report", file)));
  if (missing) throw new Error(`there is no report/${missing.file}: npm run report -- --profile full`);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    for (const colorScheme of ["light", "dark"]) {
      const viewport = { width: 1280, height: 860 };
      const context = await browser.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
      for (const { file, name, settled } of pages) {
        const page = await context.newPage();
        await page.goto(pathToFileURL(path.join(root, "report", file)).href);
        await page.waitForSelector(settled, { state: "attached", timeout: 120_000 });
        await page.screenshot({ path: path.join(root, "data/figures", `${name}-${colorScheme}.png`) });
      }
    }
  } finally {
    await browser.close();
  }
}
