import { test } from "uvu";
import * as assert from "uvu/assert";
import { inflateSync } from "node:zlib";
import { confusionChart, downloadBar, imageGrid } from "@relu-lab/notebook";
import { chartMessage } from "../../packages/notebook/src/chart";
import { greyPng } from "../../packages/notebook/src/grey-png";
import type { ProgressState } from "@relu-lab/notebook";

/** Palette and pixels of a PNG file written without filters. */
function decode(png: Buffer) {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [chunks.get("IHDR")!.readUInt32BE(0), chunks.get("IHDR")!.readUInt32BE(4)];
  const lines = inflateSync(chunks.get("IDAT")!);
  const colour = (row: number, column: number) => {
    const entry = lines[row * (width + 1) + 1 + column];
    return [...chunks.get("PLTE")!.subarray(3 * entry, 3 * entry + 3)];
  };
  return { width, height, colour };
}

test("a picture is ink on paper, or blue and vermillion around white", () => {
  const grey = decode(greyPng([0, 255, 51, 0, 0, 255], 3));
  assert.equal([grey.width, grey.height], [3, 2]);
  assert.equal(grey.colour(0, 0), [255, 255, 255]);
  assert.equal(grey.colour(0, 1), [0, 0, 0]);
  assert.equal(grey.colour(0, 2), [204, 204, 204]);
  const signed = decode(greyPng([-2, 0, 2], 3, { signed: true }));
  assert.equal([0, 1, 2].map((c) => signed.colour(0, c)), [[0, 114, 178], [255, 255, 255], [213, 94, 0]]); // prettier-ignore
  assert.equal(decode(greyPng([0, 0], 2)).colour(0, 1), [255, 255, 255]);
  assert.throws(() => greyPng([1, 2, 3], 2), /3 pixels are no picture of 2 columns/);
});

test("a grid of pictures is a chart that draws without warnings", () => {
  const pictures = [0, 1].flatMap((row) =>
    [0, 1, 2].map((column) => ({ pixels: [0, 1, 1, 0], row, column })),
  );
  const warned: unknown[] = [];
  const warn = console.warn;
  console.warn = (...words: unknown[]) => warned.push(words);
  try {
    const { data } = chartMessage(imageGrid(pictures, { columns: 2, across: "example", down: "digit" }), {
      alt: "x",
    });
    const json = JSON.stringify(data["application/vnd.vegalite.v5+json"]);
    assert.is(json.match(/data:image\/png;base64,/g)?.length, 6);
    const empty = chartMessage(
      imageGrid(
        pictures.map((p) => ({ ...p, pixels: [0, 0, 0, 0] })),
        { columns: 2, across: "example", down: "digit" },
      ),
      { alt: "x" },
    );
    assert.not.equal(data["image/png"], empty.data["image/png"], "the pictures are drawn into the PNG");
    const labelled = pictures.map(({ pixels }, i) => ({ pixels, label: `${i} → 7` }));
    chartMessage(imageGrid(labelled, { columns: 2, perRow: 4 }), { alt: "x" });
  } finally {
    console.warn = warn;
  }
  assert.equal(warned, []);
  assert.throws(() => imageGrid([], { columns: 2 }), /there is no picture/);
});

test("a confusion matrix is a chart: classes in order, errors coloured on their own scale", () => {
  const cells = [0, 1, 2].flatMap((truth) =>
    [0, 1, 2].map((predicted) => ({
      truth,
      predicted,
      count: truth === predicted ? 900 : truth + 2 * predicted,
    })),
  );
  const spec = confusionChart(cells, "digit") as {
    encoding: { x: { sort: unknown } };
    layer: { encoding?: object }[];
  };
  assert.equal(spec.encoding.x.sort, [0, 1, 2]);
  assert.match(JSON.stringify(spec.layer[0].encoding), /"domain":\[0,5\]/);
  assert.ok(chartMessage(spec, { alt: "x" }).data["image/png"]);
  assert.throws(() => confusionChart([]), /no cells/);
});

test("a download draws a bar in megabytes, and nothing when there is none", () => {
  const states: ProgressState[] = [];
  const sink = { interval: 0, draw: (state: ProgressState) => void states.push({ ...state }) };
  let now = 0;
  const report = downloadBar("MNIST", { sink, clock: () => (now += 1000) });
  assert.is(states.length, 0);
  report({ file: "train-images", received: 2_000_000, total: 11_600_000 });
  report({ file: "test-labels", received: 11_600_000, total: 11_600_000 });
  assert.equal([states[0].label, states[0].unit, states[0].total], ["MNIST", "MB", 11.6]);
  assert.is(states.at(-1)?.done, 11.6);
  assert.is(states.at(-1)?.finished, true);
});

test.run();
