import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  createMessage,
  OutputCollector,
  parseNotebook,
  formatNotebook,
  settleCarriageReturns,
  type Output,
} from "@relu-lab/report";
import { notebookOf } from "../fixtures";

const stream = (name: string, text: string) => createMessage("stream", "s", { name, text });
const display = (type: string, text: string, display_id?: string) =>
  createMessage(type, "s", { data: { "text/plain": text }, metadata: {}, transient: { display_id } });

test("texts of one stream are merged, of two kept apart", () => {
  const outputs: Output[] = [];
  const collector = new OutputCollector();
  for (const [name, text] of [
    ["stdout", "a"],
    ["stdout", "b\n"],
    ["stderr", "c"],
    ["stdout", "d"],
  ]) {
    collector.take(stream(name, text), outputs);
  }
  assert.equal(outputs, [
    { output_type: "stream", name: "stdout", text: "ab\n" },
    { output_type: "stream", name: "stderr", text: "c" },
    { output_type: "stream", name: "stdout", text: "d" },
  ]);
});

test("a display is updated where it stands, from a later cell too", () => {
  const [first, second]: Output[][] = [[], []];
  const collector = new OutputCollector();
  collector.take(display("display_data", "0 %", "bar"), first);
  collector.take(display("update_display_data", "100 %", "bar"), second);
  assert.equal(second, []);
  assert.equal(first, [{ output_type: "display_data", data: { "text/plain": "100 %" }, metadata: {} }]);
});

test("carriage returns leave the last state of a line", () => {
  assert.is(settleCarriageReturns("10 %\r20 %\r30 %\ndone\r\n"), "30 %\ndone\n");
  const outputs: Output[] = [];
  const collector = new OutputCollector();
  for (const text of ["10 %\r", "20 %\r", "30 %\n"]) collector.take(stream("stdout", text), outputs);
  assert.equal(outputs, [{ output_type: "stream", name: "stdout", text: "30 %\n" }]);
});

test("a notebook comes back from its text, with ids where it had none", () => {
  const notebook = notebookOf(["# Title\n\ntext", "const a = 1;\na"]);
  notebook.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: "1\n2" }];
  const text = formatNotebook(notebook);
  assert.equal(parseNotebook(text, "x.ipynb"), notebook);
  const raw = JSON.parse(text);
  assert.equal(raw.cells[1].source, ["const a = 1;\n", "a"]);
  assert.equal(raw.cells[1].outputs[0].text, ["1\n", "2"]);
  for (const cell of raw.cells) delete cell.id;
  const ids = parseNotebook(JSON.stringify(raw), "x.ipynb").cells.map((cell) => cell.id);
  assert.equal(
    ids,
    parseNotebook(JSON.stringify(raw), "x.ipynb").cells.map((cell) => cell.id),
  );
  assert.match(ids[0], /^[0-9a-f]{8}$/);
});

test("what is no notebook is refused by name", () => {
  assert.throws(() => parseNotebook("{", "x.ipynb"), /x\.ipynb is not JSON/);
  assert.throws(() => parseNotebook('{"nbformat": 3}', "x.ipynb"), /nbformat is 3/);
});

test.run();
