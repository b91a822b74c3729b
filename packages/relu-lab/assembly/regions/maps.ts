// The outputs' affine maps on a region, with the bounds of their errors.
import { Out } from "./chunks";
import { firstLength, firstList, layerOf, ROW_HEAD, ROWS, rowsOf, strideOf } from "./frame";
import { LINE_ID } from "./polygon";
import { ENTRIES, ENTRY_BYTES, ENTRY_COLUMN, ENTRY_COUNT } from "./sparse-row";
import { Net } from "./state";

/** The slope of a line's neuron where it is: 1 where it is active. */
@inline
function slopeOn(line: usize): f64 {
  const neuron = load<i32>(line, LINE_ID);
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
function writeSparseMaps(to: usize, errors: usize, gradients: usize, frame: usize, perWidth: f64): void {
  const rows = <usize>load<u32>(layerOf(frame, Net.layers), ROWS);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = <usize>load<u32>(rows + (<usize>k << 2));
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    const end = row + ENTRIES + <usize>load<i32>(row, ENTRY_COUNT) * ENTRY_BYTES;
    for (let at = row + ENTRIES; at < end; at += ENTRY_BYTES) {
      const line = <usize>load<u32>(list + (<usize>load<u32>(at, ENTRY_COLUMN) << 2));
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * load<f64>(at);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}

/**
 * Writes the outputs' maps with the bounds of their errors. On a polygon of width w an affine error of at most E has a
 * gradient of at most 2 E / w; `perWidth` is above 2 / w.
 */
export function writeMaps(to: usize, errors: usize, gradients: usize, frame: usize, perWidth: f64): void {
  if (Net.sparse) return writeSparseMaps(to, errors, gradients, frame, perWidth);
  const rows = rowsOf(frame, Net.layers);
  const stride = strideOf(frame, Net.layers);
  const n = firstLength(frame);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = rows + <usize>k * stride;
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    for (let i = 0; i < n; i++) {
      const line = <usize>load<u32>(list + (<usize>i << 2));
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * load<f64>(row + (<usize>i << 3), ROW_HEAD);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}
