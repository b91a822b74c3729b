/**
 * Loads something at the first call and keeps it. A failure is not kept: the next call tries again, as when a cell is run
 * again after a folder was put right.
 *
 * @param load what loads it
 * @returns a function that gives it
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}
