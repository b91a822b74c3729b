import { withTeam } from "../../workers";
import type { SpaceWalk } from "./engine";
import { CLAIM_WORDS, shareOf, type SpaceTask, type TaskShare } from "./task";

/** The shares of a walk on so many threads; 1: in this one. */
export async function runShares(walk: SpaceWalk, workers: number): Promise<TaskShare[]> {
  if (workers === 1) return [shareOf({ walk, claims: new Int32Array(CLAIM_WORDS) }, 0)];
  const task: SpaceTask = { walk, claims: new Int32Array(new SharedArrayBuffer(4 * CLAIM_WORDS)) };
  return withTeam(`${__dirname}/worker.js`, workers, (team) => team.ask<TaskShare>(() => task));
}
