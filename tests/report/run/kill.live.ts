import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { eventually, isRunning, notebookOf, repositoryWith } from "../fixtures";

const hang = (pids: string) => `
const fs = require("fs");
const child = require("child_process").spawn("sleep", ["600"], { stdio: "ignore" });
fs.writeFileSync(${JSON.stringify(pids)} + ".part", process.pid + " " + process.ppid + " " + child.pid);
fs.renameSync(${JSON.stringify(pids)} + ".part", ${JSON.stringify(pids)});
while (true) {}`;

/** A report whose notebook hangs: the runner, and the numbers of kernel, guard and the kernel's own child. */
async function hangingReport() {
  const root = repositoryWith({});
  const pids = path.join(root, "pids");
  fs.writeFileSync(
    path.join(root, "notebooks", "01-hang.ipynb"),
    JSON.stringify({ ...notebookOf(["# Hang", hang(pids)]) }),
  );
  const script = `require("@relu-lab/report").reportCommand([], ${JSON.stringify(root)}).then((code) => process.exit(code))`;
  const runner = spawn(process.execPath, ["-e", script], {
    cwd: path.join(__dirname, "../../.."),
    env: { ...process.env, TMPDIR: root },
    stdio: "ignore",
  });
  const ended = new Promise<number | string | null>((done) =>
    runner.on("exit", (code, signal) => done(signal ?? code)),
  );
  const processes = await eventually(
    "the hanging cell runs",
    () => fs.existsSync(pids) && fs.readFileSync(pids, "utf8").split(" ").map(Number),
  );
  return { root, runner, ended, processes };
}

for (const [signal, expected] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", "SIGKILL"],
] as const) {
  test(`after ${signal} no kernel, guard or child of a cell is left, and no file of theirs`, async () => {
    const { root, runner, ended, processes } = await hangingReport();
    assert.ok(processes.every(isRunning));
    runner.kill(signal);
    assert.is(await ended, expected);
    await eventually("all processes are gone", () => !processes.some(isRunning), 10_000);
    await eventually("the connection's folder is gone", () =>
      fs.readdirSync(root).every((name) => !name.startsWith("relu-lab-kernel-")),
    );
  });
}

test("a kernel whose guard is killed is ended by the runner, which fails", async () => {
  const { ended, processes } = await hangingReport();
  process.kill(processes[1], "SIGKILL");
  assert.is(await ended, 1);
  await eventually("all processes are gone", () => !processes.some(isRunning), 10_000);
});

test.run();
