import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { formatNotebook, type Cell, type Notebook } from "@relu-lab/report";
import { sourcesDigest, withRecord, type RunRecord } from "../../packages/report/src/run/record";

/** A cell of a notebook made for a test: code, or markdown when it starts with a number sign. */
export type Source = string | { source: string; tags?: string[] };

const kernelspec = { display_name: "TypeScript", language: "typescript", name: "tslab" };

/** A small notebook; cells are named c1, c2, ... */
export function notebookOf(sources: readonly Source[], metadata: Record<string, unknown> = {}): Notebook {
  const cells = sources.map((given, i): Cell => {
    const { source, tags } = typeof given === "string" ? { source: given, tags: undefined } : given;
    const markdown = source.startsWith("#");
    return {
      cell_type: markdown ? "markdown" : "code",
      id: `c${i + 1}`,
      source,
      metadata: tags ? { tags } : {},
      ...(markdown ? {} : { outputs: [], execution_count: null }),
    };
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec, ...metadata }, cells };
}

const temporary: string[] = [];
process.on("exit", () => temporary.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the test's process ends. */
export function temporaryFolder(): string {
  temporary.push(fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-test-")));
  return temporary[temporary.length - 1];
}

/** A folder with `notebooks/` in it, as the report's command expects it. */
export function repositoryWith(notebooks: Record<string, Notebook>): string {
  const root = temporaryFolder();
  fs.mkdirSync(path.join(root, "notebooks"));
  for (const [name, notebook] of Object.entries(notebooks)) {
    fs.writeFileSync(path.join(root, "notebooks", `${name}.ipynb`), formatNotebook(notebook));
  }
  return root;
}

/** What a function writes to stdout and stderr, and what it returns. */
export async function captured<T>(work: () => T | Promise<T>): Promise<{ result: T; text: string }> {
  let text = "";
  const [out, err] = [process.stdout.write, process.stderr.write];
  const keep = ((chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  }) as typeof process.stdout.write;
  process.stdout.write = keep;
  process.stderr.write = keep;
  try {
    return { result: await work(), text };
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
}

/** Waits until `condition` gives a value; throws after `limit` ms. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false,
  limit = 20_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Whether a process is there and not just waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** What a report writes of a notebook that has been run: its text, with the record of a run that passed unless told otherwise. */
export function executedText(notebook: Notebook, told: Partial<RunRecord> = {}): string {
  const run: RunRecord = {
    status: "passed",
    profile: "quick",
    set: {},
    failure: null,
    seconds: 1,
    finished: new Date(0).toISOString(),
    sources: sourcesDigest(notebook),
    code: "",
    versions: {},
    commit: null,
  };
  return formatNotebook(withRecord(notebook, { ...run, ...told }));
}
