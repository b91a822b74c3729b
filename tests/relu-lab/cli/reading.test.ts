import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { readNetwork, type ReadOptions } from "relu-lab/formats";
import { countPlane, distance, segment } from "relu-lab/regions";
import { array, counting, safetensorsFile } from "../formats/tensor-writers";
import { capturing } from "./run-command";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-reading-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = capturing(main);

// Two layers of equal size in an order that their names do not say, and an output.
const weights = path.join(scratch, "net.safetensors");
fs.writeFileSync(
  weights,
  safetensorsFile({
    "in.weight": counting(6, 2),
    "in.bias": counting(6),
    "alpha.weight": counting(6, 6),
    "alpha.bias": counting(6),
    "beta.weight": array([6, 6], ...Array.from({ length: 36 }, (_, i) => (((i * 11) % 17) - 8) / 8)),
    "beta.bias": counting(6),
    "out.weight": counting(2, 6),
    "out.bias": counting(2),
  }),
);

const order = (...names: string[]) => ["--layers", names.join(",")];
const cases: [string[], ReadOptions][] = [
  [order("in", "alpha", "beta", "out"), { layers: ["in", "alpha", "beta", "out"] }],
  [order("in", "beta", "alpha", "out"), { layers: ["in", "beta", "alpha", "out"] }],
  [
    [...order("in", "beta", "out"), "--activation", "leaky:-0.5", "--last", "relu"],
    { layers: ["in", "beta", "out"], activation: { leaky: -0.5 }, last: "relu" },
  ],
];

test("layers, activation and last are passed on to the reader, by every command", async () => {
  const seen = new Set<string>();
  for (const [words, options] of cases) {
    const { network, notes } = await readNetwork(weights, options);
    const json = async (command: string, ...place: string[]) => {
      const { code, out, err } = await run(command, weights, ...words, ...place, "--json");
      assert.is(code, 0, err.join());
      const found = JSON.parse(out);
      assert.equal(found.notes.slice(0, notes.length), notes);
      if (notes.length > 0) assert.is(err[0].split("\n").length, 1);
      return found;
    };
    const counted = await json("regions", "--box", "-3,3", "--count");
    assert.is(counted.activation_regions, (await countPlane(network, { lo: [-3, -3], hi: [3, 3] })).regions);
    const line = await json("segment", "--line", "[-3,-2],[3,1]");
    assert.is(line.activation_intervals, segment(network, [-3, -2], [3, 1]).acts);
    const { distances } = await json("distance", "--point", "[0.5,0.25]");
    assert.equal(distances, [...distance(network, [[0.5, 0.25]]).distances]);
    seen.add(`${counted.activation_regions} ${distances}`);
  }
  assert.is(seen.size, cases.length, "each option makes another network");
});

for (const command of ["regions", "segment", "distance"]) {
  test(`${command}: what does not fit is one line and exit 2`, async () => {
    for (const [file, words, message] of [
      [weights, ["--activation", "tanh"], /--activation tanh: relu, or leaky:A/],
      [weights, ["--activation", "leaky:"], /relu, or leaky:A/],
      [weights, ["--activation", "leaky:x"], /relu, or leaky:A/],
      [weights, ["--last", "softmax"], /--last softmax: relu or linear/],
      [weights, ["--layers", "in,,out"], /--layers in,,out: names of layers separated by commas/],
      [weights, ["--layers", "in,gamma,out"], /gamma/],
      [weights, [...order("in", "beta", "out"), "--output", "logits"], /logits/],
      [weights, [...order("in", "beta", "out"), "--raw"], /no normalisation/],
    ] as [string, string[], RegExp][]) {
      const { code, err } = await run(command, file, ...words, "--box", "-1,1");
      assert.equal([code, err.length], [2, 1], String(words));
      assert.match(err[0], message);
    }
  });
}

test("--raw leaves the normalisation of a .nnet file out", async () => {
  const file = path.join(scratch, "scaled.nnet");
  // One ReLU of the input, at 10 once the mean is taken off; without that at 0.
  fs.writeFileSync(file, "// one neuron\n2,1,1,1,\n1,1,1,\n0,\n-100,\n100,\n10,0,\n2,1,\n1,\n0,\n1,\n0,\n");
  for (const [words, boundary] of [
    [[], 10],
    [["--raw"], 0],
  ] as [string[], number][]) {
    const { out, err } = await run("distance", file, ...words, "--point", "[50]", "--json");
    assert.equal(JSON.parse(out || JSON.stringify(err)).distances, [50 - boundary]);
  }
});

test.run();
