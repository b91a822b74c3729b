// Runs a command as a process of its own, ends it with SIGKILL at some moment, and looks for what it left running.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { eventually } from "../report/fixtures";

/** A command: arguments of node, and where it runs. */
export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What became of it. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly ms: number;
}

/** Runs a command with a mark in its environment, which all its children inherit; `killAfter` ms it is killed. */
export function run({ args, cwd, env }: Command, mark: string, killAfter?: number): Promise<Ended> {
  return new Promise((done) => {
    const start = Date.now();
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env, RELU_LAB_TEST_MARK: mark },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.on("data", (data) => stdout.push(String(data)));
    child.stderr.on("data", (data) => stderr.push(String(data)));
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    // "exit" and not "close": a child of the killed process may hold its output for a moment.
    child.on(killAfter === undefined ? "close" : "exit", (code) => {
      clearTimeout(timer);
      done({ stdout: stdout.join(""), stderr: stderr.join(""), code, ms: Date.now() - start });
    });
  });
}

/** Numbers of the living processes that carry a mark. */
export function marked(mark: string): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const carries = fs
          .readFileSync(`/proc/${pid}/environ`, "utf8")
          .includes(`RELU_LAB_TEST_MARK=${mark}\0`);
        return carries && !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch {
        return false; // it ended while it was looked at
      }
    })
    .map(Number);
}

/** Waits until nothing that carries the mark runs any more. */
export const allGone = (mark: string) =>
  eventually(`processes of ${mark} are gone`, () => marked(mark).length === 0, 30_000);
