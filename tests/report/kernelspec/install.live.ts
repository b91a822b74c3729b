import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { formatNotebook, jupyterDataFolder, kernelCommand, readNotebook } from "@relu-lab/report";
import { captured, notebookOf, temporaryFolder } from "../fixtures";

const root = path.join(__dirname, "../../..");

test("the folder of Jupyter's data is the platform's", () => {
  assert.is(jupyterDataFolder({ JUPYTER_DATA_DIR: "/data" }, "linux"), "/data");
  assert.is(jupyterDataFolder({ HOME: "/home/a" }, "linux"), "/home/a/.local/share/jupyter");
  assert.is(jupyterDataFolder({ HOME: "/home/a", XDG_DATA_HOME: "/x" }, "linux"), "/x/jupyter");
  assert.is(jupyterDataFolder({ HOME: "/Users/a" }, "darwin"), "/Users/a/Library/Jupyter");
});

test("the specification runs this repository's tslab, and Jupyter runs a notebook with it", async () => {
  const prefix = temporaryFolder();
  const { result, text } = await captured(() => kernelCommand(["--prefix", prefix], root));
  assert.is(result, 0, text);
  const data = path.join(prefix, "share", "jupyter");
  const spec = JSON.parse(fs.readFileSync(path.join(data, "kernels/tslab/kernel.json"), "utf8"));
  assert.ok(spec.argv.includes("--config-path={connection_file}"));
  assert.ok(
    spec.argv.includes(path.join(fs.realpathSync(root), "packages/report/dist/kernel/start-tslab.js")),
  );
  const files = spec.argv.filter((word: string) => path.isAbsolute(word));
  assert.ok(files.length >= 2 && files.every((file: string) => fs.existsSync(file)), files.join(" "));

  const jupyter = spawnSync("jupyter", ["nbconvert", "--version"]);
  if (jupyter.error || jupyter.status !== 0) {
    assert.match(text, "Jupyter is not found");
    console.log("skipped: a run by Jupyter itself, because jupyter nbconvert is not installed");
    return;
  }
  fs.writeFileSync(
    path.join(prefix, "x.ipynb"),
    formatNotebook(notebookOf(["# X", "const n = 20;", "console.log(n + 1)"])),
  );
  const run = spawnSync(
    "jupyter",
    ["nbconvert", "--to", "notebook", "--execute", "x.ipynb", "--output", "y.ipynb"],
    {
      cwd: prefix,
      env: { ...process.env, JUPYTER_PATH: data },
      encoding: "utf8",
    },
  );
  assert.is(run.status, 0, run.stderr);
  assert.equal(readNotebook(path.join(prefix, "y.ipynb")).cells[2].outputs, [
    { output_type: "stream", name: "stdout", text: "21\n" },
  ]);
});

test("where Jupyter is missing, the message says what to do", async () => {
  const saved = process.env.PATH;
  process.env.PATH = temporaryFolder();
  try {
    const { result, text } = await captured(() => kernelCommand(["--prefix", temporaryFolder()], root));
    assert.is(result, 0);
    assert.match(text, /Jupyter is not found[^]*jupyter lab notebooks/);
  } finally {
    process.env.PATH = saved;
  }
});

test("two places at once are refused", async () => {
  const { result, text } = await captured(() => kernelCommand(["--user", "--prefix", "/x"], root));
  assert.equal([result, /not both/.test(text)], [2, true]);
});

test.run();
