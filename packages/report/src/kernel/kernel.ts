import { randomUUID } from "node:crypto";
import { Channels } from "./channels";
import { createConnection } from "./connection";
import { KernelProcess } from "./kernel-process";
import { createMessage, type Message } from "./message";

/** How a kernel is started. */
export interface KernelOptions {
  /** Working folder, from which a cell's imports are resolved. */
  cwd: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** How long the start may take, in ms. */
  startTimeout?: number;
}

/** What a kernel answers to an execution. */
export interface ExecuteReply {
  status: string;
  executionCount: number | null;
}

/** Thrown when the kernel is gone while something is asked of it. */
export class KernelDiedError extends Error {}

interface Pending {
  onOutput: (message: Message) => void;
  onReply: (message: Message) => void;
  onIdle: () => void;
}

const idleLimit = 60_000;

const delay = (ms: number) => new Promise<void>((done) => setTimeout(done, ms).unref());

/**
 * A running tslab kernel.
 * @example
 * const kernel = await Kernel.start({ cwd: "notebooks" });
 * const reply = await kernel.execute("console.log(6 * 7)", (message) => console.log(message.content));
 * await kernel.shutdown();
 */
export class Kernel {
  readonly #process: KernelProcess;
  readonly #channels: Channels;
  readonly #session = randomUUID();
  readonly #pending = new Map<string, Pending>();
  readonly #died: Promise<never>;
  #alive = true;

  private constructor(process: KernelProcess, connect: (onMessage: (m: Message) => void) => Channels) {
    this.#process = process;
    this.#channels = connect((message) => this.#receive(message));
    this.#died = process.ended.then((how) => {
      this.#alive = false;
      this.#channels.close();
      const raw = process.rawOutput;
      throw new KernelDiedError(`the kernel ${how}${raw ? `. It wrote:\n${raw}` : ""}`);
    });
    this.#died.catch(() => {}); // whoever waits hears of it
  }

  /** Starts a kernel and waits until it answers; throws, and leaves nothing behind, when it doesn't. */
  static async start(options: KernelOptions): Promise<Kernel> {
    const connection = await createConnection();
    const env = { ...process.env, ...options.env };
    const kernelProcess = new KernelProcess(connection, options.cwd, env);
    const report = (error: Error) => process.stderr.write(`relu-lab: ${error.message}\n`);
    const kernel = new Kernel(kernelProcess, (take) => new Channels(connection.info, take, report));
    const limit = options.startTimeout ?? 60_000;
    try {
      await Promise.race([
        kernel.#handshake(),
        kernel.#died,
        delay(limit).then(() => {
          throw new Error(`the kernel did not answer within ${limit / 1000} s. ${kernelProcess.rawOutput}`);
        }),
      ]);
    } catch (error) {
      await kernel.kill();
      throw error;
    }
    return kernel;
  }

  /** Asks for the kernel's description until its outputs are heard too: a subscription takes a moment to arrive. */
  async #handshake(): Promise<void> {
    for (let heard = false; !heard;) {
      const { idle, reply } = await this.#request("kernel_info_request", {}, () => {});
      await reply;
      heard = await Promise.race([idle.then(() => true), delay(50).then(() => false)]);
    }
  }

  async #request(type: string, content: Record<string, unknown>, onOutput: (message: Message) => void) {
    const message = createMessage(type, this.#session, content);
    let pending!: Pending;
    const reply = new Promise<Message>((onReply) => (pending = { ...pending, onReply }));
    const idle = new Promise<void>((onIdle) => (pending = { ...pending, onIdle }));
    this.#pending.set(message.header.msg_id, { ...pending, onOutput });
    await this.#channels.send("shell", message);
    return { reply, idle };
  }

  #receive(message: Message): void {
    const pending = this.#pending.get(message.parent_header.msg_id ?? "");
    if (!pending) return;
    const type = message.header.msg_type;
    if (type.endsWith("_reply")) pending.onReply(message);
    else if (type === "status") {
      if (message.content.execution_state === "idle") pending.onIdle();
    } else pending.onOutput(message);
  }

  /**
   * Runs code. `onOutput` gets each message on the output channel, also those that come after the reply
   * (a timer's); resolves when reply and outputs are in; throws KernelDiedError.
   */
  async execute(code: string, onOutput: (message: Message) => void): Promise<ExecuteReply> {
    if (!this.#alive) await this.#died;
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const { reply, idle } = await this.#request("execute_request", content, onOutput);
    const message = await Promise.race([reply, this.#died]);
    // The reply and the outputs travel on different sockets: "idle" says that all outputs are here. Should it be lost,
    // the run must not hang on it.
    await Promise.race([idle, this.#died, delay(idleLimit)]);
    const count = message.content.execution_count;
    return {
      status: String(message.content.status),
      executionCount: typeof count === "number" ? count : null,
    };
  }

  /** Stops the running cell; its execution then ends with the status "error". */
  interrupt(): void {
    this.#process.interrupt();
  }

  /** Asks the kernel to end; kills it when it has not within `grace` ms. */
  async shutdown(grace = 1000): Promise<void> {
    if (this.#alive) {
      const request = createMessage("shutdown_request", this.#session, { restart: false });
      await this.#channels.send("control", request).catch(() => {});
      await Promise.race([this.#process.ended, delay(grace)]);
    }
    await this.kill();
  }

  /** Ends the kernel, and all that it started, at once. */
  async kill(): Promise<void> {
    await this.#process.kill();
    this.#channels.close();
  }
}
