import { test } from "uvu";
import * as assert from "uvu/assert";
import { dataFrame, tableBundle } from "@relu-lab/notebook";

test("text is aligned: numbers to the right, words to the left", () => {
  const bundle = tableBundle([
    { name: "a", n: 5, share: 0.123456 },
    { name: "longer", n: 12345, share: 1 },
  ]);
  assert.is(
    bundle["text/plain"],
    [
      "name         n   share",
      "------  ------  ------",
      "a            5  0.1235",
      "longer  12,345       1",
    ].join("\n"),
  );
});

test("everything in the HTML is escaped", () => {
  const evil = `<img src=x onerror="alert(1)">&'`;
  const html = String(tableBundle([{ [evil]: evil }], { caption: evil })["text/html"]);
  assert.not.match(html, /<img/);
  assert.is(html.split("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;").length, 4);
});

test("columns are chosen, ordered and renamed; an unknown one is refused", () => {
  const rows = [{ a: 1, b: 2, c: 3 }];
  assert.match(String(tableBundle(rows, { columns: ["c", "a"] })["text/plain"]), /^c {2}a\n/);
  assert.match(String(tableBundle(rows, { columns: { b: "beta" } })["text/plain"]), /^beta\n-{4}\n {3}2$/);
  assert.throws(() => tableBundle(rows, { columns: ["d"] }), /no column "d"; there are a, b, c/);
});

test("missing values are empty and do not make a column of numbers one of words", () => {
  const text = String(tableBundle([{ a: 1 }, { a: null, b: 2 }])["text/plain"]);
  assert.is(text, "a  b\n-  -\n1\n   2");
});

test("a number that is whole but for rounding is shown whole, as danfojs's medians are", () => {
  const rows = [1, 1.000000000000003, 0.9999999999999991, 1.0004, 123456789012345].map((x) => ({ x }));
  const shown = String(tableBundle(rows)["text/plain"])
    .split("\n")
    .slice(2)
    .map((line) => line.trim());
  assert.equal(shown, ["1", "1", "1", "1.000", "123,456,789,012,345"]);
});

test("digits are significant ones, and never round whole digits away", () => {
  const text = (value: number, digits?: number) =>
    String(tableBundle([{ value }], { digits })["text/plain"])
      .split("\n")[2]
      .trim();
  assert.is(text(3.14159265, 3), "3.14");
  assert.is(text(123456.7, 2), "123457");
  assert.is(text(0.00001234), "1.234e-5");
  assert.is(text(NaN), "NaN");
  assert.is(text(-Infinity), "-∞");
});

test("long tables say how many rows are left out", () => {
  const rows = Array.from({ length: 1000 }, (_, n) => ({ n }));
  const lines = String(tableBundle(rows, { limit: 10 })["text/plain"]).split("\n");
  assert.is(lines.length, 13);
  assert.is(lines[12], "… 990 more rows");
});

test("no rows give the headings asked for; a row that is no record is refused by its number", () => {
  assert.is(tableBundle([], { columns: ["a"] })["text/plain"], "a\n-");
  assert.throws(() => tableBundle([{ a: 1 }, 7 as unknown as object]), /row 1 is 7/);
  assert.throws(
    () => tableBundle("rows" as unknown as []),
    /got rows; give an array of records or a data frame/,
  );
});

test("a danfojs frame shows as its rows do", () => {
  const rows = [
    { n: 1, kind: "a", y: 0.25 },
    { n: 2, kind: "b", y: 0.5 },
    { n: 3, kind: "a", y: 1.75 },
  ];
  const frame = dataFrame(rows);
  assert.equal(frame.shape, [3, 3]);
  assert.equal(tableBundle(frame), tableBundle(rows));
  const means = frame.groupby(["kind"]).col(["y"]).mean();
  assert.match(String(tableBundle(means)["text/plain"]), /a\s+1\n/);
});

test.run();
