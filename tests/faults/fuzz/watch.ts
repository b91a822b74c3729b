// Runs a parser's fuzz in a process of its own and watches it: for an input that takes too long, even in a loop without
// end; for memory; for files that appear around it.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { inspect } from "node:util";
import { deserialize } from "node:v8";

/** Limits of one parser. */
export interface Limits {
  /** How long one input may take, in s of computing; fifteen times as long by the clock, as the machine may be busy. */
  readonly seconds: number;
  /** How much memory the process may have, in MiB. */
  readonly memory: number;
}

/** What a parser's run has come to. */
export interface Watched {
  /** Inputs that it was given, those by which a failure was made smaller included. */
  readonly inputs: number;
  /** Most memory of the process, in MiB. */
  readonly peak: number;
}

/** How many inputs there have been so far. */
function countOf(journal: string): number {
  const bytes = fs.existsSync(journal) ? fs.readFileSync(journal) : Buffer.alloc(0);
  return bytes.length < 8 ? 0 : bytes.readUInt32LE(0);
}

/** The input that was read last, in words. */
function lastInput(journal: string): string {
  try {
    const bytes = fs.readFileSync(journal);
    const input: unknown = deserialize(bytes.subarray(8, 8 + bytes.readUInt32LE(4)));
    return inspect(input, { depth: 12, maxStringLength: 2000, breakLength: Infinity });
  } catch {
    return "an input that was not written down in time";
  }
}

/** Most memory that a process of Linux has had, in MiB; 0 where that is not told. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
  } catch {
    return 0;
  }
}

/** The time for which a process of Linux has computed, in s; undefined where that is not told. */
function computedBy(pid: number): number | undefined {
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100; // in the hundredths of a second of every Linux
  } catch {
    return undefined;
  }
}

/**
 * Runs `runs` damaged inputs through the parser of that name.
 * @throws Error that names the parser and the input when one takes too long or too much, ends the process or leaves a
 *   file; and with the parser's own failure
 */
export async function watchedFuzz(
  name: string,
  runs: number,
  { seconds, memory }: Limits = { seconds: 20, memory: 1024 },
): Promise<Watched> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-fuzz-"));
  const journal = path.join(scratch, "journal");
  const around = path.join(scratch, "around");
  const [cwd, home, tmp] = ["a/b/cwd", "home", "tmp"].map((folder) => path.join(around, folder));
  for (const folder of [cwd, home, tmp]) fs.mkdirSync(folder, { recursive: true });
  const listing = () => (fs.readdirSync(around, { recursive: true }) as string[]).sort().join("\n");
  const before = listing();
  const tsx = require.resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", tsx, path.join(__dirname, "child.ts"), name, String(runs), journal],
    {
      cwd,
      env: { ...process.env, HOME: home, TMPDIR: tmp, TSX_DISABLE_CACHE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  let [last, since, computed, peak, why] = [0, performance.now(), 0, 0, ""];
  const stop = (reason: string) => {
    why ||= reason;
    child.kill("SIGKILL");
  };
  const look = setInterval(() => {
    const count = countOf(journal);
    const now = computedBy(child.pid!);
    if (count !== last) [last, since, computed] = [count, performance.now(), now ?? 0];
    peak = Math.max(peak, peakOf(child.pid!));
    // Before its first input a process is being loaded.
    const limit = last === 0 ? Math.max(seconds, 60) : seconds;
    const waited = (performance.now() - since) / 1000;
    if ((now ?? waited) - computed > limit || waited > 15 * limit) stop(`takes longer than ${limit} s`);
    if (peak > memory) stop(`takes ${peak.toFixed(0)} MiB`);
  }, 100);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on("close", (...ended) => done(ended)),
  );
  clearInterval(look);
  const [count, input] = [countOf(journal), lastInput(journal)];
  const after = listing();
  fs.rmSync(scratch, { recursive: true, force: true });
  const fail = (what: string): never => {
    throw new Error(`${name}: input ${count} ${what}: ${input}\n${said}`);
  };
  if (why) fail(why);
  if (signal) fail(`ends the process by ${signal}`);
  if (code !== 0) fail("fails");
  if (after !== before) fail(`or one before it left files around: ${after}, where there were ${before}`);
  return { inputs: count, peak };
}
