import path from "node:path";
import { withWorkers } from "../../runtime/workers";
import { constructedError, learnedCases, learnedError } from "./learned-cases";
import { summary } from "../rows/statistics";

/** What training reached with the size of a construction. */
export interface LearnedRow {
  target: string;
  construction: string;
  /** sizes of the network, input to output */
  network: string;
  neurons: number;
  /** sup error of the construction */
  constructed: number;
  /** sup errors of the trained networks: best, median and worst of the trials */
  best: number;
  learned: number;
  worst: number;
  trials: number;
}

/** A constructed or trained network's error, for a chart. */
export interface LearnedPointRow {
  target: string;
  network: string;
  how: "constructed" | "learned";
  error: number;
}

/**
 * Trains networks of the sizes of the constructions on the same targets, several seeds each, in worker threads.
 *
 * @param config names of cases (`sine-10`, `sine-40`, `vee`, `parabola-4`, `parabola-6`, `product`, `product-3`),
 * number of seeds, Adam steps and seed
 * @param onProgress called with the number of finished runs
 * @returns a row a case, and every single error
 * @throws RangeError when a case is unknown or the number of trials not positive
 * @example
 * await learnedAgainstConstructed({ cases: ["vee"], trials: 5, steps: 3000, seed: 0 });
 */
export async function learnedAgainstConstructed(
  config: { cases: readonly string[]; trials: number; steps: number; seed: number },
  onProgress: (done: number) => void = () => {},
): Promise<{ rows: LearnedRow[]; points: LearnedPointRow[] }> {
  const { cases, trials, steps, seed } = config;
  if (!Number.isInteger(trials) || trials < 1)
    throw new RangeError(`learnedAgainstConstructed: ${trials} trials; a whole number from 1 is needed`);
  const constructed = cases.map(constructedError); // also refuses unknown names before any thread starts
  let done = 0;
  const errors = await withWorkers(path.join(__dirname, "learned-worker.js"), { learnedError }, (call) =>
    Promise.all(
      cases.map((name) =>
        Promise.all(
          Array.from({ length: trials }, async (_, trial) => {
            const error = await call("learnedError", { name, seed, trial, steps });
            onProgress(++done);
            return error;
          }),
        ),
      ),
    ),
  );
  const rows = cases.map((name, i): LearnedRow => {
    const { target, construction, sizes } = learnedCases[name];
    return {
      target,
      construction,
      network: sizes.join("-"),
      neurons: sizes.slice(1, -1).reduce((sum, n) => sum + n, 0),
      constructed: constructed[i],
      best: Math.min(...errors[i]),
      learned: summary(errors[i]).median,
      worst: Math.max(...errors[i]),
      trials,
    };
  });
  const points = rows.flatMap(({ target, network }, i): LearnedPointRow[] => [
    { target, network: `${target}, ${network}`, how: "constructed", error: constructed[i] },
    ...errors[i].map((error) => ({
      target,
      network: `${target}, ${network}`,
      how: "learned" as const,
      error,
    })),
  ]);
  return { rows, points };
}
