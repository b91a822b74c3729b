import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadOnce } from "../../../../packages/relu-lab/dist/experiments/rows/load-once";

test("what is there is loaded once; a failure is tried again", async () => {
  let calls = 0;
  const load = loadOnce(async () => {
    if (++calls === 1) throw new Error("not there yet");
    return { calls };
  });
  const refused = await load().then(
    () => "",
    (error: Error) => error.message,
  );
  assert.is(refused, "not there yet");
  const [one, two] = await Promise.all([load(), load()]);
  assert.is(one, two);
  assert.equal([one.calls, calls], [2, 2]);
});

test.run();
