// The examples of relu-lab's guide run, and print what stands beside `console.log`.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as process from "node:process";
import { buildSync } from "esbuild";

const guide = path.resolve(__dirname, "../../packages/relu-lab/docs/your-own-network.md");
const [, part] = fs.readFileSync(guide, "utf8").split("## More than a count\n");
const examples = [...part.split("\n## ")[0].matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

test("there are examples", () => assert.is(examples.length, 4));

for (const code of examples) {
  test(
    code
      .split("\n")
      .find((line) => line.includes("await") || line.includes("regions."))!
      .trim(),
    () => {
      const said = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words);
      const { outputFiles } = buildSync({
        stdin: { contents: code, loader: "ts", resolveDir: __dirname },
        bundle: true,
        packages: "external",
        format: "esm",
        platform: "node",
        write: false,
      });
      const run = spawnSync(process.execPath, ["--input-type=module", "--eval", outputFiles[0].text], {
        cwd: __dirname,
        encoding: "utf8",
      });
      assert.is(run.stderr, "");
      assert.equal(run.stdout.trim().split("\n"), said);
    },
  );
}

test.run();
