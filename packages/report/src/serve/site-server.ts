import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { refusal, servedFile } from "./guard";
import { livePage } from "./live-page";

/** What open pages are told. */
export interface LiveState {
  state: "idle" | "running" | "failed" | "changed";
  text: string;
}

/** Serves the report's folder to this machine alone, and tells open pages what happens. */
export class SiteServer {
  readonly #server: http.Server;
  readonly #listeners = new Set<http.ServerResponse>();
  #last: LiveState = { state: "idle", text: "" };

  /** @param folder the report's folder */
  constructor(readonly folder: string) {
    this.#server = http.createServer((request, response) => this.#answer(request, response));
  }

  /** The port it listens on; 0 before `listen`. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** How many open pages are told. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /**
   * Begins to listen, on the loopback only.
   * @param port 0 for any that is free
   */
  async listen(port: number): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.#server.once("error", fail);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", fail);
        done();
      });
    });
  }

  /** Tells all open pages; those that open later are told the last of it, unless it was a change. */
  tell(state: LiveState): void {
    if (state.state !== "changed") this.#last = state;
    for (const response of this.#listeners) response.write(`data: ${JSON.stringify(state)}\n\n`);
  }

  async close(): Promise<void> {
    for (const response of this.#listeners) response.end();
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const headers = {
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "Cross-Origin-Resource-Policy": "same-origin",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
    };
    const refuse = (status: number, words: string) =>
      response.writeHead(status, { ...headers, "Content-Type": "text/plain" }).end(`${words}\n`);
    const refused = refusal(request, this.port);
    if (refused)
      return void refuse(refused, refused === 405 ? "only GET" : "this server answers its own pages only");
    if (request.url === "/events") return this.#subscribe(request, response, headers);
    const found = servedFile(this.folder, request.url ?? "/");
    if (!found) return void refuse(404, "there is no such page");
    let content: Buffer | string;
    try {
      content = fs.readFileSync(found.file);
    } catch {
      return void refuse(404, "there is no such page"); // a run that has just begun may be replacing it
    }
    if (found.type.startsWith("text/html")) content = livePage(content.toString("utf8"));
    response.writeHead(200, { ...headers, "Content-Type": found.type });
    response.end(request.method === "HEAD" ? undefined : content);
  }

  #subscribe(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    headers: http.OutgoingHttpHeaders,
  ): void {
    response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
    response.write(`data: ${JSON.stringify(this.#last)}\n\n`);
    this.#listeners.add(response);
    request.on("close", () => this.#listeners.delete(response));
  }
}
