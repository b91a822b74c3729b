import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.join(__dirname, "../..");
const empty = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-pack-"));
process.on("exit", () => fs.rmSync(empty, { recursive: true, force: true }));

function run(command: string, args: string[], cwd = empty): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  assert.is(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

const packages = ["tfjs-wasm-training", "relu-lab", "notebook", "report"];

test("every public package installs from its archive into an empty project", () => {
  fs.writeFileSync(path.join(empty, "package.json"), '{ "name": "empty", "private": true }');
  const archives = packages.map((name) => {
    const folder = path.join(root, "packages", name);
    const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", empty], folder));
    const files: string[] = packed.files.map((file: { path: string }) => file.path);
    for (const wanted of ["README.md", "LICENSE", "package.json"])
      assert.ok(files.includes(wanted), `${name}: ${wanted}`);
    if (name === "relu-lab") assert.ok(files.includes("docs/your-own-network.md"));
    return `./${packed.filename}`;
  });
  run("npm", ["install", "--no-audit", "--no-fund", ...archives]);
});

const body = `
  const count = async (workers) =>
    (await regions.countPlane(network.heNetwork([2, 32, 32, 1], random.generator(1)), { lo: [-1, -1], hi: [1, 1] }, { workers })).regions;
  console.log(await count(1), await count(2), typeof countPlane, typeof notebook.chart, typeof report.reportCommand);
  console.log((await readNetwork(${JSON.stringify(path.join(root, "data/networks/rings-keras/model.json"))})).network.sizes.join("-"));
`;

test("CommonJS and ES modules answer alike", () => {
  fs.writeFileSync(
    path.join(empty, "a.cjs"),
    `const { network, random, regions } = require("relu-lab");
     const { countPlane } = require("relu-lab/regions");
     const { readNetwork } = require("relu-lab/formats");
     const notebook = require("@relu-lab/notebook"), report = require("@relu-lab/report");
     (async () => {${body}})();`,
  );
  fs.writeFileSync(
    path.join(empty, "b.mjs"),
    `import { network, random, regions } from "relu-lab";
     import { countPlane } from "relu-lab/regions";
     import { readNetwork } from "relu-lab/formats";
     import * as notebook from "@relu-lab/notebook";
     import * as report from "@relu-lab/report";
     ${body}`,
  );
  const [first, second, ...kinds] = run(process.execPath, ["a.cjs"]).trim().split(/\s/);
  assert.ok(Number(first) > 100);
  assert.is(first, second);
  assert.equal(kinds, ["function", "function", "function", "2-16-16-2"]);
  assert.equal(run(process.execPath, ["b.mjs"]).trim().split(/\s/), [first, second, ...kinds]);
});

test("tfjs-wasm-training trains a model of somebody else's", () => {
  fs.writeFileSync(
    path.join(empty, "train.mjs"),
    `import tf from "@tensorflow/tfjs";
     import "@tensorflow/tfjs-backend-wasm";
     import training from "tfjs-wasm-training";
     await tf.setBackend("wasm");
     training.enableTraining();
     const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, activation: "relu", inputShape: [2] }), tf.layers.dense({ units: 1 })] });
     model.compile({ optimizer: "adam", loss: "meanSquaredError" });
     const x = tf.randomUniform([64, 2], -1, 1, "float32", 1);
     const { history } = await model.fit(x, x.sum(1, true), { epochs: 20, verbose: 0, shuffle: false });
     console.log(history.loss[19] < history.loss[0]);`,
  );
  assert.match(run(process.execPath, ["train.mjs"]), /true/);
});

test("the command answers, and types are found", () => {
  const file = path.join(root, "tests/fixtures/formats/mlp.onnx");
  assert.is(JSON.parse(run("npx", ["relu-lab", "regions", file, "--box=-1,1", "--json"])).certified, true);
  const model = path.join(root, "data/networks/rings-tfjs/model.json");
  run("npx", ["relu-lab", "regions", model, "--box=-1,1", "--picture", "rings.png"]);
  assert.ok(fs.statSync(path.join(empty, "rings.png")).size > 10_000);
  fs.writeFileSync(
    path.join(empty, "typed.ts"),
    `import { regions } from "relu-lab";
     import { countPlane } from "relu-lab/regions";
     export const same: boolean = regions.countPlane === countPlane;`,
  );
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  for (const resolution of [
    ["node16", "node16"],
    ["commonjs", "node10"],
    ["esnext", "bundler"],
  ]) {
    run(process.execPath, [
      compiler,
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      resolution[0],
      "--moduleResolution",
      resolution[1],
      "typed.ts",
    ]);
  }
});

test.run();
