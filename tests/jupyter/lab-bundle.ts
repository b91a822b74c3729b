import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../report/fixtures";
import type { jupyterLabParts } from "./parts";

/** Bundles lab-page.mjs; gives a page in one of JupyterLab's themes. */
export async function labPage(
  parts: NonNullable<ReturnType<typeof jupyterLabParts>>,
): Promise<(theme: "light" | "dark") => string> {
  const modules = path.join(parts.folder, "node_modules");
  const folder = temporaryFolder();
  await parts.require("esbuild").build({
    entryPoints: [path.join(__dirname, "lab-page.mjs")],
    nodePaths: [modules],
    outfile: path.join(folder, "lab.js"),
    bundle: true,
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    loader: {
      ".svg": "dataurl",
      ".woff": "dataurl",
      ".woff2": "dataurl",
      ".ttf": "dataurl",
      ".eot": "dataurl",
    },
    logLevel: "error",
  });
  return (theme) => {
    const variables = path.join(modules, `@jupyterlab/theme-${theme}-extension/style/variables.css`);
    const file = path.join(folder, `${theme}.html`);
    fs.writeFileSync(
      file,
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>notebook</title>
<style>${fs.readFileSync(variables, "utf8")}
body { background: var(--jp-layout-color0); margin: 0 }</style>
<link rel="stylesheet" href="lab.css"><link rel="icon" href="data:,">
<body data-jp-theme-light="${theme === "light"}"><script src="lab.js"></script></body></html>`,
    );
    return file;
  };
}
