// Two sfc32 generators a trial (Doty-Humphrey), one for the high and one for the low half of each number: the four 32-bit lanes
// of a vector are trial 0 high, trial 0 low, trial 1 high, trial 1 low.
import { address, get, put } from "./vector";

let a: v128 = i32x4.splat(0);
let b: v128 = i32x4.splat(0);
let c: v128 = i32x4.splat(0);
let counter: v128 = i32x4.splat(0);

/** Takes the state from memory: a, b, c, counter. */
export function seed(at: usize): void {
  a = get(at);
  b = get(at + 16);
  c = get(at + 32);
  counter = get(at + 48);
}

/** A number in [0, 1) with 52 random bits for each trial. */
// @ts-ignore: decorator
@inline
export function uniform(): v128 {
  const t = i32x4.add(i32x4.add(a, b), counter);
  counter = i32x4.add(counter, i32x4.splat(1));
  a = v128.xor(b, i32x4.shr_u(b, 9));
  b = i32x4.add(c, i32x4.shl(c, 3));
  c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), t);
  const bits = i32x4.shr_u(t, 6);
  const high = i64x2.shl(v128.and(bits, i64x2.splat(0xffffffff)), 26);
  const whole = v128.or(high, i64x2.shr_u(bits, 32));
  return f64x2.sub(v128.or(whole, i64x2.splat(0x3ff0000000000000)), f64x2.splat(1.0));
}

export function fillUniform(
  to: i32,
  rows: i32,
  columns: i32,
  low: i32,
  lowStride: i32,
  span: i32,
  spanStride: i32,
): void {
  let at = address(to);
  for (let r = 0; r < rows; r++) {
    const from = get(address(low + r * lowStride));
    const width = get(address(span + r * spanStride));
    for (let s = 0; s < columns; s++, at += 16) put(at, f64x2.add(from, f64x2.mul(width, uniform())));
  }
}

/** Columns of a table, drawn for each trial on its own. */
export function draw(to: i32, data: i32, rows: i32, dataColumns: i32, columns: i32): void {
  for (let s = 0; s < columns; s++) {
    const at = f64x2.floor(f64x2.mul(uniform(), f64x2.splat(<f64>dataColumns)));
    const first = address(data + <i32>f64x2.extract_lane(at, 0));
    const second = address(data + <i32>f64x2.extract_lane(at, 1)) + 8;
    for (let r = 0; r < rows; r++) {
      const row = <usize>(r * dataColumns) << 4;
      const value = f64x2.splat(load<f64>(first + row));
      put(address(to + r * columns + s), f64x2.replace_lane(value, 1, load<f64>(second + row)));
    }
  }
}
