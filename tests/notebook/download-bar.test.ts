import { test } from "uvu";
import * as assert from "uvu/assert";
import { downloadBar } from "@relu-lab/notebook";
import type { ProgressState } from "@relu-lab/notebook";

test("a download shows in megabytes, and nothing shows without one", () => {
  const drawn: ProgressState[] = [];
  let now = 0;
  const sink = { interval: 0, draw: (state: ProgressState) => void drawn.push(state) };
  const onProgress = downloadBar("MNIST", { sink, clock: () => now });
  assert.is(drawn.length, 0);
  for (const received of [2_500_000, 9_900_000]) {
    now += 500;
    onProgress({ file: "train-images", received, total: 9_900_000 });
  }
  assert.equal(
    drawn.map(({ done, total, finished }) => [done, total, finished]),
    [
      [0, 9.9, false],
      [2.5, 9.9, false],
      [9.9, 9.9, false],
      [9.9, 9.9, true],
    ],
  );
  assert.is(drawn[1].note, "train-images");
});

test.run();
