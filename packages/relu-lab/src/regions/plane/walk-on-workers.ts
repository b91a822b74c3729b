import { onTeam, type Ask } from "../../workers";
import type { Plan } from "../plan/plan";
import type { WalkOptions } from "../walk/options";
import type { CheckedDomain } from "./domain";
import { sharedParts, stopAll, type Shard, type WalkTask } from "./task";
import type { PlaneRequest } from "./worker";

/** Sends each worker its request and waits for the answers; rejects when the walk was cancelled meanwhile. */
export type AskPlane = <Answer>(
  request: (worker: number) => PlaneRequest,
  onEvent?: Parameters<Ask>[1],
) => Promise<Answer[]>;

/** Walks on a team of workers: sets up what they share, and has them let go of what they keep when the walk fails. */
export async function walkOnWorkers<Result>(
  plan: Plan,
  domain: CheckedDomain,
  { certified = true, signal, onProgress, shard }: WalkOptions & { readonly shard?: Shard },
  workers: number,
  limit: number,
  walk: (task: WalkTask, ask: AskPlane) => Promise<Result>,
): Promise<Result> {
  const task: WalkTask = { plan, domain, certified, limit, shard, ...sharedParts(workers, shard) };
  const stop = (): void => stopAll(task);
  const found = (): number => task.found.reduce((sum, n) => sum + n, 0);
  const file = `${__dirname}/worker.js`;
  return onTeam({ file, workers, stop, signal, found, onProgress }, async (ask, team) => {
    try {
      return await walk(task, ask);
    } catch (error) {
      if (!team.broken) await team.ask((): PlaneRequest => ({ deliver: undefined }));
      throw error;
    }
  });
}
