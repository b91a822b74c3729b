// Starts tslab so that no output is lost: `node start-tslab.js kernel --config-path=FILE` is `tslab kernel ...` with one
// repair. tslab sends without waiting, but zeromq.js refuses a second send while one waits (after 512 in one turn), and
// a publisher drops what goes beyond a thousand waiting messages: a cell that prints much without a pause loses lines,
// and the "idle" that ends it. (A script of its own, not `node --require`: workers would inherit that.)
import { createRequire } from "node:module";
import * as path from "node:path";
import { packageFolder } from "../package-folder";

interface Publisher {
  sendHighWaterMark: number;
  bind(address: string): Promise<void>;
  send(frames: unknown): Promise<void>;
}

// The zeromq that tslab itself will load.
const tslabRequire = createRequire(path.join(packageFolder("tslab"), "dist", "main.js"));
const zeromq = tslabRequire("zeromq") as { Publisher: { prototype: Publisher } };
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

(tslabRequire("./main.js") as { main: () => void }).main();
