// The report's server under attack: requests that no browser would send, names that point back here, links.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { SiteServer } from "../../packages/report/src/serve/site-server";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-serve-"));
const folder = path.join(root, "report");
fs.mkdirSync(path.join(root, "outside"), { recursive: true });
fs.mkdirSync(folder);
fs.writeFileSync(path.join(root, "outside", "secret.json"), "secret");
fs.writeFileSync(path.join(folder, "index.html"), "<html><head></head><body>page</body></html>");
fs.symlinkSync(path.join(root, "outside"), path.join(folder, "linked"));
fs.symlinkSync(path.join(root, "outside", "secret.json"), path.join(folder, "file.json"));
fs.mkdirSync(path.join(folder, "folder.html"));

const server = new SiteServer(folder);
test.before(() => server.listen(0));
test.after(async () => {
  await server.close();
  fs.rmSync(root, { recursive: true, force: true });
});

/** Sends bytes as they are and gives what comes back until the server closes or falls silent. */
function raw(text: string): Promise<string> {
  return new Promise((done) => {
    let answer = "";
    const socket: net.Socket = net.connect(server.port, "127.0.0.1", () => socket.write(text));
    socket.setTimeout(400, () => socket.destroy());
    socket.on("data", (data: Buffer) => (answer += data));
    socket.on("error", () => {});
    socket.on("close", () => done(answer));
  });
}
const get = (target: string, host = `127.0.0.1:${server.port}`, more = "") =>
  raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`);

test("its own page is answered", async () => assert.match(await get("/"), /^HTTP\/1\.1 200[^]*page/));

test("it listens on the loopback alone", async () => {
  const others = Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of others) {
    const reached = await new Promise((done) => {
      const socket = net.connect(server.port, address, () => done(true));
      socket.on("error", () => done(false));
    });
    assert.is(reached, false, address);
  }
});

test("names that a foreign site can make point here are refused", async () => {
  const port = server.port;
  for (const host of [
    `127.0.0.1.nip.io:${port}`,
    `localhost.evil.example:${port}`,
    `evil.example:${port}`,
    `localhost:${port}.evil.example`,
    `localhost:${port}@evil.example`,
    `evil.example@localhost:${port}`,
    `0.0.0.0:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `localhost.:${port}`,
    `LOCALHOST.evil:${port}`,
    `127.0.0.1:0${port}`,
    "",
    "null",
  ]) {
    assert.match(await get("/", host), /^HTTP\/1\.1 40[03]/, host);
  }
  assert.match(await raw("GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 403/, "no Host at all");
  const two = `GET / HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
  assert.match(await raw(two), /^HTTP\/1\.1 40[03]/, "two Hosts");
  assert.match(await get("/", undefined, "Origin: http://evil.example\r\n"), /^HTTP\/1\.1 403/);
  assert.match(await get("/events", undefined, "Sec-Fetch-Site: cross-site\r\n"), /^HTTP\/1\.1 403/);
});

test("no address leads outside of the folder, through links and codings neither", async () => {
  for (const target of [
    "/linked/secret.json",
    "/file.json",
    "/../outside/secret.json",
    "/%2e%2e/outside/secret.json",
    "/%252e%252e/outside/secret.json",
    "/..%2foutside%2fsecret.json",
    "/..%5coutside%5csecret.json",
    "/%c0%ae%c0%ae/outside/secret.json",
    "/linked%2fsecret.json",
    "/./file.json",
    "//127.0.0.1/file.json",
    "/;/../outside/secret.json",
    "/index.html/../../outside/secret.json",
    "/linked/../linked/secret.json",
    "/file.json%00.html",
    "/folder.html",
    "/folder.html/",
    `http://evil.example/outside/secret.json`,
    `file://${root}/outside/secret.json`,
    "*",
    "/%",
    "/\u00e9.html",
    `/${"a/".repeat(3000)}secret.json`,
  ]) {
    const answer = await get(target);
    assert.match(answer, /^HTTP\/1\.1 (404|400|431)/, target);
    assert.not.match(answer, /\r\n\r\n[^]*secret/, target);
  }
});

test("what is no request, or asks for another method, ends with an answer and not with the server", async () => {
  const port = server.port;
  for (const text of [
    "\0\0\0\0",
    "GET\r\n\r\n",
    `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 5\r\n\r\nabcde`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    `DELETE /index.html HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${"a".repeat(100_000)}\r\n\r\n`,
  ]) {
    assert.not.match(await raw(text), /Access-Control|^HTTP\/1\.1 2\d\d[^]*DELETE/);
  }
  assert.ok(fs.existsSync(path.join(folder, "index.html")));
  assert.match(await get("/"), /^HTTP\/1\.1 200/);
});

test("a page that goes while it is asked for is missing, and the server goes on", async () => {
  const readFile = fs.readFileSync;
  const gone = Object.assign(new Error("ENOENT"), { code: "ENOENT" });
  const files = createRequire(__filename)("node:fs") as { readFileSync: unknown };
  files.readFileSync = () => {
    throw gone;
  };
  try {
    assert.match(await get("/"), /^HTTP\/1\.1 404/);
  } finally {
    files.readFileSync = readFile;
  }
});

test("listeners that hang up are forgotten", async () => {
  await Promise.all(Array.from({ length: 50 }, () => get("/events")));
  server.tell({ state: "changed", text: "x" });
  assert.is(server.listeners, 0);
});

test.run();
