import { upTo8 } from "./tile";

/**
 * The shape of a convolution, handed over once in globals instead of in twenty arguments a call: images of
 * height x width x channels, a filter of filterHeight x filterWidth, `outputs` channels out; then perhaps a pooling.
 */
export let height: i32;
export let width: i32;
export let channels: i32;
export let filterHeight: i32;
export let filterWidth: i32;
export let outputs: i32;
export let strideHeight: i32;
export let strideWidth: i32;
export let padTop: i32;
export let padLeft: i32;
export let outHeight: i32;
export let outWidth: i32;

// Made from them.
export let paddedHeight: i32;
export let paddedWidth: i32;
export let padded: bool;
export let lanes: i32; // outputs, up to 8: rows of the scratch results are whole vectors
export let rowBytes: i32; // of such a row
export let pixels: i32; // output pixels of an image
export let pixelBytes: i32; // from one output pixel's window to the next in a row of the (padded) image
export let lineBytes: i32; // the same for output rows
export let imageBytes: i32;
export let imageRow: i32; // bytes of a row of the (padded) image
export let windowRow: i32; // numbers in a row of the window: consecutive in NHWC
export let windowSize: i32;

// The pooling after it; size 0 is none.
export let poolSize: i32;
export let poolStride: i32;
export let pooledHeight: i32;
export let pooledWidth: i32;

export function setShape(
  height_: i32,
  width_: i32,
  channels_: i32,
  filterHeight_: i32,
  filterWidth_: i32,
  outputs_: i32,
  strideHeight_: i32,
  strideWidth_: i32,
  padTop_: i32,
  padLeft_: i32,
  padBottom_: i32,
  padRight_: i32,
  outHeight_: i32,
  outWidth_: i32,
): void {
  height = height_;
  width = width_;
  channels = channels_;
  filterHeight = filterHeight_;
  filterWidth = filterWidth_;
  outputs = outputs_;
  strideHeight = strideHeight_;
  strideWidth = strideWidth_;
  padTop = padTop_;
  padLeft = padLeft_;
  outHeight = outHeight_;
  outWidth = outWidth_;
  paddedHeight = height + padTop + padBottom_;
  paddedWidth = width + padLeft + padRight_;
  padded = paddedHeight !== height || paddedWidth !== width;
  lanes = upTo8(outputs);
  rowBytes = lanes << 2;
  pixels = outHeight * outWidth;
  pixelBytes = (strideWidth * channels) << 2;
  imageBytes = (height * width * channels) << 2;
  imageRow = (paddedWidth * channels) << 2;
  lineBytes = strideHeight * imageRow;
  windowRow = filterWidth * channels;
  windowSize = filterHeight * windowRow;
  setPooling(0, 0, 0, 0);
}

export function setPooling(size: i32, stride: i32, pooledHeight_: i32, pooledWidth_: i32): void {
  poolSize = size;
  poolStride = stride;
  pooledHeight = pooledHeight_;
  pooledWidth = pooledWidth_;
}

export function paddedBytes(): i32 {
  return paddedHeight * imageRow;
}

/** Bytes of one image's result, [pixel][lanes], whole tiles of four pixels. */
export function resultBytes(): i32 {
  return ((pixels + 3) & ~3) * rowBytes;
}

/** Numbers of one image's output: after the pooling, if there is one. */
export function outputBytes(): i32 {
  return ((poolSize > 0 ? pooledHeight * pooledWidth : pixels) * outputs) << 2;
}
