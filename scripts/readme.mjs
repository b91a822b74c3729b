// npm run readme [-- --check | --screenshots]: README.md's tables and pictures from the saved notebooks and benchmarks.
import { createRequire } from "node:module";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const require = createRequire(import.meta.url);
  const { readmeCommand } = require(path.join(root, "packages/report/dist/index.js"));
  const { drawSvg: draw } = require(path.join(root, "packages/notebook/dist/svg.js")); // as in the notebooks themselves
  const prettier = await import("prettier");
  const config = await prettier.resolveConfig(path.join(root, "README.md"));
  const format = (text) => prettier.format(text, { ...config, parser: "markdown" });
  if (args.includes("--screenshots")) await (await import("./screenshots.mjs")).takeScreenshots();
  return readmeCommand(
    args.filter((arg) => arg !== "--screenshots"),
    root,
    { draw, format },
  );
});
