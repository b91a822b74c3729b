// Counts in more than three dimensions and on the whole space, from the command line.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { network, random, regions } from "relu-lab";
import { capturing } from "./run-command";

const run = capturing(main);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-whole-"));
test.after(() => fs.rmSync(folder, { recursive: true }));

/** A file of one hidden layer in general position. */
function layerOf(inputs: number, neurons: number): string {
  const net = network.heNetwork([inputs, neurons, 1], random.generator(`whole ${inputs} ${neurons}`), 0.5);
  const file = path.join(folder, `${inputs}-${neurons}.json`);
  fs.writeFileSync(file, JSON.stringify(network.networkToJson(net)));
  return file;
}
const answer = async (...words: string[]) => {
  const { code, out, err } = await run("regions", ...words, "--count", "--json");
  assert.is(code, 0, err.join());
  return JSON.parse(out);
};
const refusal = async (...words: string[]) => {
  const { code, err } = await run("regions", ...words);
  assert.is(code, 2);
  return err.join("\n");
};

test("the whole space has as many regions as hyperplanes in general position cut it into", async () => {
  for (const inputs of [1, 2, 3, 4, 5]) {
    const { activation_regions, certified } = await answer(layerOf(inputs, 7), "--whole-space");
    assert.is(BigInt(activation_regions), regions.zaslavsky(7, inputs), `${inputs} inputs`);
    assert.is(certified, true);
  }
});

test("a box of four inputs is counted as countSpace counts it", async () => {
  const file = layerOf(4, 9);
  const net = network.networkFromJson(JSON.parse(fs.readFileSync(file, "utf8")));
  const box = { lo: [-1, -1, -1, -1], hi: [1, 1, 1, 1] };
  const { activation_regions } = await answer(file, "--box=-1,1");
  assert.is(activation_regions, regions.countSpaceSync(net, box).regions);
});

test("what is not counted is refused with what is", async () => {
  const four = layerOf(4, 9);
  assert.match(
    await refusal(four, "--box=-1,1"),
    /4 dimensions: its regions are counted, not listed: add --count/,
  );
  assert.match(await refusal(four, "--whole-space"), /add --count/);
  assert.match(
    await refusal(four, "--whole-space", "--count", "--box=-1,1"),
    /--whole-space and --box cannot both/,
  );
  assert.match(await refusal(layerOf(9, 3), "--box=-1,1", "--count"), /regions are counted in 1 to 8/);
});

test.run();
