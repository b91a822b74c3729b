// Loaded into the kernel before tslab (node --require), because tslab loses outputs of a cell that prints much without
// a pause. It sends without waiting, but zeromq.js refuses a second send while one waits (after 512 in one turn), and a
// publisher drops what goes beyond a thousand waiting messages: lines are lost, and the "idle" that ends the cell too.
import { createRequire } from "node:module";
import * as path from "node:path";
import { isMainThread } from "node:worker_threads";

interface Publisher {
  sendHighWaterMark: number;
  bind(address: string): Promise<void>;
  send(frames: unknown): Promise<void>;
}

// A worker inherits node's options, and with them this file, but no kernel speaks from there.
if (isMainThread) {
  // The zeromq that tslab itself will load: node's main script is tslab's.
  const zeromq = createRequire(path.resolve(process.argv[1]))("zeromq") as {
    Publisher: { prototype: Publisher };
  };
  const publisher = zeromq.Publisher.prototype;
  const { bind, send } = publisher;
  const sending = new WeakMap<Publisher, Promise<void>>();

  // The methods are inherited and read-only: they are shadowed, not assigned.
  Object.defineProperties(publisher, {
    bind: {
      value(this: Publisher, address: string): Promise<void> {
        this.sendHighWaterMark = 0; // no limit
        return bind.call(this, address);
      },
    },
    send: {
      value(this: Publisher, frames: unknown): Promise<void> {
        const sent = (sending.get(this) ?? Promise.resolve())
          .then(() => send.call(this, frames))
          .catch(() => {}); // the socket is closed: nobody listens any more
        sending.set(this, sent);
        return sent;
      },
    },
  });
}
