import { Kernel, KernelDiedError, type KernelOptions } from "../kernel/kernel";
import type { Cell, Notebook, Output } from "../notebook/nbformat";
import { OutputCollector } from "../notebook/outputs";
import { findTrace } from "./trace";

/** Why a notebook stopped: the cell (counted from 1 among all cells), its source, and what the kernel said. */
export interface Failure {
  kind: "error" | "timeout" | "kernel died" | "kernel did not start";
  cell: number;
  id: string;
  source: string;
  trace: string;
}

/** What is told while a notebook runs. */
export interface CellStart {
  /** Which code cell, counted from 1, of how many. */
  index: number;
  count: number;
  /** The nearest heading above. */
  heading: string;
}

/** How a notebook is run. */
export interface RunOptions extends KernelOptions {
  /** A cell is interrupted after this many ms. */
  cellTimeout: number;
  /** How long an interrupted cell may take to stop before the kernel is killed, in ms; 5,000 by default. */
  interruptGrace?: number;
  /** Called when a cell begins. */
  onCell?: (start: CellStart) => void;
  /** Ends the run, and the kernel, at once. */
  signal?: AbortSignal;
}

/** What became of a notebook that was run. */
export interface RunResult {
  notebook: Notebook;
  failure: Failure | null;
  /** Wall time in s, the kernel's start included. */
  seconds: number;
}

const delay = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function headingAbove(cells: readonly Cell[], index: number): string {
  for (let i = index; i >= 0; i--) {
    const heading = cells[i].cell_type === "markdown" && /^#{1,6}\s+(.+)$/m.exec(cells[i].source);
    if (heading) return heading[1].replace(/[*_`$]/g, "").trim();
  }
  return "";
}

/**
 * Runs a notebook's code cells in order in a kernel of its own. The first error stops it: the notebook that comes
 * back holds the outputs up to then, and `failure` says where and why. Throws only when `signal` aborts.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<RunResult> {
  const start = performance.now();
  const cells = notebook.cells.map((cell): Cell =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : { ...cell },
  );
  const result = (failure: Failure | null): RunResult => ({
    notebook: { ...notebook, cells },
    failure,
    seconds: (performance.now() - start) / 1000,
  });
  const fail = (kind: Failure["kind"], index: number, trace: string): Failure => ({
    kind,
    cell: index + 1,
    id: cells[index]?.id ?? "",
    source: cells[index]?.source ?? "",
    trace,
  });

  options.signal?.throwIfAborted();
  let kernel: Kernel;
  const first = Math.max(
    0,
    cells.findIndex((cell) => cell.cell_type === "code"),
  );
  try {
    kernel = await Kernel.start(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    return result(fail("kernel did not start", first, (error as Error).message));
  }
  const abort = () => void kernel.kill();
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted) abort();
  try {
    return result(await runCells(kernel, cells, options, fail));
  } finally {
    options.signal?.removeEventListener("abort", abort);
    await kernel.shutdown();
    options.signal?.throwIfAborted();
  }
}

async function runCells(
  kernel: Kernel,
  cells: Cell[],
  options: RunOptions,
  fail: (kind: Failure["kind"], index: number, trace: string) => Failure,
): Promise<Failure | null> {
  const collector = new OutputCollector();
  const code = cells.flatMap((cell, at) => (cell.cell_type === "code" && cell.source.trim() ? [at] : []));
  for (const [index, at] of code.entries()) {
    const cell = cells[at];
    const outputs = cell.outputs as Output[];
    options.onCell?.({ index: index + 1, count: code.length, heading: headingAbove(cells, at) });

    let timedOut = false;
    const grace = options.interruptGrace ?? 5000;
    const interrupt = setTimeout(() => {
      timedOut = true;
      kernel.interrupt();
      killing = setTimeout(() => void kernel.kill(), grace);
    }, options.cellTimeout);
    let killing: NodeJS.Timeout | undefined;
    let status = "error";
    try {
      const reply = await kernel.execute(cell.source, (message) => collector.take(message, outputs));
      cell.execution_count = reply.executionCount;
      status = reply.status;
    } catch (error) {
      if (!(error instanceof KernelDiedError)) throw error;
      if (!timedOut)
        return fail("kernel died", at, [stderrOf(outputs), error.message].filter(Boolean).join("\n"));
    } finally {
      clearTimeout(interrupt);
      clearTimeout(killing);
    }
    if (timedOut) {
      const said = `the cell ran longer than ${options.cellTimeout / 1000} s and was stopped (--cell-timeout)`;
      return fail("timeout", at, [said, stderrOf(outputs)].filter(Boolean).join("\n"));
    }
    const trace = findTrace(status, cell, outputs);
    if (trace !== null) return fail("error", at, trace);
  }
  return await lateFailure(cells, code, fail);
}

/** An error may come after its cell has ended, from a timer or a promise nobody awaits. */
async function lateFailure(
  cells: Cell[],
  code: number[],
  fail: (kind: Failure["kind"], index: number, trace: string) => Failure,
): Promise<Failure | null> {
  await delay(20);
  for (const at of code) {
    const trace = findTrace("ok", cells[at], cells[at].outputs ?? []);
    if (trace !== null) return fail("error", at, trace);
  }
  return null;
}

const stderrOf = (outputs: readonly Output[]) =>
  outputs
    .map((output) => (output.output_type === "stream" && output.name === "stderr" ? output.text : ""))
    .join("")
    .trim();
