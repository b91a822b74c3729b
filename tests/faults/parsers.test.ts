import { test } from "uvu";
import * as assert from "uvu/assert";
import { fuzz, parsers, prepare } from "./fuzz/parsers";
import { watchedFuzz } from "./fuzz/watch";

test.before(prepare);

for (const parser of parsers) {
  test(`${parser.name}: a clear error or a right result`, () =>
    fuzz(parser, parser.name.includes("lint") ? 30 : 300));
}

test("the watch names a parser that hangs, crashes, takes all memory or leaves a file", async () => {
  const limits = { seconds: 2, memory: 700 };
  const noticed = async (name: string) => {
    const said = await watchedFuzz(name, 50, limits).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    assert.ok(said.startsWith(`${name}: input `), said);
    return said;
  };
  const [hangs, crashes, takes, here, above] = await Promise.all(
    ["never returns", "ends the process", "takes all memory", "writes where it stands", "writes above"].map(
      (what) => noticed(`one that ${what}`),
    ),
  );
  assert.match(hangs, /input 10 takes longer than 2 s: '/);
  assert.match(crashes, /input 10 ends the process by SIGSEGV/);
  assert.match(takes, /takes \d+ MiB/);
  assert.match(here, /left files around: a.*a\/b\/cwd\/left/s);
  assert.match(above, /left files around: a.*a\/left/s);
});

test.run();
