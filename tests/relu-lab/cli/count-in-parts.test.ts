// Counts in parts: --shard, --merge, --resume.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { capturing } from "./run-command";

const run = capturing(main);
const rings = path.resolve(__dirname, "../../../data/networks/rings.json");
const count = ["regions", rings, "--count", "--json"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-parts-"));
test.after(() => fs.rmSync(folder, { recursive: true }));

const answer = async (...words: string[]) => {
  const { code, out, err } = await run(...count, ...words);
  assert.is(code, 0, err.join());
  return JSON.parse(out);
};
const refusal = async (...words: string[]) => {
  const { code, err } = await run(...words);
  assert.is(code, 2);
  return err.join("\n");
};
const parts = (name: string) => path.join(folder, name);

test("the parts in a folder add up to the count", async () => {
  const whole = await answer();
  for (const part of [1, 2, 3]) {
    const one = await answer("--shard", `${part}/3`, "--into", parts("three"));
    assert.equal([one.part, one.parts], [part, 3]);
    assert.ok(fs.existsSync(one.written));
  }
  const merged = await answer("--merge", parts("three"));
  assert.is(merged.activation_regions, whole.activation_regions);
  assert.equal(merged.cells_after_each_hidden_layer, whole.cells_after_each_hidden_layer);
  assert.is(merged.certified, true);
});

test("what is missing, double, foreign or damaged is named", async () => {
  const at = parts("some");
  fs.cpSync(parts("three"), at, { recursive: true });
  const merge = () => refusal(...count, "--merge", at);
  const file = (part: number) => path.join(at, `rings.json.part-${part}-of-3.json`);
  const third = fs.readFileSync(file(3), "utf8");
  fs.rmSync(file(3));
  assert.match(await merge(), /1 of 3 parts are missing: 3/);
  fs.writeFileSync(file(3), third);
  fs.writeFileSync(path.join(at, "copy.part-3-of-3.json"), third);
  assert.match(await merge(), /part 3 stands in copy\.part-3-of-3\.json too/);
  fs.rmSync(path.join(at, "copy.part-3-of-3.json"));
  fs.writeFileSync(file(3), third.slice(0, 40));
  assert.match(await merge(), /rings\.json\.part-3-of-3\.json: this is no record/);
  fs.writeFileSync(file(3), third.replace(/"of":"\w/, '"of":"x'));
  assert.match(await merge(), /a part of another count/);
  fs.writeFileSync(file(3), third.replace("[3,3]", "[3,4]"));
  assert.match(await merge(), /part 3 of 4, but others are of 3/);
  assert.match(await refusal(...count, "--merge", parts("none")), /there is no such folder/);
  assert.match(
    await refusal(...count, "--box", "-1,1", "--merge", parts("three")),
    /a part of another count/,
  );
});

test("a count goes on from what its file holds, and a half line is counted again", async () => {
  const whole = await answer();
  const file = parts("long.jsonl");
  const first = await answer("--resume", file);
  assert.is(first.activation_regions, whole.activation_regions);
  const lines = fs.readFileSync(file, "utf8").trim().split("\n");
  assert.is(lines.length, 64);
  // Killed within a line: an invented part shows that what is there is taken, and the rest counted.
  const invented = JSON.stringify({ ...JSON.parse(lines[1]), activation_regions: 1_000_000 });
  fs.writeFileSync(file, `${lines[0]}\n${invented}\n${lines[2].slice(0, 30)}`);
  const again = await answer("--resume", file);
  const own = JSON.parse(lines[1]).activation_regions;
  assert.is(again.activation_regions, whole.activation_regions - own + 1_000_000);
  assert.match(await refusal(...count, "--box", "-1,1", "--resume", file), /holds something else/);
  fs.writeFileSync(file, "a letter\n");
  assert.match(await refusal(...count, "--resume", file), /holds something else/);
  assert.is(fs.readFileSync(file, "utf8"), "a letter\n");
});

test("options that do not go together are refused", async () => {
  const words = ["regions", rings];
  assert.match(await refusal(...words, "--shard", "1/2"), /add --count/);
  assert.match(await refusal(...count, "--shard", "1/2", "--merge", "x"), /--shard and --merge: give one/);
  assert.match(await refusal(...count, "--into", "x"), /add --shard/);
  for (const wrong of ["0/3", "4/3", "1", "1/5000", "a/b"])
    assert.match(
      await refusal(...count, "--shard", wrong),
      /part and number of parts are needed, as in 3\/64/,
    );
  assert.match(
    await refusal(...count, "--line", "[0,0],[1,1]", "--shard", "1/2"),
    /count on planes, but the domain is a line/,
  );
});

test.run();
