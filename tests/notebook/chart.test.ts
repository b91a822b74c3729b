import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHash } from "node:crypto";
import { chartMessage } from "@relu-lab/notebook";

const rows = [1, 2, 3, 4].flatMap((n) => [
  { n, pieces: 2 ** n, kind: "deep" },
  { n, pieces: n + 1, kind: "shallow" },
]);
const x = { field: "n", type: "quantitative", title: "layers" };
const y = { field: "pieces", type: "quantitative", title: "affine pieces" };
const color = { field: "kind", type: "nominal", title: "network" };
const spec = { data: { values: rows }, mark: "line", encoding: { x, y, color } };
const vegaLite = "application/vnd.vegalite.v5+json";

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a specification is looked into freely */
const json = (message: { data: object }): any => (message.data as { [type: string]: unknown })[vegaLite];
const png = (message: { data: object }): Buffer =>
  Buffer.from((message.data as { [type: string]: string })["image/png"], "base64");
const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

test("a chart is one message of JSON object, PNG and text, and nothing that outranks them", () => {
  const message = chartMessage(spec, { title: "Depth pays", caption: "Counted exactly.", alt: "Two lines." });
  assert.equal(Object.keys(message.data).sort(), [vegaLite, "image/png", "text/plain"]);
  assert.type(json(message), "object");
  assert.is(json(message).description, "Two lines.");
  assert.is(message.data["text/plain"], "Depth pays\nCounted exactly.\nTwo lines.");
  assert.equal([...png(message).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});

test("the PNG has twice the pixels that its metadata says in CSS pixels", () => {
  const message = chartMessage(spec);
  const { width, height } = message.metadata["image/png"] as { width: number; height: number };
  assert.ok(Math.abs(png(message).readUInt32BE(16) - 2 * width) <= 2);
  assert.ok(Math.abs(png(message).readUInt32BE(20) - 2 * height) <= 2);
});

test("the PNG's bytes are the same at every drawing and on every machine", () => {
  const options = {
    title: "α ≤ β, ∂f/∂x, 2ⁿ",
    caption: "The digest stored here was made on another machine.",
  };
  const first = digest(png(chartMessage(spec, options)));
  assert.is(digest(png(chartMessage(spec, options))), first);
  assert.is(first, "6326bff0b8a46a9c665f8373e252abc844445ab98302b420662abc47be211f73");
});

test("the font asked for changes nothing in the PNG: only the shipped one is used", () => {
  const other = { ...spec, config: { font: "Comic Sans MS, monospace" } };
  assert.is(digest(png(chartMessage(other))), digest(png(chartMessage(spec))));
});

test("a category told by colour is told by a second sign, with one legend", () => {
  assert.is(json(chartMessage(spec)).encoding.strokeDash.field, "kind");
  assert.is(json(chartMessage({ ...spec, mark: "point" })).encoding.shape.field, "kind");
  const layered = { data: spec.data, encoding: spec.encoding, layer: [{ mark: "line" }, { mark: "point" }] };
  const full = json(chartMessage(layered));
  assert.equal(full.layer[0].encoding.strokeDash.scale.domain, ["deep", "shallow"]);
  assert.equal(full.layer[1].encoding.shape.scale.domain, full.encoding.color.scale.domain);
  const own = { ...spec, encoding: { ...spec.encoding, strokeDash: { value: [1, 0] } } };
  assert.equal(json(chartMessage(own)).encoding.strokeDash, { value: [1, 0] });
});

test("the caller's specification is not changed", () => {
  const before = JSON.stringify(spec);
  chartMessage(spec, { title: "t", caption: "c", width: 300 });
  assert.is(JSON.stringify(spec), before);
});

test("the caller's configuration wins over the house's", () => {
  const full = json(chartMessage({ ...spec, config: { background: "#fafafa", axis: { grid: false } } }));
  assert.is(full.config.background, "#fafafa");
  assert.is(full.config.axis.grid, false);
  assert.is(full.config.axis.labelFontSize, 12);
  assert.is(json(chartMessage(spec)).config.background, "white");
});

test("width is the option's, else the specification's, else 520; compositions keep theirs", () => {
  assert.is(json(chartMessage(spec, { width: 300 })).width, 300);
  assert.is(json(chartMessage({ ...spec, width: 310 })).width, 310);
  assert.is(json(chartMessage(spec)).width, 520);
  assert.is(json(chartMessage({ hconcat: [spec, spec] })).width, undefined);
});

test("an axis without a title is refused, by place and field", () => {
  const bare = { field: "n", type: "quantitative" };
  assert.throws(
    () => chartMessage({ ...spec, encoding: { x: bare, y } }),
    /encoding\.x \(field "n"\) has no title/,
  );
  const nested = {
    hconcat: [spec, { data: spec.data, layer: [{ mark: "line", encoding: { x, y: bare } }] }],
  };
  assert.throws(() => chartMessage(nested), /hconcat\[1\]\.layer\[0\]\.encoding\.y/);
});

test("a title that is left out on purpose, or given by another layer, is accepted", () => {
  chartMessage({ ...spec, encoding: { x: { field: "n", type: "quantitative", title: null }, y } });
  chartMessage({ ...spec, encoding: { x: { field: "n", type: "quantitative", axis: null }, y } });
  chartMessage({
    data: spec.data,
    layer: [
      { mark: "line", encoding: { x, y } },
      { mark: "rule", encoding: { x: { field: "n", type: "quantitative" } } },
    ],
  });
});

test("a wrong specification fails with a reason, and so does data by address", () => {
  assert.throws(() => chartMessage({ ...spec, mark: "blob" }), /no mark "blob"; there are arc, area/);
  assert.throws(
    () => chartMessage({ ...spec, transform: [{ calculate: "f(datum.n)", as: "k" }] }),
    /chart: Unrecognized function: f/,
  );
  assert.throws(
    () => chartMessage({ ...spec, data: { url: "rows.json" } }),
    /data\.url is "rows\.json".*values/,
  );
});

test("captions are broken to the plot's width", () => {
  const caption = "word ".repeat(60);
  const below = json(chartMessage(spec, { title: "Words", caption, width: 400 })).title.subtitle as string[];
  assert.ok(below.length >= 5);
  assert.is(below.join(" ").split(" ").length, 60);
  assert.equal(json(chartMessage(spec, { caption, width: 400 })).title.text, below);
});

test("a caption is drawn without a headline too", () => {
  const height = (options: object) =>
    (chartMessage(spec, options).metadata["image/png"] as { height: number }).height;
  assert.ok(height({ caption: "Counted exactly." }) >= height({}) + 12);
  assert.ok(height({ title: "Depth pays", caption: "Counted exactly." }) > height({ title: "Depth pays" }));
});

test.run();
