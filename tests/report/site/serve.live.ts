// `npm run report -- --serve` as a process of its own: what it answers and refuses, a page that reloads, Ctrl-C.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import { formatNotebook } from "@relu-lab/report";
import { launchBrowser } from "../browser";
import { eventually, isRunning, notebookOf, repositoryWith } from "../fixtures";

const main = path.join(__dirname, "../../../packages/report/dist/cli/main.js");
const notebook = (word: string) =>
  notebookOf([`# 1. Served\n\nIt says ${word}.`, `console.log("${word} printed")`]);
const root = repositoryWith({ "01-served": notebook("first") });
fs.mkdirSync(path.join(root, "packages/lab/src"), { recursive: true });
fs.writeFileSync(path.join(root, "secret.json"), "{}");

let server: ChildProcess;
let said = "";
let port = 0;
let browser: Browser | null;

test.before(async () => {
  server = spawn(process.execPath, [main, "--serve"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [server.stdout, server.stderr]) stream?.on("data", (data) => (said += data));
  port = Number(await eventually("the address", () => /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1]));
  await eventually("the first run", () => said.includes("1 of 1 notebooks passed"), 60_000);
  await eventually("the watch", () => said.includes("watching"));
  browser = await launchBrowser();
});
test.after(async () => {
  server.kill("SIGKILL");
  await browser?.close();
});

/** A request as it is, with nothing tidied up on the way. */
function ask(
  address: string,
  headers: http.OutgoingHttpHeaders = {},
  method = "GET",
): Promise<{ status: number; body: string; headers: http.IncomingHttpHeaders }> {
  return new Promise((done, fail) => {
    const request = http.request({ host: "127.0.0.1", port, path: address, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => done({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    request.on("error", fail);
    request.end();
  });
}

test("it serves pages, the executed notebook and the claims, never from a cache", async () => {
  const page = await ask("/01-served.html");
  assert.is(page.status, 200);
  assert.match(page.body, "first printed");
  assert.is(page.headers["cache-control"], "no-store");
  assert.is((await ask("/")).status, 200);
  assert.is((await ask("/claims.json?x=1")).body, "[]\n");
  assert.is((await ask("/01-served.ipynb")).status, 200);
  assert.is((await ask("/", {}, "HEAD")).body, "");
});

test("what asks under a foreign name, from a foreign place or to write is refused", async () => {
  for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`]) {
    assert.is((await ask("/", { host })).status, 403, host);
  }
  for (const origin of [
    "https://evil.example",
    "null",
    `http://evil.example:${port}`,
    `https://127.0.0.1:${port}`,
  ]) {
    assert.is((await ask("/", { origin })).status, 403, origin);
    assert.is((await ask("/events", { origin })).status, 403, origin);
  }
  assert.is(
    (await ask("/claims.json", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).status,
    403,
  );
  assert.is((await ask("/", { host: `localhost:${port}`, origin: `http://localhost:${port}` })).status, 200);
  assert.is((await ask("/", {}, "POST")).status, 405);
});

test("nothing outside of the folder is served, however it is written", async () => {
  fs.symlinkSync(path.join(root, "secret.json"), path.join(root, "report", "link.json"));
  fs.writeFileSync(path.join(root, "report", ".hidden.json"), "{}");
  fs.writeFileSync(path.join(root, "report", "notes.txt"), "x");
  for (const address of [
    "/../secret.json", "/%2e%2e/secret.json", "/..%2fsecret.json", "/%2e%2e%2fsecret.json", "/a/../../secret.json",
    "/..\\secret.json", "/%5c..%5csecret.json", "//secret.json", "/link.json", "/.hidden.json", "/notes.txt", "/report/",
    "/index.html%00.json", "/%", "/01-served.html/", `/${root}/secret.json`,
  ]) {
    assert.is((await ask(address)).status, 404, address);
  } // prettier-ignore
});

test("it listens on the loopback only", async () => {
  const outside = Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  if (outside.length === 0) return void console.log("note: this machine has no address but the loopback's");
  for (const { address } of outside) {
    const refused = await new Promise<boolean>((done) => {
      const socket = net.connect({ host: address, port, timeout: 3000 });
      socket
        .on("connect", () => done(false))
        .on("error", () => done(true))
        .on("timeout", () => done(true));
      socket.on("close", () => socket.destroy());
    });
    assert.is(refused, true, `${address}:${port} answers`);
  }
});

test("a notebook is written: its section runs again, and the open page shows it by itself", async () => {
  const file = path.join(root, "notebooks", "01-served.ipynb");
  if (!browser) {
    fs.writeFileSync(file, formatNotebook(notebook("second")));
    await eventually(
      "the new page",
      () => fs.readFileSync(path.join(root, "report/01-served.html"), "utf8").includes("second printed"),
      60_000,
    );
    return;
  }
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on(
    "console",
    (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())),
  );
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`http://127.0.0.1:${port}/01-served.html`);
  assert.match(await page.locator(".outputs").innerText(), "first printed");
  fs.writeFileSync(file, formatNotebook(notebook("second")));
  await page.waitForFunction(
    () => document.querySelector(".outputs")?.textContent?.includes("second printed"),
    null,
    { timeout: 60_000 },
  );
  assert.match(await page.locator("main").innerText(), "It says second.");
  assert.equal(complaints, []);
  await page.close();
});

test("what is written beside the point runs nothing; a package's source is looked at", async () => {
  await eventually("quiet", () => said.trimEnd().endsWith("/"));
  const before = said.length;
  fs.writeFileSync(path.join(root, "notebooks", ".01-served.ipynb.swp"), "x");
  fs.writeFileSync(path.join(root, "packages/lab/src", "code.generated.ts"), "");
  await new Promise((done) => setTimeout(done, 1000));
  assert.is(said.slice(before), "");
  fs.writeFileSync(path.join(root, "packages/lab/src", "code.ts"), "export {};");
  await eventually(
    "a look at what has changed",
    () => said.slice(before).includes("no section has changed"),
    60_000,
  );
});

test("Ctrl-C ends it, a run that is going on included", async () => {
  const file = path.join(root, "notebooks", "01-served.ipynb");
  const pidFile = path.join(root, "kernel.pid");
  const endless = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); await new Promise(() => setInterval(() => {}, 1000));`;
  fs.writeFileSync(file, formatNotebook(notebookOf(["# 1. Served", endless])));
  const kernel = Number(
    await eventually("the kernel", () => fs.existsSync(pidFile) && fs.readFileSync(pidFile, "utf8"), 60_000),
  );
  const ended = new Promise<number | null>((done) => server.once("exit", done));
  server.kill("SIGINT");
  assert.is(await ended, 0, said);
  await eventually("the kernel's end", () => !isRunning(kernel));
});

test.run();
