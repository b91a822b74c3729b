// Part of npm run lint: what tslab cannot run and what the report misses in notebooks/*.ipynb.
import * as fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async () => {
  await setup();
  const require = createRequire(import.meta.url);
  const { lintNotebook, formatProblem } = require(path.join(root, "packages/report/dist/index.js"));
  const folder = path.join(root, "notebooks");
  const files = fs.readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  const problems = files.flatMap((file) =>
    lintNotebook(fs.readFileSync(path.join(folder, file), "utf8"), file).map((p) => formatProblem(file, p)),
  );
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} notebooks, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
});
