import { sumOf, type WalkCount } from "../walk/count";
import type { Engine } from "./engine";

/** A count that the walk's clock has still to time. */
export type Untimed = Omit<WalkCount, "seconds">;

/** Walks on this thread, reads what is wanted, and gives the engine's memory back whatever happens. */
export function walkHere<Result>(
  engine: Engine,
  certified: boolean,
  read: (count: Untimed) => Result,
): Result {
  try {
    engine.run();
    return read(sumOf([engine.share()], certified));
  } finally {
    engine.release();
  }
}
