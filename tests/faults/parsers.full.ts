// 100,000 damaged inputs a parser (RELU_LAB_FUZZ for another number); the notebooks' lint, which compiles, a hundredth.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fuzz, parsers } from "./fuzz/parsers";

const runs = Number(process.env.RELU_LAB_FUZZ ?? 100_000);

for (const parser of parsers) {
  test(`${parser.name}: a clear error or a right result, ${runs} damaged inputs`, () => {
    fuzz(parser, parser.name.includes("lint") ? Math.ceil(runs / 100) : runs);
    const peak = process.resourceUsage().maxRSS / 1024;
    console.log(`note: ${parser.name}: peak memory so far ${peak.toFixed(0)} MiB`);
    assert.ok(peak < 1024, `${peak} MiB`);
  });
}

test.run();
