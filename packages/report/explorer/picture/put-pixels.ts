/** Puts a picture on a canvas: the worker's own memory, which has moved here, without a copy in between. */
export function putPixels(canvas: HTMLCanvasElement, pixels: ArrayBuffer, size: number): void {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(pixels), size), 0, 0);
}
