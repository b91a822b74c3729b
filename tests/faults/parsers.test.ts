import { test } from "uvu";
import { fuzz, parsers } from "./fuzz/parsers";

for (const parser of parsers) {
  test(`${parser.name}: a clear error or a right result`, () =>
    fuzz(parser, parser.name.includes("lint") ? 30 : 300));
}

test.run();
