// Starts tslab: `node start-tslab.js kernel --config-path=FILE` is `tslab kernel ...` with two repairs.
// 1. No output is lost. tslab sends without waiting, but zeromq.js refuses a second send while one waits (after 512 in one turn), and
// a publisher drops what goes beyond a thousand waiting messages: a cell that prints much without a pause loses lines,
// and the "idle" that ends it.
// 2. A cell does not fail because a file has changed. tslab lets TypeScript watch every folder in which it looked for a
// module; an installation or a build meanwhile makes it plan two updates at once, which tslab answers with "Unexpected
// pending rebuildTimer" from then on. What packages declare is read once a session, as their code is; only sources
// beside the notebook, which tslab reads again, are watched.
// (A script of its own, not `node --require`: workers would inherit that.)
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

interface Watcher {
  close(): void;
}

interface TypeScriptSystem {
  watchFile(file: string, ...rest: unknown[]): Watcher;
  watchDirectory(...rest: unknown[]): Watcher;
}

const { sys } = tslabRequire("@tslab/typescript-for-tslab") as { sys: TypeScriptSystem };
const { watchFile } = sys;
const unwatched: Watcher = { close: () => {} };
sys.watchDirectory = () => unwatched;
sys.watchFile = (file, ...rest) =>
  /\.tsx?$/.test(file) && !file.endsWith(".d.ts") ? watchFile.call(sys, file, ...rest) : unwatched;

(tslabRequire("./main.js") as { main: () => void }).main();
