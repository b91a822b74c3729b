import { test } from "uvu";
import * as assert from "uvu/assert";
import { chartMessage, lines } from "@relu-lab/notebook";

const rows = [1, 2, 4, 8].flatMap((n) =>
  ["a", "b"].map((target) => ({ n, target, error: 1 / n, low: 0.5 / n, high: 2 / n, bound: 3 / n })),
);
const x = { field: "n", title: "neurons" };
const y = { field: "error", title: "error", log: true };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const marksOf = (spec: any): string[] => (spec.layer ?? spec.spec.layer).map((one: any) => one.mark.type);
const draws = (spec: object) => chartMessage(spec, { alt: "x" }).data["image/png"] as string;

test("a line chart with bands and theory draws, each series told by colour, dash and shape", () => {
  const spec = lines(rows, {
    x: { ...x, log: 2 },
    y,
    series: "target",
    band: { lower: "low", upper: "high" },
    theory: "bound",
  });
  assert.equal(marksOf(spec), ["area", "line", "line", "point"]);
  assert.ok(draws(spec).length > 1000);
  const full = JSON.stringify(chartMessage(spec).data["application/vnd.vegalite.v5+json"]);
  assert.match(full, /"shape":\{"field":"series"/);
  assert.match(full, /"strokeDash":\{"field":"series"/);
});

test("columns become series", () => {
  const spec = lines(rows, { x, y: { fields: { error: "measured", bound: "proved" }, title: "error" } }) as {
    data: { values: { series: string }[] };
  };
  assert.equal([...new Set(spec.data.values.map((row) => row.series))], ["measured", "proved"]);
  assert.is(spec.data.values.length, 16);
});

test("many values are a line alone, names on an axis are points", () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ n, error: n + 1 }));
  assert.equal(marksOf(lines(many, { x, y })), ["line"]);
  assert.equal(marksOf(lines(rows, { x, y: { field: "target", title: "target", category: true } })), [
    "point",
  ]);
});

test("panels, a slider, levels and highlights draw", () => {
  assert.ok(draws(lines(rows, { x, y, panels: { field: "target" } })).length > 1000);
  const spec = lines(rows, {
    x,
    y: { field: "error", title: "error" },
    series: "target",
    slider: { field: "n", label: "n", start: 4 },
  });
  assert.equal((spec as { params: { bind: object }[] }).params[0].bind, {
    input: "select",
    options: [1, 2, 4, 8],
    name: "n ",
  });
  const marked = lines(rows, {
    x,
    y,
    highlight: (row) => row.n === 2,
    levels: [{ value: 0.3, label: "limit" }],
  });
  assert.equal(marksOf(marked), ["line", "point", "point", "rule", "text"]);
  assert.ok(draws(marked).length > 1000);
});

test("rows without a value are left out, and what cannot be drawn is named", () => {
  const gap = [...rows, { n: 16, target: "a", error: null }];
  assert.is((lines(gap, { x, y }) as { data: { values: object[] } }).data.values.length, 8);
  assert.throws(() => lines([], { x, y }), /no rows/);
  assert.throws(
    () => lines(rows, { x, y: { field: "eror", title: "error" } }),
    /no row has the column "eror" \(y\); there are n, target, error/,
  );
  assert.throws(
    () =>
      lines(
        [
          { n: 1, error: 1 },
          { n: 2, error: 0 },
        ],
        { x, y },
      ),
    /row 1 has 0 in "error".*logarithmic/,
  );
  assert.throws(
    () => lines([{ n: "one", error: 1 }], { x, y }),
    /row 0 has "one" in "n", which is not a number/,
  );
  assert.throws(() => lines(rows, { x, y: { title: "error" } }), /either field .* or fields/);
});

test.run();
