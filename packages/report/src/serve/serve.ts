import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Runner } from "./runner";
import { SiteServer } from "./site-server";
import { watchedFolders, watchSources } from "./watch";

/** What is served and how it is made anew. */
export interface ServeOptions {
  /** The checkout whose sources are watched. */
  root: string;
  /** The report's folder. */
  out: string;
  /** The wanted port; null for the usual one, or any when that is taken. */
  port: number | null;
  usualPort: number;
  /** The command that runs what has changed and writes the site. */
  command: readonly string[];
  signal: AbortSignal;
  /** Tells people: the address, then lines of the runs. */
  print(text: string): void;
}

/** Digest of all pages: tells whether a run has changed any. */
function pagesDigest(out: string): string {
  const hash = createHash("sha256");
  for (const name of fs.readdirSync(out).sort())
    if (name.endsWith(".html")) hash.update(name).update(fs.readFileSync(path.join(out, name)));
  return hash.digest("hex");
}

async function listen(server: SiteServer, { port, usualPort }: ServeOptions): Promise<void> {
  try {
    await server.listen(port ?? usualPort);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if (port !== null) throw new Error(`port ${port} is taken: choose another with --port`, { cause: error });
    await server.listen(0);
  }
}

/** Serves the report and makes it anew whenever a source is written, until `signal` aborts. */
export async function serve(options: ServeOptions): Promise<void> {
  const { root, out, command, signal, print } = options;
  const server = new SiteServer(out);
  await listen(server, options);
  let before = pagesDigest(out);
  const runner = new Runner(command, root, {
    line: (text) => {
      print(text);
      server.tell({ state: "running", text: text.replace(/^\d+:\d\d /, "") });
    },
    ended: (code, last) => {
      const after = pagesDigest(out);
      server.tell(
        code > 1 || (code === 1 && after === before)
          ? { state: "failed", text: last }
          : { state: "idle", text: "" },
      );
      if (after !== before) server.tell({ state: "changed", text: "" });
      before = after;
      print(`watching notebooks and packages; http://127.0.0.1:${server.port}/`);
    },
  });
  const unwatch = watchSources(watchedFolders(root), (file) => {
    print(`${path.relative(root, file)} was written`);
    runner.start();
  });
  print(`the report: http://127.0.0.1:${server.port}/ (Ctrl-C ends)`);
  runner.start();
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
  unwatch();
  await runner.stop();
  await server.close();
}
