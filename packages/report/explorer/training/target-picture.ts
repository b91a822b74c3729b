import { byId } from "../controls/elements";
import { outputWord } from "../picture/colours";

/** Draws a target on [-1, 1]^2 in the colours of outputs. */
export function drawTarget(target: (x: number, y: number) => number): void {
  const canvas = byId("learn-wanted", HTMLCanvasElement);
  const { width, height } = canvas;
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const x = (2 * ((at % width) + 0.5)) / width - 1;
    const y = 1 - (2 * (Math.floor(at / width) + 0.5)) / height;
    pixels[at] = outputWord(target(x, y));
  }
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width), 0, 0);
}
