import { test } from "uvu";
import * as assert from "uvu/assert";
import * as os from "node:os";
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
  try {
    await Kernel.start({ cwd: "/no/such/folder" });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /started|ENOENT|folder/);
  }
});

test.run();
