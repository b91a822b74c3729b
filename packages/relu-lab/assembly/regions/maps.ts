// The outputs' affine maps on a region, with the bounds of their errors.
import { Out } from "./chunks";
import { coefficientsOf } from "./frame";
import { entriesEnd, entriesOf, Entry, Frame, layerOf, Line, lineAt, Row, sparseRowAt } from "./layout";
import { Net } from "./state";

/** The slope of a line's neuron where it is: 1 where it is active. */
@inline
function slopeOn(line: Line): f64 {
  const neuron = line.id;
  return load<u8>(Net.states + neuron) ? 1 : load<f64>(Net.slopes + (<usize>neuron << 3));
}

/** Writes one output's map a, b, c, the bound of its error, and that of its gradient. */
@inline
function storeMap(to: usize, errors: usize, gradients: usize, ab: v128, ce: v128, perWidth: f64): void {
  v128.store(to, ab);
  v128.store64_lane(to + 16, ce, 0);
  v128.store64_lane(errors, ce, 1);
  store<f64>(gradients, perWidth * f64x2.extract_lane(ce, 1));
}

/** As `writeMaps`, for sparse rows. */
function writeSparseMaps(to: usize, errors: usize, gradients: usize, frame: Frame, perWidth: f64): void {
  const rows = layerOf(frame, Net.layers).rows;
  const list = frame.list;
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = sparseRowAt(rows, k);
    let ab = v128.load(changetype<usize>(row));
    let ce = v128.load(changetype<usize>(row), offsetof<Row>("c"));
    const end = entriesEnd(row);
    for (let at = entriesOf(row); at < end; at += offsetof<Entry>()) {
      const entry = changetype<Entry>(at);
      const line = lineAt(list, entry.column);
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * entry.value;
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(changetype<usize>(line))));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(changetype<usize>(line), offsetof<Line>("c"))));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}

/**
 * Writes the outputs' maps with the bounds of their errors. On a polygon of width w an affine error of at most E has a
 * gradient of at most 2 E / w; `perWidth` is above 2 / w.
 */
export function writeMaps(to: usize, errors: usize, gradients: usize, frame: Frame, perWidth: f64): void {
  if (Net.sparse) return writeSparseMaps(to, errors, gradients, frame, perWidth);
  const layer = layerOf(frame, Net.layers);
  const rows = layer.rows;
  const stride = layer.stride;
  const n = frame.length;
  const list = frame.list;
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = rows + <usize>k * stride;
    let ab = v128.load(row);
    let ce = v128.load(row, offsetof<Row>("c"));
    const coefficients = coefficientsOf(changetype<Row>(row));
    for (let i = 0; i < n; i++) {
      const line = lineAt(list, i);
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * load<f64>(coefficients + (<usize>i << 3));
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(changetype<usize>(line))));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(changetype<usize>(line), offsetof<Line>("c"))));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}
