import { unpool } from "./convolution-pooling";
import { outputs, pixels, poolSize, resultBytes, rowBytes } from "./convolution-shape";
import { padRow } from "./tile";

/**
 * The gradient at one image's convolution, [pixel][lanes], from dy at its output y: back through the pooling, if one is
 * set, and the activation.
 */
export function gradientRows(dy: usize, y: usize, corners: usize, places: usize, relu: i32, result: usize): void {
  if (poolSize > 0) unpool(dy, y, corners, places, relu, result);
  else widen(dy, y, relu, result);
}

function widen(dy: usize, y: usize, relu: i32, result: usize): void {
  for (let i = 0; i < pixels; i++) {
    padRow(result, dy, outputs);
    if (relu) {
      for (let j = 0; j < outputs; j++) {
        if (!(load<f32>(y + (j << 2)) > 0)) store<f32>(result + (j << 2), 0);
      }
      y += outputs << 2;
    }
    dy += outputs << 2;
    result += rowBytes;
  }
  memory.fill(result, 0, resultBytes() - pixels * rowBytes);
}
