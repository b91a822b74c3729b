import type { LayerSpec, ReluNetwork, SparseLayerSpec } from "../../network";
import { onTeam, threadCount } from "../../workers";
import { segment } from "./segment";

/** Counts of many segments, in their order. */
export interface SegmentCounts {
  readonly acts: Int32Array;
  readonly pieces: Int32Array;
  readonly laps: Int32Array;
  readonly flats: Int32Array;
  /** True when every decision on every segment was certain. */
  readonly certified: boolean;
  readonly workers: number;
}

/** What the threads share: a counter of claimed segments, and five numbers a segment. */
export interface SegmentsTask {
  readonly ends: Float64Array;
  readonly results: Int32Array;
  readonly next: Int32Array;
}

/** What a worker thread is asked for. */
export interface SegmentsRequest {
  readonly layers: (LayerSpec | SparseLayerSpec)[];
  readonly task: SegmentsTask;
}

const fields = 5;
const claim = 8;
/** Between pauses of the thread that was asked. */
const milliseconds = 20;
/** Less work than this (segments times weights) is done before a thread has started. */
const worthThreads = 2e7;

/** How {@link segments} counts. */
export interface SegmentsOptions {
  /** Threads (default: one a core in Node, for long lists). */
  readonly workers?: number;
  /** Called now and then with the number of segments counted or being counted. */
  readonly onProgress?: (segments: number) => void;
  /** Stops within some segments; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Counts segments until none is left to claim. */
export function countShare(network: ReluNetwork, task: SegmentsTask): void {
  while (countSome(network, task));
}

/** Claims and counts a few segments; false when none is left. */
function countSome(network: ReluNetwork, { ends, results, next }: SegmentsTask): boolean {
  const n = network.inputs;
  const count = results.length / fields;
  const first = Atomics.add(next, 0, claim);
  if (first >= count) return false;
  for (let i = first; i < Math.min(first + claim, count); i++) {
    const at = 2 * n * i;
    const r = segment(network, ends.subarray(at, at + n), ends.subarray(at + n, at + 2 * n));
    results.set([r.acts, r.pieces, r.laps, r.flats, r.certified ? 1 : 0], fields * i);
  }
  return true;
}

/** This thread's share, with reports, and pauses in which the signal's event can come. */
async function countHere(network: ReluNetwork, task: SegmentsTask, options: SegmentsOptions): Promise<void> {
  const { signal, onProgress } = options;
  const count = task.results.length / fields;
  let pause = performance.now() + milliseconds;
  while (countSome(network, task)) {
    if (performance.now() < pause) continue;
    onProgress?.(Math.min(Atomics.load(task.next, 0), count));
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) {
      Atomics.store(task.next, 0, count); // the others find nothing left to claim
      return;
    }
    pause = performance.now() + milliseconds;
  }
}

/**
 * Counts the pieces of a network along many segments, on several threads where that pays.
 *
 * @param network dense layers with ReLU or linear activations
 * @param ends flat: for each segment the `inputs` coordinates of its start, then those of its end
 * @param options threads, progress, cancellation
 * @returns the four counts of each segment; they do not depend on the number of threads
 * @throws RangeError when `ends` is not a whole number of segments, or a coordinate is not finite; the signal's reason when aborted;
 *   what `onProgress` throws
 * @example
 * (await segments(network, Float64Array.of(-1, -1, 1, 1, 0, -1, 0, 1))).pieces; // two segments in the plane
 */
export async function segments(
  network: ReluNetwork,
  ends: ArrayLike<number>,
  options: SegmentsOptions = {},
): Promise<SegmentCounts> {
  options.signal?.throwIfAborted();
  const count = ends.length / (2 * network.inputs);
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `segments: ${ends.length} numbers are not segments of ${2 * network.inputs}: start and end of ${network.inputs} coordinates each`,
    );
  }
  const small = options.workers === undefined && count * network.parameters < worthThreads;
  const workers = small
    ? 1
    : Math.max(1, Math.min(await threadCount(options.workers), Math.ceil(count / claim)));
  const make = (bytes: number) => (workers > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  const task: SegmentsTask = {
    ends: new Float64Array(make(ends.length * 8)),
    results: new Int32Array(make(count * fields * 4)),
    next: new Int32Array(make(4)),
  };
  task.ends.set(Float64Array.from(ends));
  const bad = task.ends.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new RangeError(
      `segments: segment ${Math.floor(bad / (2 * network.inputs))} has the coordinate ${task.ends[bad]}: coordinates must be finite`,
    );
  if (workers === 1) await countHere(network, task, options);
  else await countTogether(workers - 1, network, task, options);
  options.signal?.throwIfAborted();
  const field = (k: number) => Int32Array.from({ length: count }, (_, i) => task.results[fields * i + k]);
  return {
    acts: field(0),
    pieces: field(1),
    laps: field(2),
    flats: field(3),
    certified: field(4).every((v) => v === 1),
    workers,
  };
}

/** This thread and `others` count together; when one fails, the rest find nothing left to claim. */
async function countTogether(
  others: number,
  network: ReluNetwork,
  task: SegmentsTask,
  options: SegmentsOptions,
): Promise<void> {
  const request: SegmentsRequest = { layers: network.sparseSpecs(), task };
  const drain = (): void => void Atomics.store(task.next, 0, task.results.length / fields);
  const file = `${__dirname}/segments-worker.js`;
  await onTeam({ file, workers: others, stop: drain, signal: options.signal }, async (ask) => {
    const shares = [countHere(network, task, options).finally(drain), ask(() => request)];
    // All of them are waited for: a team that is still at work must not be lent to the next call.
    for (const share of await Promise.allSettled(shares)) if (share.status === "rejected") throw share.reason;
  });
}
