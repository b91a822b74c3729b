import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { main } from "relu-lab/cli";
import { heNetwork, networkToJson } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { countPlane, segment } from "relu-lab/regions";
import { inputBoxes } from "../../../packages/relu-lab/src/cli/vnnlib";
import { capturing } from "./run-command";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-vnnlib-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

const declared = (inputs: number) =>
  [...Array.from({ length: inputs }, (_, i) => `X_${i}`), "Y_0", "Y_1"].map(
    (name) => `(declare-const ${name} Real)`,
  );
const property = (inputs: number, ...assertions: string[]) =>
  [...declared(inputs), ...assertions.map((one) => `(assert ${one})`)].join("\n");
const refusing = (what: string): never => {
  throw new Error(what);
};
const boxes = (inputs: number, ...assertions: string[]) =>
  inputBoxes(property(inputs, ...assertions), refusing);

test("bounds in every order and spelling", () => {
  const whole = ["(<= X_0 1)", "(>= X_0 -0.5)", "(>= 2e0 X_1)", "(<= (- 3.25) X_1)"];
  const expected = [{ lo: [-0.5, -3.25], hi: [1, 2] }];
  assert.equal(boxes(2, ...whole), expected);
  assert.equal(boxes(2, `(and ${whole.join(" ")})`), expected);
  assert.equal(boxes(2, "(<= -0.5 X_0 1)", "(> 2 X_1)", "(< -3.25 X_1)"), expected);
  assert.equal(boxes(2, ...whole, "(<= X_0 7)"), expected, "the narrower bound counts");
  assert.equal(boxes(2, "(= X_0 .25)", "(and (<= X_1 1.) (>= X_1 +1E-1))"), [
    { lo: [0.25, 0.1], hi: [0.25, 1] },
  ]);
});

test("comments, declarations and settings that change nothing", () => {
  const text = `; a (comment\n(set-logic QF_LRA) (set-info :source |a ( b|) (set-info :x "y ) ; z")
    (declare-fun X_0 () Real)(declare-const Y_0 Real) (assert (<= X_0 1));(assert (<= X_0 0))
    (assert (>= X_0 0)) (check-sat)`;
  assert.equal(inputBoxes(text, refusing), [{ lo: [0], hi: [1] }]);
});

test("what is said of outputs is no part of the domain", () => {
  const sides = ["(<= X_0 1)", "(>= X_0 0)"];
  const expected = [{ lo: [0], hi: [1] }];
  assert.equal(boxes(1, ...sides, "(or (and (<= Y_0 Y_1)) (and (>= Y_0 3.5)))"), expected);
  assert.equal(boxes(1, "(or (and (>= X_0 0) (<= X_0 1) (>= Y_0 100)))"), expected);
  assert.equal(boxes(1, ...sides, "(<= (+ Y_0 (* 2 Y_1)) 4)"), expected);
});

test("alternatives are several boxes: each once, without empty ones", () => {
  const left = "(and (>= X_0 0) (<= X_0 1))";
  const right = "(and (>= X_0 2) (<= X_0 3))";
  assert.equal(boxes(1, `(or ${left} ${right} ${left})`), [
    { lo: [0], hi: [1] },
    { lo: [2], hi: [3] },
  ]);
  assert.equal(boxes(1, `(or ${left} ${right})`, "(>= X_0 1.5)"), [{ lo: [2], hi: [3] }]);
  const upper = "(or (and (>= X_1 0) (<= X_1 1)) (and (>= X_1 5) (<= X_1 6)))";
  assert.is(boxes(2, `(or ${left} ${right})`, upper).length, 4);
});

test("what is no box is refused with the place", () => {
  for (const [assertions, message] of [
    [["(<= X_0 X_1)"], /\(<= X_0 X_1\) bounds no single input by a number/],
    [["(<= (+ X_0 X_1) 1)"], /\(<= \(\+ X_0 X_1\) 1\) bounds no single input/],
    [["(<= X_7 1)"], /X_7 is not declared/],
    [["(not (<= X_0 1))"], /\(not .*only and, or, <=/],
    [["(<= X_0)"], /only and, or/],
    [["X_0"], /X_0 is no assertion/],
    [["(<= X_0 1e999)"], /bounds no single input/],
    [["(<= X_0 1)", "(>= X_0 0)", "(<= X_1 1)"], /X_1 has no lower bound/],
    [["(<= X_0 1)", "(>= X_0 2)", "(<= X_1 1)", "(>= X_1 0)"], /no input fulfils/],
  ] as [string[], RegExp][]) {
    assert.throws(() => boxes(2, ...assertions), message);
  }
  for (const [text, message] of [
    ["", /declares no inputs/],
    ["(declare-const X_1 Real)", /1 inputs, but no X_0/],
    ["(declare-const z Real)", /inputs are named X_0/],
    ["(declare-network f)", /\(declare-network f\) is not understood/],
    ["\n(assert (<= X_0 1)", /ends within 1 open parentheses/],
    ["\n\n)", /line 3: a parenthesis is closed/],
    ['\n(set-info "a)', /line 2: a " has no end/],
    ["(".repeat(300), /nested more than 200 deep/],
  ] as [string, RegExp][]) {
    assert.throws(() => inputBoxes(text, refusing), message);
  }
});

test("alternatives of alternatives do not fill the memory", () => {
  const either = (i: number) => `(or (and (>= X_${i} 0) (<= X_${i} 1)) (and (>= X_${i} 2) (<= X_${i} 3)))`;
  const inputs = 30;
  assert.throws(
    () => boxes(inputs, ...Array.from({ length: inputs }, (_, i) => either(i))),
    /more than can be held/,
  );
});

test("many inputs are read in no time", () => {
  const inputs = 3072;
  const sides = Array.from({ length: inputs }, (_, i) => [`(>= X_${i} 0)`, `(<= X_${i} ${i + 1})`]).flat();
  const start = performance.now();
  const [box] = boxes(inputs, ...sides);
  assert.ok(performance.now() - start < 2000);
  assert.equal([box.lo.length, box.hi[3071]], [inputs, 3072]);
});

test("damaged files are a box or a refusal", () => {
  const good = property(
    3,
    "(or (and (<= X_0 1) (>= X_0 -1)) (and (>= X_0 (- 2)) (<= X_0 3)))",
    "(<= -1 X_1 1)",
    "(= X_2 0.5)",
    "(<= Y_0 Y_1)",
  );
  const random = generator("vnnlib");
  const letters = '()-;|"XY_019.e <>=ao\n';
  let [read, refused] = [0, 0];
  for (let i = 0; i < 5000; i++) {
    const letter = letters[Math.floor(random.uniform() * letters.length)];
    const at = Math.floor(random.uniform() * good.length);
    const damaged =
      good.slice(0, at) +
      (random.uniform() < 0.5 ? letter : "") +
      good.slice(at + Math.floor(random.uniform() * 4));
    try {
      for (const { lo, hi } of inputBoxes(damaged, refusing)) {
        assert.ok(lo.length === hi.length && lo.every((v, k) => Number.isFinite(v) && v <= hi[k]));
      }
      read++;
    } catch (error) {
      assert.is((error as Error).constructor, Error, String((error as Error).stack));
      refused++;
    }
  }
  assert.ok(read > 500 && refused > 500, `${read} read, ${refused} refused`);
});

function written(name: string, content: string | Uint8Array): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, content);
  return file;
}

const net = heNetwork([3, 8, 8, 1], generator(4), 0.3);
const network = written("net.json", JSON.stringify(networkToJson(net)));
const slab = (x2: string) => property(3, "(<= 0 X_0 2)", "(<= -1 X_1 1)", x2, "(<= Y_0 0)");
const slice = {
  origin: [0, 0, 0.5],
  directions: [
    [1, 0, 0],
    [0, 1, 0],
  ] as const,
  bounds: { lo: [0, -1], hi: [2, 1] },
};

async function json(...args: string[]) {
  const { code, out, err } = await run(...args, "--json");
  assert.is(code, 0, err.join());
  return JSON.parse(out);
}

test("--vnnlib is the domain, plain or packed; of several boxes the one that is named", async () => {
  const expected = (await countPlane(net, slice)).regions;
  const plain = written("fixed.vnnlib", slab("(= X_2 0.5)"));
  const packed = written("fixed.vnnlib.gz", gzipSync(slab("(= X_2 0.5)")));
  for (const file of [plain, packed])
    assert.is((await json("regions", network, "--vnnlib", file, "--count")).activation_regions, expected);
  const several = written("several.vnnlib", slab("(or (= X_2 7) (= X_2 0.5))"));
  assert.is(
    (await json("regions", network, "--vnnlib", `${several}#2`, "--count")).activation_regions,
    expected,
  );
  const { acts } = segment(net, [0, -1, 0.5], [2, 1, 0.5]);
  assert.is((await json("segment", network, "--vnnlib", plain)).activation_intervals, acts);
  assert.is((await json("distance", network, "--vnnlib", plain)).distances.length, 1);
  const cut = await json("regions", network, "--vnnlib", plain, "--plane", "random:3", "--statistics");
  assert.ok(Math.abs(cut.total_area - 4) < 1e-12);
});

test("--vnnlib that does not fit: one line, exit 2", async () => {
  const several = written("several.vnnlib", slab("(or (= X_2 7) (= X_2 0.5))"));
  for (const command of ["regions", "segment", "distance"]) {
    for (const [option, message] of [
      [
        several,
        /has 2 boxes, say which one, as in --vnnlib .*several\.vnnlib#1: #1 \[0\.\.2, -1\.\.1, 7\]; #2 \[0\.\.2, -1\.\.1, 0\.5\]/,
      ],
      [`${several}#3`, /the file has 2 boxes, counted from 1/],
      [`${several}#0`, /the file has 2 boxes, counted from 1/],
      [path.join(scratch, "nothing.vnnlib"), /nothing\.vnnlib: cannot be read \(ENOENT\)/],
      [written("damaged.vnnlib.gz", "no gzip"), /cannot be read \(Z_DATA_ERROR\)/],
      [
        written("other.vnnlib", property(2, "(<= 0 X_0 1)", "(<= 0 X_1 1)")),
        /declares 2 inputs, but the network takes 3/,
      ],
    ] as [string, RegExp][]) {
      const { code, err } = await run(command, network, "--vnnlib", option);
      assert.equal([code, err.length], [2, 1], option);
      assert.match(err[0], message);
    }
  }
});

test.run();
