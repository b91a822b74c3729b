import type { ReluNetwork } from "relu-lab/network";
import { networkOf, shapesOf } from "../flat-network";

/** The trained network and the digits that stand in the page (digits/make.mjs made them). */
export interface Digits {
  readonly network: ReluNetwork;
  /** One image of each digit, 784 pixels from 0 to 1. */
  readonly images: readonly Float64Array[];
  /** What was trained how, on which data. */
  readonly about: string;
  readonly data: string;
  /** Share of the test images it gets right. */
  readonly accuracy: number;
}

interface Stored extends Omit<Digits, "network" | "images"> {
  readonly sizes: readonly number[];
  /** Single-precision numbers, layer by layer, in base64. */
  readonly weights: string;
  /** Bytes in base64. */
  readonly images: readonly string[];
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

/** Reads what stands in the page. */
export function readDigits(text: string): Digits {
  const { sizes, weights, images, about, data, accuracy } = JSON.parse(text) as Stored;
  const values = Float64Array.from(new Float32Array(bytesOf(weights).buffer as ArrayBuffer));
  const network = networkOf(shapesOf(sizes), values);
  return {
    network,
    about,
    data,
    accuracy,
    images: images.map((image) => Float64Array.from(bytesOf(image), (byte) => byte / 255)),
  };
}

/** Draws an image, black on white. */
export function drawDigit(canvas: HTMLCanvasElement, image: Float64Array): void {
  canvas.width = canvas.height = 28;
  const pixels = new Uint8ClampedArray(4 * image.length);
  image.forEach((ink, i) => pixels.set([255 - 255 * ink, 255 - 255 * ink, 255 - 255 * ink, 255], 4 * i));
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, 28), 0, 0);
}
