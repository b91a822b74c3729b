import { test } from "uvu";
import * as assert from "uvu/assert";

type Timed = { readonly seconds: number };

/** Tests that each walk tells its time in seconds: no more than have passed around it. */
export function secondsAreSeconds(walks: Readonly<Record<string, () => Timed | Promise<Timed>>>): void {
  for (const [name, walk] of Object.entries(walks))
    test(`${name}: seconds are seconds`, async () => {
      const start = performance.now();
      const { seconds } = await walk();
      assert.ok(seconds > 0 && seconds <= (performance.now() - start) / 1000, `${seconds}`);
    });
}
