import { timesPowerOfTwo } from "../arithmetic/power-of-two";
import { underflow, unit } from "../arithmetic/rounding";

/** Corners and the lines of the edges that leave them: x, y, a, b, c, error each. */
export function domainLines(polygon: Float64Array): {
  corners: number;
  values: Float64Array;
  diameter: number;
} {
  const corners = polygon.length / 2;
  const values = new Float64Array(6 * corners);
  let X = 0;
  let Y = 0;
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < corners; i++) {
    const [x, y] = [polygon[2 * i], polygon[2 * i + 1]];
    X = Math.max(X, Math.abs(x));
    Y = Math.max(Y, Math.abs(y));
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  for (let i = 0; i < corners; i++) {
    const j = (i + 1) % corners;
    const [px, py, qx, qy] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]];
    // Scaled by a power of two to a gradient of size about 1, which keeps products within range.
    const power = -Math.floor(Math.log2(Math.max(Math.abs(py - qy), Math.abs(qx - px))));
    const a = timesPowerOfTwo(py - qy, power);
    const b = timesPowerOfTwo(qx - px, power);
    const c = -(a * px + b * py);
    const size = Math.abs(a) * X + Math.abs(b) * Y;
    // a and b carry one rounding each, c four, an evaluation four more.
    const error = 16 * unit * size + underflow;
    values.set([px, py, a, b, c, error], 6 * i);
  }
  return { corners, values, diameter: 1.001 * (x1 - x0 + (y1 - y0)) };
}
