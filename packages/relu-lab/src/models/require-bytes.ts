/**
 * Refuses images that are not bytes: numbers from 0 to 1 would silently become 0.
 *
 * @throws TypeError that says what was given
 */
export function requireBytes(images: unknown): void {
  if (images instanceof Uint8Array) return;
  const given = (images as object | undefined)?.constructor?.name ?? String(images);
  throw new TypeError(`the images are a ${given}, but must be a Uint8Array: one byte a pixel, 0 to 255`);
}
