import process from "node:process";
import { display, inKernel, type Bundle } from "./kernel";
import { steady } from "./steady";
import { escapeHtml, formatSeconds, formatValue } from "./text";

/** How a progress bar is labelled and driven. */
export interface ProgressOptions {
  /** What is going on. */
  label?: string;
  /** Unit of the steps, e.g. "trials". */
  unit?: string;
  /** Where the bar is drawn: by default the cell, or the terminal outside a kernel. */
  sink?: ProgressSink;
  /** Milliseconds, only growing; for tests. */
  clock?: () => number;
}

/** Where a progress bar is drawn. */
export interface ProgressSink {
  /** Least milliseconds between two drawings. */
  readonly interval: number;
  /** Shows the state in place of the one before. */
  draw(state: ProgressState): void;
}

/** What a progress bar shows. */
export interface ProgressState {
  label: string;
  unit: string;
  done: number;
  total: number;
  /** Seconds since the bar was made. */
  seconds: number;
  /** Steps a second since then; 0 before the first step. */
  rate: number;
  note: string;
  /** Whether the work is over. */
  finished: boolean;
}

/** A progress bar. */
export interface Progress {
  /** Says how many of the steps are done, with a few words; draws at most a few times a second. */
  update(done: number, note?: string): void;
  /** Draws the bar's last state, complete or not, and closes it; harmless when repeated. */
  done(note?: string): void;
}

/** A bar's state as one line: `label ███░░ 45 % · 9/20 trials · 3.1/s · 4 s left · note`. */
export function progressLine(state: ProgressState, cells = 20): string {
  const { label, unit, done, total, seconds, rate, note, finished } = state;
  const steps = [total > 0 ? `${formatValue(done)}/${formatValue(total)}` : formatValue(done), unit]
    .filter(Boolean)
    .join(" ");
  const perSecond = rate > 0 ? `${formatValue(rate, 2)}/s` : "";
  const parts: string[] = [];
  if (finished) {
    const stopped = total > 0 && done < total ? "stopped at " : "";
    const count = `${stopped}${stopped ? steps : `${formatValue(done)}${unit ? ` ${unit}` : ""}`}`;
    if (steady()) parts.push(count);
    else parts.push(`${count} in ${formatSeconds(seconds)}`, perSecond);
  } else {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const full = Math.round(share * cells);
    if (total > 0) parts.push(`${"█".repeat(full)}${"░".repeat(cells - full)} ${Math.floor(share * 100)} %`);
    parts.push(steps, perSecond);
    if (rate > 0 && total > done) parts.push(`${formatSeconds((total - done) / rate)} left`);
  }
  parts.push(note);
  return `${label ? `${label}: ` : ""}${parts.filter(Boolean).join(" · ")}`;
}

function asBundle(state: ProgressState): Bundle {
  const text = progressLine(state);
  if (state.finished)
    return { "text/plain": text, "text/html": `<div class="relu-lab-progress">${escapeHtml(text)}</div>` };
  const value = state.total > 0 ? ` value="${state.done}" max="${state.total}"` : "";
  const html =
    `<div class="relu-lab-progress"><progress${value} aria-label="${escapeHtml(state.label || "progress")}"></progress> ` +
    `<span>${escapeHtml(progressLine(state, 0).replace(/: {1,2}(\d+ %)/, ": $1"))}</span></div>`;
  return { "text/plain": text, "text/html": html };
}

let bars = 0;

/** Draws in the running cell, replacing its own display. */
function cellSink(): ProgressSink {
  const id = `relu-lab-progress-${process.pid}-${++bars}`;
  let drawn = false;
  return {
    interval: 200,
    draw(state) {
      display(asBundle(state), { id, update: drawn });
      drawn = true;
    },
  };
}

/** Draws on stderr: over one line on a terminal, and only now and then into a file. */
function terminalSink(): ProgressSink {
  const stream = process.stderr;
  const live = stream.isTTY === true;
  return {
    interval: live ? 100 : 10_000,
    draw(state) {
      const line = progressLine(state);
      if (live)
        stream.write(`\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}${state.finished ? "\n" : ""}`);
      else if (state.finished || state.done > 0) stream.write(`${line}\n`);
    },
  };
}

/**
 * A progress bar that updates in place: share, rate and time left; one tidy line when the work is over.
 *
 * Drawing is throttled (5 times a second in a notebook), so that it may be called at every step. A loop that never
 * awaits keeps the kernel from sending: `await` something now and then if the bar shall move.
 *
 * @param total number of steps; 0 when it is not known
 * @param options label and unit of the steps
 * @returns the bar; `bar.update` can be handed on as a callback
 * @throws Error when `total` is negative or not a number
 * @example
 * const bar = progress(200, { label: "training", unit: "trials" });
 * const rows = await experiments.run(config, { onProgress: bar.update });
 * bar.done();
 */
export function progress(total: number, options: ProgressOptions = {}): Progress {
  if (!(total >= 0) || !Number.isFinite(total)) {
    throw new Error(`progress: total is ${total}; give the number of steps, or 0 when it is not known`);
  }
  const { label = "", unit = "", clock = () => performance.now() } = options;
  const sink = options.sink ?? (inKernel() ? cellSink() : terminalSink());
  const start = clock();
  let last = start;
  let count = 0;
  let words = "";
  let closed = false;

  const draw = (finished: boolean) => {
    last = clock();
    const seconds = (last - start) / 1000;
    const rate = seconds > 0 ? count / seconds : 0;
    sink.draw({ label, unit, done: count, total, seconds, rate, note: words, finished });
  };
  draw(false);
  return {
    update(done, note) {
      if (closed) return;
      count = done;
      if (note !== undefined) words = note;
      if (clock() - last >= sink.interval) draw(false);
    },
    done(note) {
      if (closed) return;
      closed = true;
      words = note ?? "";
      draw(true); // the last update may have been left undrawn
    },
  };
}
