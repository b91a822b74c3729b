import type { Writable } from "node:stream";
import type { CellStart } from "./run-notebook";

/** 75.2 as 1:15. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

interface Running extends CellStart {
  name: string;
  since: number;
}

/**
 * Says which notebook and which cell runs, and the time so far: one line kept in place on a terminal, a line for each
 * cell otherwise.
 */
export class Progress {
  readonly #stream: Writable & { isTTY?: boolean; columns?: number };
  readonly #start = performance.now();
  readonly #running = new Map<string, Running>();
  readonly #timer: NodeJS.Timeout;
  #shown = false;

  constructor(stream: Writable & { isTTY?: boolean; columns?: number } = process.stderr) {
    this.#stream = stream;
    // On a terminal the clock ticks; elsewhere a long cell is mentioned now and then.
    this.#timer = setInterval(() => this.#tick(), stream.isTTY ? 500 : 30_000);
    this.#timer.unref();
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** A cell begins. */
  cell(name: string, start: CellStart): void {
    this.#running.set(name, { ...start, name, since: performance.now() });
    if (this.#stream.isTTY) this.#draw();
    else
      this.#line(
        `${name}: cell ${start.index} of ${start.count}${start.heading ? `, ${start.heading}` : ""}`,
      );
  }

  /** A notebook has ended. */
  done(name: string, text: string): void {
    this.#running.delete(name);
    this.print(`${clock(this.seconds)} ${name}: ${text}`);
  }

  /** Prints a line above the progress line. */
  print(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** Takes the line away. */
  close(): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.#clear();
  }

  #tick(): void {
    if (this.#stream.isTTY) return this.#draw();
    for (const { name, index, count, since } of this.#running.values()) {
      const seconds = (performance.now() - since) / 1000;
      if (seconds > 25) this.#line(`${name}: still in cell ${index} of ${count}, for ${clock(seconds)}`);
    }
  }

  #line(text: string): void {
    this.#stream.write(`${clock(this.seconds)} ${text}\n`);
  }

  #clear(): void {
    if (this.#shown) this.#stream.write("\r\x1b[K");
    this.#shown = false;
  }

  #draw(): void {
    if (!this.#stream.isTTY || this.#running.size === 0) return;
    const parts = [...this.#running.values()].map(({ name, index, count, heading }) => {
      const short = this.#running.size === 1 && heading ? ` ${heading}` : "";
      return `${name} ${index}/${count}${short}`;
    });
    const width = (this.#stream.columns || 80) - 1;
    const text = `${clock(this.seconds)}  ${parts.join("  |  ")}`;
    this.#stream.write(`\r\x1b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    this.#shown = true;
  }
}
