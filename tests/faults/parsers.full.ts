// 100,000 damaged inputs a parser (RELU_LAB_FUZZ for another number); the notebooks' lint, which compiles, a hundredth.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parsers } from "./fuzz/parsers";
import { watchedFuzz } from "./fuzz/watch";

const runs = Number(process.env.RELU_LAB_FUZZ ?? 100_000);

for (const { name } of parsers) {
  const wanted = name.includes("lint") ? Math.ceil(runs / 100) : runs;
  test(`${name}: a clear error or a right result, ${wanted} damaged inputs`, async () => {
    const { inputs, peak } = await watchedFuzz(name, wanted);
    assert.is(inputs, wanted);
    console.log(`note: ${name}: ${inputs} inputs, at most ${peak.toFixed(0)} MiB`);
  });
}

test.run();
