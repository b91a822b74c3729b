import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { heNetwork, networkToJson, ReluNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { decisionBoundary } from "relu-lab/regions";
import { capturing } from "./run-command";
import { pixelsOf } from "./pixels";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-boundary-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

function saved(name: string, net: ReluNetwork): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, JSON.stringify(networkToJson(net)));
  return file;
}

async function json(...args: string[]) {
  const { code, out, err } = await run("regions", ...args, "--json");
  assert.is(code, 0, err.join());
  return JSON.parse(out);
}

const classifier = heNetwork([2, 16, 16, 3], generator(7), 0.3);
const file = saved("classifier.json", classifier);

test("--boundary counts what decisionBoundary finds", async () => {
  const found = await json(file, "--box", "-1,1", "--boundary");
  const expected = decisionBoundary(classifier, { lo: [-1, -1], hi: [1, 1] });
  assert.is(found.decision_regions, expected.decisionRegions);
  assert.is(found.boundary_components, expected.lines.length);
  assert.is(
    found.boundary_segments,
    expected.lines.reduce((sum, { points }) => sum + points.length / 2 - 1, 0),
  );
  assert.ok(expected.lines.length > 2);
  for (const { between, components, length } of found.boundary_pairs) {
    const own = expected.lines.filter(({ sides }) => {
      const names = sides.map((side) => expected.winners[side].join("=")).sort();
      return names.join() === between.join();
    });
    assert.is(components, own.length);
    let sum = 0;
    for (const { points } of own)
      for (let i = 2; i < points.length; i += 2)
        sum += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
    assert.ok(Math.abs(length - sum) < 1e-12);
  }
  expected.winners.forEach(([winner], i) => assert.is(found.class_areas[winner], expected.areas[i]));
  assert.is(found.certified, true);
});

test("lengths are those of the input space", async () => {
  // The outputs x and 0 of five inputs; on the plane (3 s, t, 0, 0, 0) they are equal where s = 0.
  const net = ReluNetwork.of([
    {
      W: [
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
      ],
      b: [0, 0],
      activation: "linear",
    },
  ]);
  const plane = path.join(scratch, "plane.json");
  fs.writeFileSync(
    plane,
    JSON.stringify({
      origin: [0, 0, 0, 0, 0],
      directions: [
        [3, 0, 0, 0, 0],
        [0, 2, 0, 0, 0],
      ],
      lo: [-1, -1],
      hi: [1, 2],
    }),
  );
  const found = await json(saved("half.json", net), "--plane", plane, "--boundary");
  assert.equal(found.boundary_pairs, [{ between: ["0", "1"], segments: 1, components: 1, length: 6 }]);
  assert.equal(found.class_areas, { 0: 3, 1: 3 });
});

test("a network of one output is compared with 0, which a note says", async () => {
  const one = heNetwork([2, 12, 1], generator(3), 0.3);
  const two = ReluNetwork.of([...one.specs(), { W: [[1], [0]], b: [0, 0], activation: "linear" }]);
  const found = await json(saved("one.json", one), "--box", "-1,1", "--boundary");
  const expected = decisionBoundary(two, { lo: [-1, -1], hi: [1, 1] });
  assert.is(found.boundary_components, expected.lines.length);
  assert.ok(found.boundary_length > 0);
  assert.match(found.notes[0], /one output: its decision boundary is where that is 0/);
});

test("the picture shows boundary and marks, the same in both kinds", async () => {
  const words = [file, "--box", "-1,1", "--boundary", "--mark", "[0.5,0.5]", "--mark", "-0.25,0"];
  const svgFile = path.join(scratch, "a.svg");
  const found = await json(...words, "--picture", svgFile);
  assert.equal(found.marks, [
    [0.5, 0.5],
    [-0.25, 0],
  ]);
  const svg = fs.readFileSync(svgFile, "utf8");
  assert.is(svg.match(/<polygon /g)!.length, found.activation_regions);
  assert.is(svg.match(/<polyline /g)!.length, 2 * found.boundary_components, "a white rim and a black line");
  assert.is(svg.match(/<title>mark /g)!.length, 2);
  assert.match(svg, /cx="750\.00" cy="250\.00"/);
  const pngFile = path.join(scratch, "a.png");
  await json(...words, "--picture", pngFile);
  const pixel = pixelsOf(fs.readFileSync(pngFile));
  const [black, white] = ["000000", "ffffff"];
  for (const [x, y] of [
    [750, 250],
    [375, 500],
  ]) {
    assert.is(pixel(x, y), black, "the dot");
    assert.is(pixel(x + 5, y), white);
    assert.is(pixel(x + 9, y), black, "the ring");
    assert.is(pixel(x, y + 11), white);
  }
  // In the middle of every long segment the line is black; its rim lies 2.5 pixels off, unless another line crosses.
  let [lines, rims, tried] = [0, 0, 0];
  for (const [, list] of svg.matchAll(/<polyline points="([^"]+)"/g)) {
    const points = list.split(" ").map((pair) => pair.split(",").map(Number));
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
      const [dx, dy, length] = [x1 - x0, y1 - y0, Math.hypot(x1 - x0, y1 - y0)];
      if (length < 20) continue;
      const at = (off: number) =>
        pixel(
          Math.floor((x0 + x1) / 2 - (off * dy) / length),
          Math.floor((y0 + y1) / 2 + (off * dx) / length),
        );
      tried++;
      if (at(0) === black) lines++;
      if ([2, 2.5, 3].some((off) => at(off) === white)) rims++;
    }
  }
  assert.ok(tried > 10);
  assert.ok(lines >= 0.95 * tried && rims >= 0.95 * tried, `${lines}, ${rims} of ${tried}`);
});

test("a point off the plane is marked where the plane is nearest; outside of the picture it is refused", async () => {
  const five = saved("five.json", heNetwork([5, 8, 2], generator(1), 0.3));
  const picture = ["--picture", path.join(scratch, "b.svg")];
  const found = await json(five, "--plane", "axes:0,1", "--mark", "[0.5,-0.5,0,3,4]", ...picture);
  assert.equal(found.marks, [[0.5, -0.5]]);
  assert.match(found.notes[0], /lies 5 off the plane: the plane's nearest point is marked/);
  const outside = await run("regions", five, "--plane", "axes:0,1", "--mark", "[2,0,0,0,0]", ...picture);
  assert.equal([outside.code, outside.err.length], [2, 1]);
  assert.match(
    outside.err[0],
    /lies at \(2, 0\), outside of the picture, which shows -1 to 1 and -1 to 1: widen it with --box/,
  );
});

test("a narrow domain fills the picture", async () => {
  const svgFile = path.join(scratch, "narrow.svg");
  await json(file, "--box", "-1,1,0,0.1", "--picture", svgFile);
  assert.match(fs.readFileSync(svgFile, "utf8"), /viewBox="0 0 1000 1000"/);
  await json(file, "--box", "-1,1,0,1", "--picture", svgFile);
  assert.match(fs.readFileSync(svgFile, "utf8"), /viewBox="0 0 1000 500"/);
});

test("wrong uses: one line, exit 2", async () => {
  for (const [words, message] of [
    [["--boundary", "--count"], /--count keeps no regions: leave it out for --boundary/],
    [["--mark", "[0,0]"], /--mark marks points in a picture: add --picture/],
    [["--mark", "[0]", "--picture", "a.svg"], /\[0\] has 1 number, but .*classifier\.json takes 2 inputs/],
    [["--mark"], /--mark needs a value/],
  ] as [string[], RegExp][]) {
    const { code, err } = await run("regions", file, "--box", "-1,1", ...words);
    assert.equal([code, err.length], [2, 1], String(words));
    assert.match(err[0], message);
  }
  for (const option of ["--boundary", "--mark", "--picture", "--statistics"])
    assert.match(
      (await run("segment", file, option, "x")).err[0],
      new RegExp(`unknown option ${option} of segment`),
    );
});

test.run();
