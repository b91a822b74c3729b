// Part of npm run readme -- --screenshots: the report's first page and its explorer, as they lie in report/, in both themes.
import * as fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { root } from "./setup.mjs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What is shown of each page, and what is waited for. */
const shots = {
  async report(page) {
    await page.waitForSelector("html[data-charts]", { timeout: 60_000 });
    return page;
  },
  async explorer(page) {
    await page.locator("#learn-run").click();
    await page.getByRole("button", { name: "Train again" }).waitFor({ timeout: 300_000 });
    return page.locator("section[aria-labelledby=training]");
  },
};
const files = { report: "index.html", explorer: "explorer.html" };

/** Writes data/figures/{report,explorer}-{light,dark}.png. */
export async function takeScreenshots() {
  const executablePath = process.env.RELU_LAB_CHROMIUM || places.find((file) => fs.existsSync(file));
  if (!executablePath)
    throw new Error("screenshots need chromium: install it, or name it in RELU_LAB_CHROMIUM");
  const missing = Object.values(files).find((file) => !fs.existsSync(path.join(root, "report", file)));
  if (missing) throw new Error(`there is no report/${missing}: npm run report -- --profile full makes it`);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const viewport = { width: 1280, height: 860 };
    for (const colorScheme of ["light", "dark"]) {
      for (const [name, shot] of Object.entries(shots)) {
        const page = await browser.newPage({ colorScheme, viewport, reducedMotion: "reduce" });
        await page.goto(pathToFileURL(path.join(root, "report", files[name])).href);
        const target = await shot(page);
        await target.screenshot({ path: path.join(root, "data/figures", `${name}-${colorScheme}.png`) });
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}
