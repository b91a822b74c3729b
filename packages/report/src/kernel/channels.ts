import { Dealer, Subscriber } from "zeromq";
import { channelAddress, type ConnectionInfo } from "./connection";
import { decodeMessage, encodeMessage, type Message } from "./message";

/** The sockets to a kernel: requests go out on `shell` and `control`, outputs come in on `iopub`. */
export class Channels {
  readonly #info: ConnectionInfo;
  readonly #shell = new Dealer({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  readonly #control = new Dealer({ linger: 0, reconnectInterval: 20 });
  // No limit: the publisher drops what a slow subscriber has not taken.
  readonly #iopub = new Subscriber({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  #closed = false;
  #sending: Promise<void> = Promise.resolve();

  /** Connects; `onMessage` is called for every message that comes in, `onError` for one that cannot be read. */
  constructor(info: ConnectionInfo, onMessage: (m: Message) => void, onError: (error: Error) => void) {
    this.#info = info;
    this.#shell.connect(channelAddress(info, "shell"));
    this.#control.connect(channelAddress(info, "control"));
    this.#iopub.connect(channelAddress(info, "iopub"));
    this.#iopub.subscribe();
    for (const socket of [this.#shell, this.#control, this.#iopub]) {
      void (async () => {
        for await (const frames of socket) {
          try {
            onMessage(decodeMessage(info.key, frames));
          } catch (error) {
            onError(error as Error);
          }
        }
      })().catch((error: Error) => {
        if (!this.#closed) onError(error);
      });
    }
  }

  /** Sends a request; requests keep their order. */
  send(channel: "shell" | "control", message: Message): Promise<void> {
    const socket = channel === "shell" ? this.#shell : this.#control;
    const sent = this.#sending.then(() => socket.send(encodeMessage(this.#info.key, message)));
    this.#sending = sent.catch(() => {}); // the caller hears of it; the next request is sent all the same
    return sent;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#shell.close();
    this.#control.close();
    this.#iopub.close();
  }
}
