import { layersOfNeurons } from "../plan/places";
import type { WalkShare } from "../walk/count";
import { deliver, makeArrays, ownRoom, type Extent } from "./collect";
import type { Engine } from "./engine";
import { isStopped, shareOf, sharingEngine, sharingHost, type WalkTask } from "./task";
import type { RegionBlock } from "./types";

/** A walk whose regions are streamed to the thread that asked. */
export interface VisitTask extends WalkTask {
  readonly outputs: number;
  readonly withMaps: boolean;
  /** The subtree whose blocks the visitor takes now; and how many blocks of later ones are waiting. */
  readonly turn: Int32Array;
}

/** What a worker posts: a block of one of its subtrees, or, without a block, that the subtree is done. */
export interface StreamEvent {
  readonly subtree: number;
  readonly block?: RegionBlock;
}

export const TURN = 0;
export const WAITING = 1;
/** A worker waits before so many blocks (of up to 512 regions) wait for their turn. */
const MOST_WAITING = 64;

/** The block of regions that a streaming engine has just handed over. */
export function takeBlock(
  { exports, plan }: Engine,
  { regions, edges }: Extent,
  outputs: number,
  layerOfNeuron: Uint16Array,
): RegionBlock {
  const patternWords = Math.ceil(plan.neurons / 32);
  const shape = { patternWords, outputs };
  const arrays = makeArrays({ regions, edges }, shape, ownRoom);
  deliver(exports, arrays, shape);
  const { vertices, offsets, edgeNeurons, areas, patterns, patternHash, maps } = arrays;
  return {
    count: regions,
    vertices,
    offsets,
    edgeNeurons,
    areas,
    patternWords,
    patterns,
    patternHash,
    maps,
    outputs,
    layerOfNeuron,
  };
}

/** Streams the subtrees that nobody else has taken. */
export function visitShare(
  task: VisitTask,
  worker: number,
  post: (event: StreamEvent, transfer?: ArrayBuffer[]) => void,
): WalkShare {
  const { turn, outputs } = task;
  const layerOfNeuron = layersOfNeurons(task.plan);
  const shared = sharingHost(task, worker);
  let subtree = 0;
  // Whoever has the subtree whose turn it is never waits, so that the others' turns come.
  const waitForRoom = (): void => {
    for (;;) {
      const now = Atomics.load(turn, TURN);
      if (now >= subtree || Atomics.load(turn, WAITING) < MOST_WAITING || isStopped(task)) return;
      Atomics.wait(turn, TURN, now, 50);
    }
  };
  const engine: Engine = sharingEngine(
    task,
    worker,
    {
      ...shared,
      claim(index) {
        if (!shared.claim(index)) return false;
        subtree = index;
        return true;
      },
      regions(regions, edges) {
        waitForRoom();
        const block = takeBlock(engine, { regions, edges }, outputs, layerOfNeuron);
        Atomics.add(turn, WAITING, 1);
        const moved = [block.vertices, block.offsets, block.edgeNeurons, block.areas];
        const rest = [block.patterns, block.patternHash, block.maps];
        post(
          { subtree, block },
          [...moved, ...rest].map(({ buffer }) => buffer as ArrayBuffer),
        );
      },
      finished: () => post({ subtree }),
    },
    task.withMaps,
  );
  engine.exports.enumerate(outputs, 1, 0);
  try {
    engine.run();
    return shareOf(engine, task, worker);
  } finally {
    engine.release();
  }
}
