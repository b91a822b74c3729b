import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { inflateSync } from "node:zlib";
import { main } from "relu-lab/cli";
import { onnxFile } from "../formats/onnx-writer";
import { capturing } from "./run-command";
import { generator } from "relu-lab/random";
import { readNetwork } from "relu-lab/formats";
import { heNetwork, networkToJson } from "relu-lab/network";
import { countPlane, throughPoints } from "relu-lab/regions";

const fixtures = path.join(__dirname, "../../fixtures");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-own-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

function written(name: string, document: unknown): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, JSON.stringify(document));
  return file;
}

const wide = heNetwork([5, 8, 8, 1], generator(3));
const net = written("wide.json", networkToJson(wide));

test("--plane with three points counts on the plane through them", async () => {
  const points = [
    [1, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 1, 1, 0],
  ];
  const { out } = await run("regions", net, "--plane", written("points.json", { points }), "--json");
  const [a, b, c] = points;
  const expected = await countPlane(wide, throughPoints(a, b, c, { orthonormal: true }));
  assert.is(JSON.parse(out).activation_regions, expected.regions);
});

test("--plane random:SEED is the same plane each time, another seed another", async () => {
  const areas = async (seed: string) =>
    JSON.parse((await run("regions", net, "--plane", seed, "--statistics", "--json")).out).median_area;
  assert.is(await areas("random:1"), await areas("random:1"));
  assert.is.not(await areas("random:1"), await areas("random:2"));
});

test("an ONNX file and its picture; the note goes to the other stream", async () => {
  const picture = path.join(scratch, "regions.svg");
  const onnx = path.join(fixtures, "formats/mlp.onnx");
  const { out, err, code } = await run("regions", onnx, "--box", "-3,3", "--picture", picture, "--json");
  assert.is(code, 0);
  assert.match(err[0], /note: the Softmax/);
  const svg = fs.readFileSync(picture, "utf8");
  assert.is(svg.match(/<polygon /g)!.length, JSON.parse(out).activation_regions);
});

test("--output takes another output; notes are one line, and stand in the JSON", async () => {
  const file = path.join(scratch, "two.onnx");
  const node = (op: string, inputs: string[], output: string) => ({ op, inputs, outputs: [output] });
  const constants = { w: { shape: [2, 2], values: [1, -1, 2, 0.5] }, v: { shape: [2, 1], values: [1, 1] } };
  const nodes = [
    node("MatMul", ["x", "w"], "h"),
    node("Relu", ["h"], "r"),
    node("MatMul", ["r", "v"], "y"),
    node("Abs", ["h"], "z"),
  ];
  fs.writeFileSync(file, onnxFile({ nodes, constants, inputs: { x: ["N", 2] }, outputs: ["y", "z"] }));
  const box = ["--box", "-1,1", "--json"];
  const first = await run("regions", file, ...box);
  const { notes, linear_components } = JSON.parse(first.out);
  assert.equal(notes, ['the output is "y", the first of "y", "z"']);
  assert.equal(first.err, [`relu-lab: note: ${notes[0]}`]);
  assert.is(linear_components, 4);
  const other = await run("regions", file, ...box, "--output", "z");
  assert.equal([other.err, JSON.parse(other.out).notes], [[], []]);
  const none = await run("segment", file, "--output=q");
  assert.is(none.code, 2);
  assert.match(none.err[0], /two\.onnx: ONNX: "q" is no output of the graph: it has "y", "z"/);
  assert.match(
    (await run("distance", net, "--output", "q")).err[0],
    /has one output without a name, so "q" is none/,
  );
});

test("--picture in PNG shows the same regions in the same colours", async () => {
  const picture = path.join(scratch, "regions.png");
  const square = [path.join(fixtures, "regions/d2_16_n01_s0.json"), "--box", "-1,1"];
  const { code } = await run("regions", ...square, "--picture", picture);
  assert.is(code, 0);
  const png = fs.readFileSync(picture);
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [1000, 1000]);
  const chunk = png.indexOf("IDAT") + 4;
  const rows = inflateSync(png.subarray(chunk, chunk + png.readUInt32BE(chunk - 8)));
  const colours = new Set<string>();
  for (let y = 0, above = Buffer.alloc(4000); y < 1000; y++) {
    const row = Buffer.from(rows.subarray(y * 4001 + 1, (y + 1) * 4001).map((v, i) => v + above[i])); // filter "up"
    for (let x = 0; x < 1000; x++) colours.add(row.subarray(4 * x, 4 * x + 3).toString("hex"));
    above = row;
  }
  const svg = path.join(scratch, "again.svg");
  await run("regions", ...square, "--picture", svg);
  const fills = [...fs.readFileSync(svg, "utf8").matchAll(/<polygon points="([^"]+)" fill="#(\w+)"/g)];
  assert.ok(fills.length > 20);
  const shown = fills.filter(([, , fill]) => colours.has(fill)); // a sliver may have no pixel of its own
  assert.ok(shown.length > 0.9 * fills.length, `${shown.length} of ${fills.length}`);
});

test("--statistics: areas sum to the domain", async () => {
  const square = path.join(fixtures, "regions/d2_zeroout_16.json");
  const found = JSON.parse((await run("regions", square, "--statistics", "--box", "-1,1", "--json")).out);
  assert.ok(Math.abs(found.total_area - 4) < 1e-12);
  assert.ok(Math.abs(found.mean_area * found.activation_regions - 4) < 1e-12);
});

test("--plane mnist: which images they are is a note, not a line of the answer", async () => {
  const { RELU_LAB_DATA: data, RELU_LAB_CACHE: cache, RELU_LAB_OFFLINE: offline } = process.env;
  const given = { RELU_LAB_DATA: data, RELU_LAB_CACHE: cache, RELU_LAB_OFFLINE: offline };
  Object.assign(process.env, { RELU_LAB_DATA: "", RELU_LAB_CACHE: "/nonexistent", RELU_LAB_OFFLINE: "1" });
  const log = console.log;
  const printed: string[] = [];
  console.log = (line: string) => void printed.push(line);
  try {
    const digits = written("digits.json", networkToJson(heNetwork([784, 4, 1], generator(1), 0.1)));
    const { out, err, code } = await run("regions", digits, "--plane", "mnist:0,1,2", "--count", "--json");
    assert.is(code, 0);
    assert.ok(JSON.parse(out).activation_regions > 1);
    assert.match(err.join("\n"), /note: MNIST: no full set .*only the first 10,000/);
    assert.equal(printed, []);
  } finally {
    console.log = log;
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test("ACAS Xu: a plane within a box of its five inputs is counted; the box alone says so", async () => {
  const file = path.join(__dirname, "../../../data/networks/acas-xu-1-1.safetensors");
  const box = ["--box", "0,20000,-3,3,0,0.5,600,700,600,600"];
  const found = JSON.parse(
    (await run("regions", file, ...box, "--plane", "axes:0,1", "--count", "--json")).out,
  );
  const { network } = await readNetwork(file);
  const expected = await countPlane(network, {
    origin: [0, 0, 0.25, 650, 600],
    directions: [
      [1, 0, 0, 0, 0],
      [0, 1, 0, 0, 0],
    ],
    bounds: { lo: [0, -3], hi: [20000, 3] },
  });
  assert.equal([found.activation_regions, found.certified], [expected.regions, true]);
  assert.ok(expected.regions > 10_000);
  const alone = await run("regions", file, ...box);
  assert.is(alone.code, 2);
  assert.match(
    alone.err.at(-1)!,
    /box of 5 dimensions, of which 4 vary: .* add --plane random:0 or --plane axes:0,1/,
  );
});

test("wrong planes, boxes and pictures: one line, exit 2", async () => {
  const onnx = path.join(fixtures, "formats/mlp.onnx");
  const wideDigits = written("wide-digits.json", networkToJson(heNetwork([784, 2, 1], generator(1))));
  for (const [args, message] of [
    [[onnx], /gives no domain: say --plane random/],
    [[net, "--plane", "nowhere.json"], /neither a readable file nor/],
    [[net, "--plane", "random:x"], /seed must be a whole number/],
    [[wideDigits, "--plane", "mnist:1,2"], /three points are needed, but these are 2/],
    [[net, "--plane", "mnist:1,2,3"], /takes 5 inputs, but a digit has 784/],
    [[net, "--plane", written("p.json", { points: [[1], [2], [3]] })], /points\[0\] has 1 numbers/],
    [[net, "--plane", written("q.json", {})], /three points, or origin/],
    [[net, "--box", "1,0"], /two numbers LO,HI/],
    [[net, "--box", ",1"], /two numbers LO,HI/],
    [[net, "--box", "0,1"], /box of 5 dimensions.*--plane/],
    [[net, "--plane"], /needs a value/],
    [[net, "--plane", "random", "--picture", "regions.jpeg"], /in \.svg or \.png is needed/],
    [[net, "--plane", "random", "--count", "--statistics"], /--count keeps no regions/],
    [
      [net, "--plane", "random", "--picture", path.join(onnx, "where.svg")],
      /where\.svg cannot be written to .*\((ENOTDIR|EEXIST)\)/,
    ],
  ] as [string[], RegExp][]) {
    const { code, err } = await run("regions", ...args);
    assert.is(code, 2, String(args));
    assert.is(err.filter((line) => !line.includes("note:")).length, 1);
    assert.match(err.at(-1)!, message);
  }
});

test.run();
