/** Deeper than any model's description is, and shallow enough that a reader may call itself for each level. */
const deepest = 200;

function within(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (left === 0) return false;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inner.every((one) => within(one, left - 1));
}

/**
 * Refuses a JSON value that is nested so deep that its readers would run out of stack.
 *
 * @param place what the error calls it
 * @throws TypeError when it is
 */
export function checkDepth(value: unknown, place: string): void {
  if (!within(value, deepest)) throw new TypeError(`${place} is nested deeper than ${deepest} levels`);
}
