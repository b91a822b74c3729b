// What benchmarks of short runs share: clocks, and the best of several rounds.
import { performance } from "node:perf_hooks";
import process from "node:process";

/** Processor time of this process, and time on the wall, in seconds. */
export const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
export const wall = () => performance.now() / 1000;

/** Seconds of the fastest of several runs, each candidate in turn, so that noise hits all alike. */
export async function fastest(candidates, clock, rounds) {
  const best = candidates.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of candidates.entries()) {
      const start = clock();
      await run();
      best[i] = Math.min(best[i], clock() - start);
    }
  }
  return best;
}
