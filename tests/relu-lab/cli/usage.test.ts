import { test } from "uvu";
import * as assert from "uvu/assert";
import { main } from "relu-lab/cli";
import { optionNames, parseArguments } from "../../../packages/relu-lab/src/cli/arguments";
import { usage } from "../../../packages/relu-lab/src/cli/usage";
import { capturing } from "./run-command";

const run = capturing(main);

test("--help prints the usage, wherever it stands", async () => {
  for (const words of [[], ["--help"], ["-h"], ["regions", "a.onnx", "--help"]]) {
    assert.equal(await run(...words), { code: 0, out: usage, err: [] });
  }
});

test("every option is explained", () => {
  for (const name of optionNames) assert.match(usage, new RegExp(`^  --${name}\\b`, "m"));
});

test("no option is explained that does not exist", () => {
  for (const [, name] of usage.matchAll(/--([a-z-]+)/g)) assert.ok(optionNames.includes(name), name);
});

test("the examples at the ends of lines are command lines", () => {
  const examples = [...usage.matchAll(/(?: {2,}|: )(--\w+(?: [^\s,]\S*)?(?: --\w+ \S+)*)$/gm)].map(
    ([, words]) => words,
  );
  assert.ok(examples.length >= 15, examples.join("\n"));
  for (const example of examples) {
    const words = example.split(" ");
    // What needs another option has it.
    const more = words[0] === "--mark" ? ["--picture", "a.svg"] : [];
    const found = parseArguments(["regions", "net.onnx", ...words, ...more]);
    assert.ok(found !== "help" && found.file === "net.onnx", example);
  }
  const shown = new Set(examples.flatMap((example) => example.split(" ")[0].slice(2)));
  for (const name of [
    "box",
    "line",
    "point",
    "plane",
    "vnnlib",
    "activation",
    "last",
    "layers",
    "output",
    "mark",
    "picture",
    "workers",
  ])
    assert.ok(shown.has(name), name);
});

test.run();
