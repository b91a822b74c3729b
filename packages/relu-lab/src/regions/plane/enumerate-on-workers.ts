import { sharedRoom } from "./collect";
import type { CheckedDomain } from "./domain";
import type { Enumerated, Wanted } from "./enumerate";
import type { Delivery } from "./pieces";
import type { Plan } from "./plan";
import { join, layOut } from "./subtrees";
import type { EnumerateShare } from "./task";
import type { PlaneOptions } from "./types";
import { countOf, walkOnWorkers } from "./walk-on-workers";

/**
 * Enumerates on several workers. They claim subtrees and keep what they find; when all are done, the place of each
 * subtree in the result is known, the workers copy theirs there (the result's memory is shared), and this thread joins
 * the subtrees along the cuts above them.
 */
export async function enumerateOnWorkers(
  plan: Plan,
  domain: CheckedDomain,
  { kept, withMaps, limit }: Wanted,
  options: PlaneOptions,
  workers: number,
  start: number,
): Promise<Enumerated> {
  return walkOnWorkers(plan, domain, options, workers, limit, async (walk, ask) => {
    const shares = await ask<EnumerateShare>(() => ({ enumerate: { ...walk, kept, withMaps } }));
    const summary = countOf(shares, walk.certified, start);
    const subtrees = shares.flatMap((share) => share.subtrees);
    const { arrays, places } = layOut(subtrees, kept, sharedRoom);
    const delivery: Delivery = { arrays, places };
    await ask(() => ({ deliver: delivery }));
    const mismatches = shares.reduce((sum, share) => sum + share.mismatches, 0);
    const { script } = shares[0];
    const doubtful = join(subtrees, places, script, arrays.twins, mismatches, summary.complete);
    return { summary, arrays, doubtful };
  });
}
