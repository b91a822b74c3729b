import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { capturing } from "./run-command";

const fixtures = path.join(__dirname, "../../fixtures/regions");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-cli-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

async function json(...args: string[]) {
  const { code, out } = await run(...args, "--json");
  assert.is(code, 0);
  return JSON.parse(out);
}

function written(name: string, document: unknown): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
  return file;
}

for (const name of fs.readdirSync(fixtures).filter((file) => file.endsWith(".json"))) {
  const file = path.join(fixtures, name);
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  test(`${name}: regions, segment and distance give the known numbers`, async () => {
    const found = await json("regions", file, "--statistics");
    for (const [key, value] of Object.entries(document.expected)) assert.equal(found[key], value, key);
    for (const key of [
      "activation_regions",
      "linear_components",
      "distinct_affine_maps",
      "cells_after_each_hidden_layer",
      "seconds",
      "regions_per_second",
      "peak_rss_mib",
      "workers",
    ])
      assert.ok(key in found, key);
    if (document.sizes[0] === 1) assert.ok("affine_pieces" in found && "activation_intervals" in found);
    assert.is(found.certified, true);
    for (const workers of ["1", "2"]) {
      const counted = await json("regions", file, "--count", "--workers", workers);
      assert.is(counted.activation_regions, found.activation_regions, `counted by ${workers}`);
      assert.is(counted.certified, true);
    }
    if (document.line) {
      const line = await json("segment", file);
      assert.is(line.affine_pieces, document.line.affine_pieces);
      assert.is(line.activation_intervals, document.line.activation_intervals);
      assert.ok(Math.abs(line.min_interval / document.line.min_interval - 1) < 1e-8);
    }
    if (document.distance_to_boundary) {
      const { distances } = await json("distance", file);
      for (const [i, { distance }] of document.distance_to_boundary.entries()) {
        assert.ok(Math.abs(distances[i] - distance) <= 1e-11 * distance);
      }
    }
  });
}

const square = path.join(fixtures, "d2_zeroout_16.json");

test("--count counts activation regions only; --workers is obeyed", async () => {
  const found = await json("regions", square, "--count", "--workers", "1");
  assert.is(found.activation_regions, 66);
  assert.is(found.workers, 1);
  assert.not.ok("linear_components" in found);
});

test("without --json a table is printed", async () => {
  const { out, code } = await run("regions", square);
  assert.is(code, 0);
  assert.match(out, /^activation regions +66$/m);
  assert.match(out, /^linear components +37$/m);
});

test("a file that is not a network: one line that says what and where, exit 2", async () => {
  const good = JSON.parse(fs.readFileSync(square, "utf8"));
  const bad: [string, unknown, RegExp][] = [
    ["text.json", "# not JSON\n", /text\.json: not JSON: /],
    ["empty.json", "", /empty\.json: the file is empty: is its download or its export complete\?/],
    [
      "nan.json",
      JSON.stringify(good).replace('"W":[[', '"note":"NaN","W":[[NaN,'),
      /not JSON \(NaN at line 1, column \d+: numbers must be finite\)/,
    ],
    ["infinite.json", '{\n"layers": [-Infinity]}', /-Infinity at line 2, column 12/],
    [
      "overflow.json",
      JSON.stringify(good).replace('"W":[[', '"W":[[1e400,'),
      /layers\[0\]\.W\[0\]\[0\] must be a finite number, but is Infinity/,
    ],
    ["word.json", '"x"', /the document must be an object/],
    ["bytes.json", "\u0000\u0007\r\n{", /not JSON/],
    ["array.json", [1, 2], /the document must be an object/],
    ["null.json", null, /the document must be an object/],
    ["no-layers.json", { sizes: [2, 1] }, /layers must be an array/],
    ["sizes.json", { ...good, sizes: [2, 15, 1] }, /sizes is \[2,15,1\], but the layers make \[2,16,1\]/],
    [
      "weight.json",
      { ...good, layers: [{ W: [[1, "x"]], b: [0], activation: "relu" }] },
      /layers\[0\]\.W\[0\]\[1\] must be a finite number/,
    ],
    [
      "activation.json",
      { sizes: [2, 1], layers: [{ W: [[1, 1]], b: [0], activation: "tanh" }] },
      /activation/,
    ],
    ["no-domain.json", { ...good, domain: undefined }, /domain is missing/],
    ["disc.json", { ...good, domain: { type: "disc" } }, /domain\.type is "disc"/],
    [
      "short.json",
      { ...good, domain: { type: "box", lo: [0], hi: [1, 1] } },
      /domain\.lo has 1 numbers, but 2/,
    ],
    [
      "empty-box.json",
      { ...good, domain: { type: "box", lo: [0, 1], hi: [1, 1] } },
      /domain\.lo\[1\] is 1, not below/,
    ],
    [
      "flat-slice.json",
      { ...good, domain: { type: "slice", c: [0, 0], u: [1, 1], v: [2, 2], lo: [0, 0], hi: [1, 1] } },
      /parallel/,
    ],
    [
      "five.json",
      {
        sizes: [5, 1],
        layers: [{ W: [[1, 1, 1, 1, 1]], b: [0], activation: "linear" }],
        domain: { type: "box", lo: [0, 0, 0, 0, 0], hi: [1, 1, 1, 1, 1] },
      },
      /box of 5 dimensions/,
    ],
  ];
  for (const [name, document, message] of bad) {
    const { code, err, out } = await run("regions", written(name, document), "--json");
    assert.is(code, 2, name);
    assert.is(err.length, 1, name);
    assert.not.match(err[0], /\p{Cc}/u);
    assert.match(err[0], message);
    assert.ok(err[0].includes(name), "the file is named");
    assert.is(out, "");
  }
  const missing = await run("regions", path.join(scratch, "nothing.json"));
  assert.is(missing.code, 2);
  assert.match(missing.err[0], /nothing\.json: no such file/);
});

test("segment and distance need their fields", async () => {
  const good = JSON.parse(fs.readFileSync(square, "utf8"));
  const file = written("bare.json", { ...good, line: undefined, distance_to_boundary: undefined });
  assert.match(
    (await run("segment", file)).err[0],
    /line is missing; write e\.g\. "line": \{ "p": \[0, 0\], "d": \[1, 1\] \}/,
  );
  assert.match((await run("distance", file)).err[0], /distance_to_boundary is missing/);
  const odd = written("odd.json", { ...good, line: { p: [0, null], d: [1, 1] } });
  assert.match((await run("segment", odd)).err[0], /line\.p\[1\] is null/);
  const still = written("still.json", { ...good, line: { p: [0, 0], d: [0, 0] } });
  assert.match((await run("segment", still)).err[0], /line\.d is zero/);
  const far = written("far.json", { ...good, line: { p: [0, 0], d: [1e308, 1], t: [0, 3] } });
  const beyond = await run("segment", far);
  assert.equal([beyond.code, beyond.err.length], [2, 1]);
  assert.match(beyond.err[0], /far\.json: segment: .* is Infinity: coordinates must be finite/);
  assert.match((await run("regions", scratch)).err[0], /this is a directory/);
  const marked = written("marked.json", "\uFEFF" + JSON.stringify(good));
  assert.is((await json("regions", marked)).activation_regions, 66);
});

test("wrong arguments: one line, exit 2", async () => {
  for (const [args, message] of [
    [["count", square], /unknown command "count"/],
    [["regions"], /takes one file, but got none/],
    [["regions", square, square], /takes one file/],
    [["regions", square, "--fast"], /unknown option --fast/],
    [["regions", square, "--workers", "zero"], /--workers zero/],
    [["segment", square, "--count"], /unknown option --count of segment/],
  ] as [string[], RegExp][]) {
    const { code, err } = await run(...args);
    assert.is(code, 2);
    assert.is(err.length, 1);
    assert.match(err[0], message);
  }
  assert.match((await run("--help")).out, /relu-lab regions FILE/);
});

test("the installed command answers and passes the exit code on", () => {
  const bin = path.join(__dirname, "../../../packages/relu-lab/bin/relu-lab.js");
  const good = spawnSync(process.execPath, [bin, "segment", square, "--json"], { encoding: "utf8" });
  assert.is(good.status, 0);
  assert.is(JSON.parse(good.stdout).affine_pieces, 6);
  const bad = spawnSync(process.execPath, [bin, "regions", bin], { encoding: "utf8" });
  assert.is(bad.status, 2);
  assert.is(bad.stderr.trim().split("\n").length, 1);
});

test.run();
