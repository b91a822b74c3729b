// Stands between the runner and the kernel so that the kernel never outlives the runner, however that one ends:
// standard input is a pipe that only the runner holds, and the system closes it even after kill -9.
//   node guard.js FOLDER COMMAND [ARGUMENT ...]      FOLDER: the connection's, removed at the end
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const [folder, command, ...args] = process.argv.slice(2);
// A group of its own: whatever a cell starts is in it and goes with it.
const kernel = spawn(command, args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
const groups = process.platform !== "win32";

function signal(name: NodeJS.Signals): void {
  if (kernel.pid === undefined) return;
  try {
    process.kill(groups ? -kernel.pid : kernel.pid, name);
  } catch {
    // It has ended already.
  }
}

kernel.on("error", (error) => {
  process.stderr.write(`the kernel cannot be started: ${error.message}\n`);
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit(127);
});
kernel.on("exit", (code) => {
  signal("SIGKILL"); // what the kernel left behind in its group
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
// For the runner, should somebody kill this guard.
if (kernel.pid !== undefined) fs.writeFileSync(path.join(folder, "pid"), String(kernel.pid));

let pending = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  const lines = (pending + text).split("\n");
  pending = lines.pop() ?? "";
  for (const line of lines) {
    if (line === "interrupt") signal("SIGINT");
    if (line === "kill") signal("SIGKILL");
  }
});
for (const event of ["end", "close", "error"]) process.stdin.on(event, () => signal("SIGKILL"));
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => signal("SIGKILL"));
