/**
 * Starts a walk's clock.
 *
 * @returns adds to what the walk has found the seconds since then
 */
export function startClock(): <Found extends object>(found: Found) => Found & { readonly seconds: number } {
  const start = performance.now();
  return (found) => Object.assign(found, { seconds: (performance.now() - start) / 1000 });
}
