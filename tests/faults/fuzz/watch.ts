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
  /** How long one input may take, in s. */
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

function lastInput(journal: string): { count: number; input: string } {
  const bytes = fs.existsSync(journal) ? fs.readFileSync(journal) : Buffer.alloc(0);
  if (bytes.length < 8) return { count: 0, input: "none" };
  const input = deserialize(bytes.subarray(8, 8 + bytes.readUInt32LE(4)));
  return { count: bytes.readUInt32LE(0), input: inspect(input, { depth: 8, maxStringLength: 2000 }) };
}

/** Most memory that a process of Linux has had, in MiB; 0 where that is not told. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
  } catch {
    return 0;
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
  let [last, since, peak, why] = [0, performance.now(), 0, ""];
  const stop = (reason: string) => {
    why ||= reason;
    child.kill("SIGKILL");
  };
  const look = setInterval(() => {
    const { count } = lastInput(journal);
    if (count !== last) [last, since] = [count, performance.now()];
    peak = Math.max(peak, peakOf(child.pid!));
    // Before its first input a process is being loaded, which a busy machine may take its time for.
    const limit = last === 0 ? Math.max(seconds, 60) : seconds;
    if (performance.now() - since > limit * 1000) stop(`takes longer than ${limit} s`);
    if (peak > memory) stop(`takes ${peak.toFixed(0)} MiB`);
  }, 100);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on("close", (...ended) => done(ended)),
  );
  clearInterval(look);
  const { count, input } = lastInput(journal);
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
