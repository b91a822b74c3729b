/// <reference lib="dom" />
import * as fs from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const axeScript = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executable = process.env.RELU_LAB_CHROMIUM || places.find((file) => fs.existsSync(file));

/** The browser, or null with a printed reason where none is installed. */
export async function launchBrowser(): Promise<Browser | null> {
  if (!executable) {
    console.log(
      "skipped: pages in a browser, because chromium is not installed (RELU_LAB_CHROMIUM names one elsewhere)",
    );
    return null;
  }
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({ executablePath: executable, args });
}

/** A page opened from disk, and what it did that a page of the report must not do. */
export interface Visit {
  page: Page;
  /** Console messages of warnings and errors, uncaught errors. */
  complaints: string[];
  /** Addresses asked for, the page's own file and data: left out. */
  requests: string[];
}

/** Opens a file and waits until its charts are drawn. */
export async function visit(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a page that hangs fails; one that waits for a busy machine does not
  const complaints: string[] = [];
  const requests: string[] = [];
  const own = pathToFileURL(file).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const url = request.url().replace(/#.*$/, "");
    if (url !== own && !/^(data|blob):/.test(url)) requests.push(url);
  });
  await page.route(/^(https?|ftp):/, (route) => route.abort());
  await page.routeWebSocket(/./, (socket) => {
    requests.push(socket.url());
    return socket.close();
  });
  await page.goto(own);
  const drawing = options.javaScriptEnabled !== false && (await page.locator(".spec").count()) > 0;
  if (drawing) await page.waitForSelector("html[data-charts]");
  return { page, complaints, requests };
}

/** What axe finds on a page as it is now: rule, and where. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axeScript);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof import("axe-core") }).axe;
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
