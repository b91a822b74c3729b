import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { heNetwork, networkToJson } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { countPlane, countSpace, distance, randomPlane, segment, throughPoints } from "relu-lab/regions";
import { capturing } from "./run-command";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-place-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

function written(name: string, document: unknown): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
  return file;
}

async function json(...args: string[]) {
  const { code, out, err } = await run(...args, "--json");
  assert.is(code, 0, err.join());
  return JSON.parse(out);
}

const saved = (sizes: number[], seed: number) => {
  const net = heNetwork(sizes, generator(seed), 0.3);
  return { net, file: written(`${sizes.join("-")}.json`, networkToJson(net)) };
};
const one = saved([1, 12, 12, 1], 1);
const two = saved([2, 10, 10, 2], 2);
const three = saved([3, 6, 6, 1], 3);
const five = saved([5, 10, 10, 3], 4);

const p = [0.5, -1, 0.25, 0, 1];
const q = [-0.5, 1, 0.5, 0.75, -1];
const r = [1, 1, 0, 0, 0.5];
const list = (point: readonly number[]) => JSON.stringify(point);

test("--box: one pair for all inputs, or one for each", async () => {
  const counted = await json("regions", two.file, "--box", "-1,1,0,2", "--count");
  assert.is(counted.activation_regions, (await countPlane(two.net, { lo: [-1, 0], hi: [1, 2] })).regions);
  const cube = await json("regions", three.file, "--box=-1,1,0,2,-2,0", "--count");
  assert.is(
    cube.activation_regions,
    (await countSpace(three.net, { lo: [-1, 0, -2], hi: [1, 2, 0] })).regions,
  );
  const { acts, pieces } = segment(one.net, [-3], [3]);
  const line = await json("regions", one.file, "--box", "-3,3");
  assert.equal([line.activation_regions, line.affine_pieces], [acts, pieces]);
  assert.is((await json("segment", one.file, "--box", "-3,3")).affine_pieces, pieces);
});

test("inputs that are fixed in a box leave a plane or a line", async () => {
  const plane = await json("regions", five.file, "--box", "0.5,0.5,-1,1,0,0,-2,2,1,1", "--count");
  const expected = await countPlane(five.net, {
    origin: [0.5, 0, 0, 0, 1],
    directions: [
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
    ],
    bounds: { lo: [-1, -2], hi: [1, 2] },
  });
  assert.is(plane.activation_regions, expected.regions);
  assert.ok(expected.regions > 5);
  const line = await json("regions", five.file, "--box", "0.5,0.5,-9,9,0,0,2,2,1,1");
  const { acts, pieces } = segment(five.net, [0.5, -9, 0, 2, 1], [0.5, 9, 0, 2, 1]);
  assert.equal([line.activation_regions, line.affine_pieces], [acts, pieces]);
  assert.ok(acts > 3);
});

test("--line and two points: regions and segment count along it", async () => {
  const { acts, pieces } = segment(five.net, p, q);
  assert.ok(acts > 3);
  const file = written("q.json", { x: q });
  const ends = written("ends.json", [p, q]);
  for (const words of [
    ["--line", `${list(p)},${list(q)}`],
    ["--line", `${list(p)},${file}`],
    ["--line", ends],
    ["--point", list(p), "--point", q.join(",")],
    ["--point", ends],
  ]) {
    const found = await json("segment", five.file, ...words);
    assert.equal([found.activation_intervals, found.affine_pieces], [acts, pieces], String(words));
    const regions = await json("regions", five.file, ...words);
    assert.equal([regions.activation_regions, regions.affine_pieces], [acts, pieces], String(words));
  }
  const statistics = await json("regions", five.file, "--line", ends, "--statistics");
  assert.ok(Math.abs(statistics.total_length - Math.hypot(...p.map((v, i) => v - q[i]))) < 1e-12);
  assert.is(
    (await json("segment", one.file, "--line=-3,3")).affine_pieces,
    segment(one.net, [-3], [3]).pieces,
  );
});

test("three points: the plane through them, by --point and by --plane", async () => {
  const expected = await countPlane(five.net, throughPoints(p, q, r, { orthonormal: true }));
  const nested = written("nested.json", [[r.slice(0, 2)], [r.slice(2)]]);
  for (const words of [
    ["--point", list(p), "--point", list(q), "--point", list(r)],
    ["--plane", [p, q, r].map(list).join(",")],
    ["--plane", `${list(p)},${list(q)},${nested}`],
  ]) {
    assert.is((await json("regions", five.file, "--count", ...words)).activation_regions, expected.regions);
  }
});

test("--plane axes:I,J: two inputs vary, the others stay at the point", async () => {
  const slice = (origin: number[], lo: number[], hi: number[]) =>
    countPlane(five.net, {
      origin,
      directions: [
        [0, 0, 0, 1, 0],
        [1, 0, 0, 0, 0],
      ],
      bounds: { lo, hi },
    });
  const at = async (...words: string[]) =>
    (await json("regions", five.file, "--plane", "axes:3,0", "--count", ...words)).activation_regions;
  assert.is(await at(), (await slice([0, 0, 0, 0, 0], [-1, -1], [1, 1])).regions);
  const through = [0, q[1], q[2], 0, q[4]];
  assert.is(await at("--point", list(q)), (await slice(through, [-0.25, -1.5], [1.75, 0.5])).regions);
  assert.is(await at("--point", list(q), "--box", "-4,4"), (await slice(through, [-4, -4], [4, 4])).regions);
  assert.is(await at("--box", "-4,4,0,2"), (await slice([0, 0, 0, 0, 0], [-4, 0], [4, 2])).regions);
  const inputs = "-1,0,0,1,0,2,-3,3,1,2"; // a pair an input: others at its centre
  assert.is(await at("--box", inputs), (await slice([0, 0.5, 1, 0, 1.5], [-3, -1], [3, 0])).regions);
});

test("--plane random with bounds, and through a point", async () => {
  const drawn = randomPlane(5, generator(7));
  const bounds = { lo: [-3, 0], hi: [3, 2] };
  const wide = await json("regions", five.file, "--plane", "random:7", "--box", "-3,3,0,2", "--count");
  assert.is(wide.activation_regions, (await countPlane(five.net, { ...drawn, bounds })).regions);
  const moved = await json("regions", five.file, "--plane", "random:7", "--point", list(p), "--count");
  assert.is(moved.activation_regions, (await countPlane(five.net, { ...drawn, origin: p })).regions);
});

test("a plane is cut to the box of the inputs", async () => {
  // Through (0, 0, 0.5) and parallel to the first two inputs: the whole side of the box, 2 x 4.
  const plane = written("side.json", {
    origin: [0, 0, 0.5],
    directions: [
      [1, 0, 0],
      [1, 1, 0],
    ],
    lo: [0, 0],
    hi: [1, 1],
  });
  const found = await json("regions", three.file, "--plane", plane, "--box", "-1,1,-2,2,0,1", "--statistics");
  assert.ok(Math.abs(found.total_area - 8) < 1e-12);
  const whole = await countPlane(three.net, {
    origin: [0, 0, 0.5],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    bounds: { lo: [-1, -2], hi: [1, 2] },
  });
  assert.is(found.activation_regions, whole.regions);
  // x + y + z = 0 cuts the cube in a regular hexagon with sides of the square root of 2.
  const hexagon = "[0,0,0],[1,-1,0],[1,0,-1]";
  const cut = await json(
    "regions",
    three.file,
    "--plane",
    hexagon,
    "--box",
    "-1,1,-1,1,-1,1",
    "--statistics",
  );
  assert.ok(Math.abs(cut.total_area - 3 * Math.sqrt(3)) < 1e-12);
  const fixed = ["--box", "-1,1,-1,1,0.5,0.5", "--plane", "random:2", "--statistics"];
  assert.ok(Math.abs((await json("regions", three.file, ...fixed)).total_area - 4) < 1e-12);
  const off = await run("regions", three.file, "--plane", plane, "--box", "-1,1,-2,2,1,2");
  assert.equal([off.code, off.err.length], [2, 1]);
  assert.match(off.err[0], /does not pass through the box/);
});

test("distance and segment take every domain; what is taken of it is said", async () => {
  const at = async (...words: string[]) => {
    const { distances, notes } = await json("distance", five.file, ...words);
    return { distances, note: notes.at(-1) };
  };
  const of = (...points: number[][]) => [...distance(five.net, points).distances];
  assert.equal((await at("--point", list(p), "--point", list(q))).distances, of(p, q));
  const ends = await at("--line", `${list(p)},${list(q)}`);
  assert.equal(ends.distances, of(p, q));
  assert.match(ends.note, /two ends/);
  const centre = await at("--box", "0,1");
  assert.equal(centre.distances, of([0.5, 0.5, 0.5, 0.5, 0.5]));
  assert.match(centre.note, /box's centre/);
  const middle = await at("--plane", "axes:0,1", "--box", "0,1,2,4");
  assert.equal(middle.distances, of([0.5, 3, 0, 0, 0]));
  assert.match(middle.note, /middle of the plane/);
  const diagonal = await json("segment", five.file, "--box", "-3,3");
  assert.is(diagonal.activation_intervals, segment(five.net, Array(5).fill(-3), Array(5).fill(3)).acts);
  assert.match(diagonal.notes.at(-1), /diagonal/);
  const across = await json("segment", five.file, "--plane", "axes:0,1", "--box", "-9,9,2,4");
  assert.is(across.activation_intervals, segment(five.net, [-9, 3, 0, 0, 0], [9, 3, 0, 0, 0]).acts);
  assert.match(across.notes.at(-1), /first direction/);
});

test("MNIST's images are points", async () => {
  const given = {
    RELU_LAB_DATA: process.env.RELU_LAB_DATA,
    RELU_LAB_CACHE: process.env.RELU_LAB_CACHE,
    RELU_LAB_OFFLINE: process.env.RELU_LAB_OFFLINE,
  };
  Object.assign(process.env, { RELU_LAB_DATA: "", RELU_LAB_CACHE: "/nonexistent", RELU_LAB_OFFLINE: "1" });
  try {
    const { loadMnist } = await import("relu-lab/datasets");
    const { train } = await loadMnist({ log: () => undefined });
    const image = (i: number) => Array.from(train.images.subarray(784 * i, 784 * (i + 1)), (v) => v / 255);
    const digits = saved([784, 16, 10], 5);
    const { acts } = segment(digits.net, image(3), image(7));
    assert.ok(acts > 3);
    for (const line of ["mnist:3,7", "mnist:3,mnist:7", `mnist:3,${written("seven.json", image(7))}`])
      assert.is((await json("segment", digits.file, "--line", line)).activation_intervals, acts, line);
    const { distances } = await json("distance", digits.file, "--point", "mnist:3,7");
    assert.equal(distances, [...distance(digits.net, [image(3), image(7)]).distances]);
    const beyond = await run("segment", digits.file, "--line", "mnist:3,70000");
    assert.match(beyond.err.at(-1)!, /"70000" is not the number of a training image/);
  } finally {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

const commands = ["regions", "segment", "distance"];

for (const command of commands) {
  test(`${command}: a domain that does not fit is one line and exit 2`, async () => {
    for (const [words, message] of [
      [["--box", "0"], /--box 0: two numbers LO,HI/],
      [["--box", "0,1,2"], /two numbers LO,HI are needed, or such a pair for each input/],
      [["--box", "0,1,0,1"], /2 pairs, but the network takes 5 inputs/],
      [["--box", "0,1,0,1,1,0,0,1,0,1"], /LO below HI are needed \(pair 3\)/],
      [["--box", "0,x"], /two numbers/],
      [["--line", "[0,0],[1,1]"], /\[0,0\] has 2 numbers, but .*5-10-10-3\.json takes 5 inputs/],
      [["--line", list(p)], /two points P,Q are needed.*these are 1/],
      [["--line", `${list(p)},${list(p)}`], /the same point/],
      [["--line", "0,0,0,0,0,1,1,1,1,1"], /write each point in brackets, such as \[0,0,0,0,0\]/],
      [["--line", `${list(p)},nowhere.json`], /"nowhere\.json" is no readable file/],
      [["--line", `${list(p)},[0,0,`], /is no list/],
      [["--line", `${list(p)},`], /points separated by commas/],
      [["--line", `${list(p)},${written("words.json", ["a"])}`], /number 0 is "a"/],
      [["--line", `${list(p)},${written("deep.json", "[")}`], /deep\.json: not JSON/],
      [["--point", "1,2"], /has 2 numbers, but .* takes 5 inputs/],
      [["--point", "[1,2,3,4,null]"], /number 4 is null/],
      [["--point", "mnist:0"], /takes 5 inputs, but a digit has 784/],
      [["--plane", "axes:0"], /two different inputs I,J from 0 to 4/],
      [["--plane", "axes:0,5"], /two different inputs/],
      [["--plane", "axes:1,1"], /two different inputs/],
      [["--plane", "axes:0,1", "--box", "0,1,2,2,0,1,0,1,0,1"], /input 1 does not vary/],
      [["--plane", "random", "--box", "0,1,2,2,0,0,0,0,0,0"], /fewer than two inputs vary/],
      [["--plane", `${list(p)},${list(q)}`], /three points are needed, but these are 2/],
      [["--plane", `${list(p)},${list(q)},${list(p)}`], /lie on a line/],
      [["--plane", [p, q, r].map(list).join(), "--point", list(p)], /only random and axes:I,J go through/],
      [["--plane", "random", "--point", list(p), "--point", list(q)], /goes through one --point/],
      [["--line", "a,b", "--box", "0,1"], /--line and --box cannot both be given/],
      [["--vnnlib", "a", "--box", "0,1"], /--vnnlib and --box cannot both/],
      [["--box", "0,1", "--box", "0,1"], /--box is given twice/],
      [["--raw=yes"], /unknown option --raw=yes/],
    ] as [string[], RegExp][]) {
      const { code, err, out } = await run(command, five.file, ...words);
      assert.equal([code, out], [2, ""], String(words));
      assert.is(err.filter((line) => !line.includes("note:")).length, 1);
      assert.match(err.at(-1)!, message);
    }
  });
}

test("regions: what cannot be counted says what can", async () => {
  for (const [words, message] of [
    [["--box", "0,1"], /box of 5 dimensions: .* add --plane random:0 or --plane axes:0,1/],
    [["--box", "0,1,0,0,0,1,0,1,0,0"], /5 dimensions, of which 3 vary: .*--plane axes:0,2/],
    [["--box", "0,0,0,0,0,0,0,0,0,0"], /no input varies/],
    [["--point", list(p)], /a point lies in one region; add --plane random:0/],
    [["--point", list(p), "--point", list(p)], /the same point/],
    [["--point", written("four.json", [p, q, r, p])], /4 points: two make a line, three a plane/],
    [
      ["--line", `${list(p)},${list(q)}`, "--picture", "a.svg"],
      /--picture draws a plane, but the domain is a line/,
    ],
    [["--line", `${list(p)},${list(q)}`, "--boundary"], /--boundary draws a plane/],
  ] as [string[], RegExp][]) {
    const { code, err } = await run("regions", five.file, ...words);
    assert.equal([code, err.length], [2, 1], String(words));
    assert.match(err[0], message);
  }
});

test("a file that gives no domain: what to say", async () => {
  const onnx = path.join(__dirname, "../../fixtures/formats/mlp.onnx");
  assert.match(
    (await run("regions", onnx)).err[0],
    /gives no domain: say --plane random.*--line P,Q or --vnnlib/,
  );
  assert.match((await run("segment", onnx)).err[0], /gives no line: say --line P,Q/);
  assert.match((await run("distance", onnx)).err[0], /gives no points: say --point X/);
});

test.run();
