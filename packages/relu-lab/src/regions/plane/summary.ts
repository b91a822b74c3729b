import type { Engine } from "./engine";
import type { PlaneCount } from "./types";

/** What is known when a walk on this thread is over. */
export function summaryOf(engine: Engine, certified: boolean, start: number): PlaneCount {
  const complete = engine.exports.stopped() === 0;
  return {
    regions: engine.exports.regions(),
    cellsAfterEachLayer: engine.cells(),
    certified: certified && complete,
    complete,
    fallbacks: engine.exports.fallbacks(),
    seconds: (performance.now() - start) / 1000,
    workers: 1,
  };
}

/** Walks on this thread, and gives the engine's memory back whatever happens. */
export function walkResult<Result>(engine: Engine, read: () => Result): Result {
  try {
    engine.run();
    return read();
  } finally {
    engine.release();
  }
}
