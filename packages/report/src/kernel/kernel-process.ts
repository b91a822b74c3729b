import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Connection } from "./connection";

const keptBytes = 20_000;

/** The command that runs tslab's kernel; `connectionFile` may be Jupyter's `{connection_file}`. */
export function kernelCommandLine(connectionFile: string): string[] {
  return [
    process.execPath,
    path.join(__dirname, "start-tslab.js"),
    "kernel",
    `--config-path=${connectionFile}`,
  ];
}

/** The operating system's side of a kernel: started under a guard, interrupted, killed, its end awaited. */
export class KernelProcess {
  /** Resolves when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  readonly #guard: ChildProcess;
  #raw = "";

  constructor(connection: Connection, cwd: string, env: NodeJS.ProcessEnv) {
    this.#guard = spawn(
      process.execPath,
      [path.join(__dirname, "guard.js"), connection.folder, ...kernelCommandLine(connection.file)],
      {
        cwd,
        env,
        detached: true, // the terminal's Ctrl-C must reach the runner alone, which ends its kernels in order
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    const keep = (data: Buffer) => (this.#raw = (this.#raw + data.toString("utf8")).slice(-keptBytes));
    this.#guard.stdout?.on("data", keep);
    this.#guard.stderr?.on("data", keep);
    this.#guard.stdin?.on("error", () => {}); // the guard has ended; `ended` tells
    this.ended = new Promise((done) => {
      this.#guard.on("error", (error) => {
        fs.rmSync(connection.folder, { recursive: true, force: true }); // no guard will
        done(`could not be started in ${cwd}: ${error.message}`);
      });
      this.#guard.on("exit", (code, signal) => {
        if (signal) killOrphan(connection.folder);
        done(signal ? `its guard was ended by ${signal}` : `ended with code ${code}`);
      });
    });
  }

  /** What the process wrote past the protocol (native code, a crash), its last part. */
  get rawOutput(): string {
    return this.#raw.trim();
  }

  /** Stops the running cell, as Jupyter's button does. */
  interrupt(): void {
    this.#guard.stdin?.write("interrupt\n");
  }

  /** Ends the process group at once. */
  async kill(): Promise<void> {
    this.#guard.stdin?.end("kill\n");
    await this.ended;
  }
}

/** Ends a kernel whose guard was killed before it could. */
function killOrphan(folder: string): void {
  try {
    process.kill(-Number(fs.readFileSync(path.join(folder, "pid"), "utf8")), "SIGKILL");
  } catch {
    // Nothing is left.
  }
  fs.rmSync(folder, { recursive: true, force: true });
}
