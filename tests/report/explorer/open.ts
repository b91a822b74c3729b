/// <reference lib="dom" />
// The explorer's page written to a folder of its own and opened, and what its tests do over and over.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { renderReport } from "@relu-lab/report";
import { network, type regions } from "relu-lab";
import { visit, type Visit } from "../browser";

/** Writes first page and explorer; the folder. */
export function explorerSite(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-explorer-"));
  const site = { title: "Example", question: "What is found?", introduction: "", explorer: true };
  for (const { file, html } of renderReport([], [], site)) fs.writeFileSync(path.join(folder, file), html);
  return folder;
}

/** Opens the explorer and waits until each of its parts shows something. */
export async function openExplorer(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const opened = await visit(browser, path.join(explorerSite(), "explorer.html"), options);
  opened.page.setDefaultTimeout(60_000);
  for (const id of ["saw-laps", "learn-plain-count", "plane-linear"])
    await opened.page.waitForFunction(
      (name) => /\d/.test(document.getElementById(name)?.textContent ?? ""),
      id,
    );
  return opened;
}

/** Waits until a part of the page shows a text; fails with what it shows instead. */
export async function shows(page: Page, id: string, text: string): Promise<void> {
  const told = () => page.locator(`#${id}`).innerText();
  for (const end = Date.now() + 20_000; Date.now() < end; await page.waitForTimeout(30))
    if ((await told()) === text) return;
  assert.is(await told(), text, id);
}

/** Drags a slider to a value. */
export const slide = (page: Page, id: string, value: number): Promise<void> =>
  page.locator(`#${id}`).fill(String(value));

/** A count as the page writes it. */
export const whole = (value: number): string => value.toLocaleString("en");

/** The file that a button saves, read as the package reads it. */
export async function saved(
  page: Page,
  button: string,
): Promise<{ file: string; json: network.NetworkJson; net: network.ReluNetwork }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${button}`).click()]);
  const file = await download.path();
  const json = JSON.parse(fs.readFileSync(file, "utf8")) as network.NetworkJson;
  return { file, json, net: network.networkFromJson(json) };
}

/**
 * Whether two networks are the same up to the last bits of the functions log, exp and cos: these differ between the V8 of a
 * browser and that of Node, and the random numbers and step sizes with them.
 */
export function assertSame(a: network.ReluNetwork, b: network.ReluNetwork, tolerance: number): void {
  assert.equal([...a.sizes], [...b.sizes]);
  const numbers = (net: network.ReluNetwork) =>
    net.layers.flatMap(({ weights, biases }) => [...weights, ...biases]);
  const expected = numbers(b);
  const worst = Math.max(...numbers(a).map((value, i) => Math.abs(value - expected[i])));
  assert.ok(worst <= tolerance, `weights differ by ${worst}`);
}

/** The plane of a saved network. */
export function savedDomain({ domain }: network.NetworkJson): regions.PlaneDomain {
  const { lo, hi, c, u, v } = domain as unknown as Record<string, number[]>;
  return c ? { origin: c, directions: [u, v], bounds: { lo, hi } } : { lo, hi };
}
