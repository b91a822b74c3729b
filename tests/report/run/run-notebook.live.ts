import { test } from "uvu";
import * as assert from "uvu/assert";
import * as os from "node:os";
import { runNotebook, type RunOptions } from "@relu-lab/report";
import { notebookOf, type Source } from "../fixtures";

const run = (cells: Source[], options: Partial<RunOptions> = {}) =>
  runNotebook(notebookOf(cells), { cwd: os.tmpdir(), cellTimeout: 60_000, ...options });

test("cells run in order; outputs and counts are kept, the notebook itself is not changed", async () => {
  const given = notebookOf([
    "# Part",
    "let n = 20;",
    'n += 1; console.log(n); console.warn("careful")',
    "n * 2",
  ]);
  const starts: string[] = [];
  const onCell = ({ index, count, heading }: { index: number; count: number; heading: string }) =>
    starts.push(`${index}/${count} ${heading}`);
  const { notebook, failure } = await runNotebook(given, { cwd: os.tmpdir(), cellTimeout: 60_000, onCell });
  assert.is(failure, null, "a warning on stderr is no failure");
  assert.equal(starts, ["1/3 Part", "2/3 Part", "3/3 Part"]);
  assert.equal(notebook.cells[2].outputs, [
    { output_type: "stream", name: "stdout", text: "21\n" },
    { output_type: "stream", name: "stderr", text: "careful\n" },
  ]);
  assert.equal(notebook.cells[3].outputs, [{ output_type: "stream", name: "stdout", text: "42\n" }]);
  assert.equal(
    notebook.cells.map((cell) => cell.execution_count),
    [undefined, 1, 2, 3],
  );
  assert.equal(given.cells[2].outputs, []);
});

test("an error in the third cell stops the notebook there, with cell, source and trace", async () => {
  const third = 'function deep() { throw new Error("deliberate"); }\ndeep();';
  const { notebook, failure } = await run(["const a = 1;", "console.log(a)", third, 'console.log("never")']);
  assert.equal([failure?.kind, failure?.cell, failure?.id, failure?.source], ["error", 3, "c3", third]);
  assert.match(failure?.trace ?? "", /Error: deliberate[^]*at deep/);
  assert.equal(notebook.cells[1].outputs, [{ output_type: "stream", name: "stdout", text: "1\n" }]);
  assert.equal(notebook.cells[3].outputs, []);
});

test("a compiler's complaint is a failure", async () => {
  const { failure } = await run(['const n: number = "text";']);
  assert.match(failure?.trace ?? "", "Type 'string' is not assignable to type 'number'");
});

test("an error that nobody awaits is a failure of its cell", async () => {
  const { failure } = await run([
    'setTimeout(() => { throw new Error("late"); }, 10);',
    "await new Promise((done) => setTimeout(done, 200));",
  ]);
  assert.equal([failure?.kind, failure?.cell !== undefined], ["error", true]);
  assert.match(failure?.trace ?? "", /late/);
});

test("a rejected promise in the last cell is a failure too", async () => {
  const { failure } = await run(['void Promise.reject(new Error("unawaited"));']);
  assert.match(failure?.trace ?? "", /unawaited/);
});

test("a loop without end is interrupted", async () => {
  const { failure } = await run(['console.log("before")', "while (true) {}", "1"], { cellTimeout: 1000 });
  assert.equal([failure?.kind, failure?.cell], ["timeout", 2]);
});

test("a promise without end is interrupted", async () => {
  const { failure } = await run(["await new Promise(() => {})"], { cellTimeout: 1000 });
  assert.equal([failure?.kind, failure?.cell], ["timeout", 1]);
});

test("a cell that an interrupt does not stop is killed", async () => {
  const stubborn = "await 0; for (;;) {}"; // after an await, tslab cannot break into the loop
  const { failure, seconds } = await run([stubborn], { cellTimeout: 1000, interruptGrace: 1000 });
  assert.is(failure?.kind, "timeout");
  assert.ok(seconds < 20, `took ${seconds} s`);
});

test("a kernel that dies is a failure", async () => {
  const { failure } = await run(["process.abort()"]);
  assert.is(failure?.kind, "kernel died");
});

test.run();
