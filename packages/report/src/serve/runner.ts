import { spawn, type ChildProcess } from "node:child_process";

/** What a run says while it goes on, and how it ended. */
export interface RunnerEvents {
  /** A line of its progress. */
  line(text: string): void;
  /** It has ended by itself, with a code and the last lines it said. */
  ended(code: number, last: string): void;
}

const grace = 10_000;

/**
 * Runs one command at a time, each in a process of its own, so that the code it runs is always the newest. A new run
 * ends the one before: what that was making is old.
 */
export class Runner {
  #child: ChildProcess | undefined;
  #turn: Promise<void> = Promise.resolve();

  /**
   * @param command program and arguments
   * @param folder where it runs
   */
  constructor(
    readonly command: readonly string[],
    readonly folder: string,
    readonly events: RunnerEvents,
  ) {}

  /** Starts a run as soon as the one before has ended. */
  start(): void {
    this.#turn = this.stop().then(() => this.#spawn());
  }

  /** Ends the run, its kernels included; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#turn;
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((done) => child.once("close", () => done()));
    this.#child = undefined;
    child.kill("SIGTERM");
    const killing = setTimeout(() => child.kill("SIGKILL"), grace);
    await gone;
    clearTimeout(killing);
  }

  #spawn(): void {
    const [program, ...words] = this.command;
    const child = spawn(program, words, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const lines: string[] = [];
    const take = (data: Buffer) => {
      for (const line of data.toString("utf8").split("\n")) {
        if (line.trim() === "") continue;
        lines.push(line);
        if (lines.length > 20) lines.shift();
        this.events.line(line);
      }
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.on("error", (error) => take(Buffer.from(error.message)));
    child.on("close", (code) => {
      if (this.#child !== child) return; // it was told to stop: another one follows
      this.#child = undefined;
      this.events.ended(code ?? 1, lines.slice(-3).join("\n"));
    });
  }
}
