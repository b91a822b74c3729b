import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Kernel, KernelDiedError, type Message } from "@relu-lab/report";

let kernel: Kernel;
test.before(async () => {
  kernel = await Kernel.start({ cwd: os.tmpdir() });
});
test.after(() => kernel.shutdown());

async function run(code: string) {
  const messages: Message[] = [];
  const reply = await kernel.execute(code, (message) => messages.push(message));
  const text = messages.map((message) => String(message.content.text ?? "")).join("");
  return { status: reply.status, text, messages };
}

test("code runs, and the next cell sees its variables", async () => {
  assert.is((await run("const six = 6;")).status, "ok");
  const { status, text } = await run("console.log(six * 7)");
  assert.equal([status, text], ["ok", "42\n"]);
});

test("every line arrives, however fast they are printed", async () => {
  const { text } = await run("for (let i = 0; i < 5000; i++) console.log(i);");
  assert.is(text.split("\n").length, 5001);
});

test("a worker thread starts as it would outside of a notebook", async () => {
  const { status, text } = await run(`
const { Worker } = require("worker_threads");
const worker = new Worker("require('worker_threads').parentPort.postMessage(process.execArgv.length)", { eval: true });
console.log(await new Promise((done, fail) => worker.on("message", done).on("error", fail)));`);
  assert.equal([status, text], ["ok", "0\n"]);
});

test("an error is a status and a trace on stderr", async () => {
  const { status, messages } = await run('throw new Error("deliberate")');
  assert.is(status, "error");
  assert.is(messages[0].content.name, "stderr");
  assert.match(String(messages[0].content.text), "deliberate");
  await new Promise((done) => setTimeout(done, 300)); // tslab refuses work for 200 ms after an error
});

test("an endless loop is interrupted, and the kernel lives on", async () => {
  const running = run("while (true) {}");
  setTimeout(() => kernel.interrupt(), 300);
  assert.is((await running).status, "error");
  await new Promise((done) => setTimeout(done, 300));
  assert.is((await run("console.log(six)")).text, "6\n");
});

test("files that change meanwhile fail no cell; a source beside the notebook is read again", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-watch-"));
  const declared = path.join(folder, "node_modules", "answer");
  fs.mkdirSync(declared, { recursive: true });
  fs.writeFileSync(path.join(declared, "index.js"), "exports.answer = 42;");
  fs.writeFileSync(path.join(declared, "more.d.ts"), "export declare const answer: number;");
  fs.writeFileSync(path.join(declared, "index.d.ts"), 'export { answer } from "./more";');
  fs.writeFileSync(path.join(folder, "local.ts"), "export const local = 1;");
  const own = await Kernel.start({ cwd: folder });
  const text = async (code: string) => {
    let output = "";
    await own.execute(code, (message) => (output += String(message.content.text ?? "")));
    return output;
  };
  try {
    const cell =
      'import { answer } from "answer"; import { local } from "./local"; console.log(answer, local);';
    assert.is(await text(cell), "42 1\n");
    // What an installation does while a cell runs: a package's folder goes and comes.
    const sleeping = text("await new Promise((done) => setTimeout(done, 1500)); console.log('slept');");
    await new Promise((done) => setTimeout(done, 300));
    fs.cpSync(declared, `${declared}-new`, { recursive: true });
    fs.rmSync(declared, { recursive: true });
    fs.renameSync(`${declared}-new`, declared);
    assert.is(await sleeping, "slept\n");
    fs.writeFileSync(path.join(folder, "local.ts"), "export const local = 2;");
    await new Promise((done) => setTimeout(done, 1000));
    assert.is(await text("console.log(answer);"), "42\n");
    assert.is(await text(cell), "42 2\n");
  } finally {
    await own.shutdown();
    fs.rmSync(folder, { recursive: true });
  }
});

test("a kernel that ends itself is told as such", async () => {
  const own = await Kernel.start({ cwd: os.tmpdir() });
  try {
    await own.execute("process.exit(3)", () => {});
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KernelDiedError);
    assert.match((error as Error).message, "code 3");
  }
  await own.shutdown();
});

test("a folder that is not there is refused by name", async () => {
  const kernels = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith("relu-lab-kernel-"));
  const before = new Set(kernels());
  try {
    await Kernel.start({ cwd: "/no/such/folder" });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /could not be started in \/no\/such\/folder/);
  }
  // Other tests start kernels meanwhile: theirs have a guard's note in them.
  const left = kernels().filter(
    (name) => !before.has(name) && !fs.existsSync(path.join(os.tmpdir(), name, "pid")),
  );
  await new Promise((done) => setTimeout(done, 1000));
  const still = kernels().filter((name) => left.includes(name));
  assert.ok(
    still.every((name) => fs.existsSync(path.join(os.tmpdir(), name, "pid"))),
    still.join(" "),
  );
});

test.run();
