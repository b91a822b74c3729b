/// <reference lib="dom" />
// The classic notebook and nbconvert, as Debian has them.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { readNotebook } from "@relu-lab/report";
import { launchBrowser } from "../report/browser";
import { haveDebian } from "./debian";
import { folderOfNotebooks, jupyterEnvironment, startServer } from "./server";

interface Page {
  Jupyter?: {
    notebook: {
      kernel?: { is_connected(): boolean };
      execute_all_cells(): void;
      save_notebook(): Promise<void>;
      get_cells(): { cell_type: string; input_prompt_number: unknown }[];
    };
  };
}

const name = "05-piecewise-linear-regions";

const convert = haveDebian("jupyter-nbconvert", "jupyter-kernelspec") ? test : test.skip;
convert("nbconvert runs a notebook and makes a page of it, with its charts as pictures", () => {
  const folder = folderOfNotebooks(name);
  const words = ["--to", "html", "--execute", "--ExecutePreprocessor.timeout=600", `${name}.ipynb`];
  const result = spawnSync("jupyter-nbconvert", words, {
    cwd: folder,
    env: jupyterEnvironment(),
    encoding: "utf8",
  });
  assert.is(result.status, 0, result.stderr);
  const html = fs.readFileSync(path.join(folder, `${name}.html`), "utf8");
  assert.ok(html.split("data:image/png;base64,").length > 5, "no charts");
  assert.match(html, "regions/arrangement-equality"); // an id of a claim
});

const classic = haveDebian("jupyter-notebook", "jupyter-kernelspec") ? test : test.skip;
classic("the classic notebook opens one, runs all of it, shows the charts and saves", async () => {
  const browser = await launchBrowser();
  if (!browser) return;
  const folder = folderOfNotebooks(name);
  const server = await startServer("jupyter-notebook", folder);
  try {
    const page = await (await browser.newContext()).newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${server.url}notebooks/${name}.ipynb?token=${server.token}`);
    await page.waitForFunction(
      () => (window as unknown as Page).Jupyter?.notebook.kernel?.is_connected(),
      null,
      {
        timeout: 60_000,
      },
    );
    await page.evaluate(() => (window as unknown as Page).Jupyter!.notebook.execute_all_cells());
    await page.waitForFunction(
      () => {
        const { notebook } = (window as unknown as Page).Jupyter!;
        const code = notebook.get_cells().filter((cell) => cell.cell_type === "code");
        return code.every((cell) => Number.isInteger(cell.input_prompt_number));
      },
      null,
      { timeout: 300_000 },
    );
    assert.is(await page.locator(".output_stderr, .output_error").count(), 0);
    assert.ok((await page.locator(".output_png img").count()) > 5, "no charts");
    await page.evaluate(() => (window as unknown as Page).Jupyter!.notebook.save_notebook());
    assert.equal(errors, []);
    const saved = readNotebook(path.join(folder, `${name}.ipynb`));
    assert.ok(saved.cells.some((cell) => (cell.outputs ?? []).length > 0));
  } finally {
    await browser.close();
    await server.stop();
  }
});

test.run();
