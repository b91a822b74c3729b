// Sum over lines of (m |w| - s sgn(w) (a x + b y + c w))_+ at each homogeneous point (x, y, w): how far it lies outside a region.
// Lines go outermost: their three numbers and sums stay in registers, and samples stand beside each other.
import { address, clear, get, put, signBit, where, zero } from "./vector";

// @ts-ignore: decorator
@inline
function sideOf(w: v128, sign: v128, parallel: v128): v128 {
  const below = where(v128.xor(sign, signBit), f64x2.lt(w, f64x2.neg(parallel)));
  return v128.bitselect(sign, below, f64x2.gt(w, parallel));
}

// @ts-ignore: decorator
@inline
function along(a: v128, b: v128, c: v128, x: v128, y: v128, w: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y)), f64x2.mul(c, w));
}

export function outsideRegion(
  to: i32,
  points: i32,
  lines: i32,
  signs: i32,
  rows: i32,
  lineCount: i32,
  columns: i32,
  marginAt: i32,
  parallelAt: i32,
): void {
  const count = rows * columns;
  const line = <usize>columns << 4;
  const next = <usize>count << 4;
  const margin = get(address(marginAt));
  const parallel = get(address(parallelAt));
  clear(address(to), count);
  for (let k = 0; k < lineCount; k++) {
    const a = get(address(lines + k));
    const b = get(address(lines + lineCount + k));
    const c = get(address(lines + 2 * lineCount + k));
    const own = address(signs + k * columns);
    let p = address(points);
    let t = address(to);
    for (let r = 0; r < rows; r++) {
      for (let s: usize = 0; s < line; s += 16, p += 16, t += 16) {
        const w = get(p + 2 * next);
        const sign = get(own + s);
        const side = sideOf(w, sign, parallel);
        const value = along(a, b, c, get(p), get(p + next), w);
        const hinge = f64x2.sub(f64x2.mul(margin, f64x2.abs(w)), f64x2.mul(side, value));
        const on = v128.and(f64x2.ne(sign, zero), f64x2.gt(hinge, zero));
        put(t, f64x2.add(get(t), where(hinge, on)));
      }
    }
  }
}

export function outsideRegionGradient(
  g: i32,
  points: i32,
  lines: i32,
  signs: i32,
  rows: i32,
  lineCount: i32,
  columns: i32,
  marginAt: i32,
  parallelAt: i32,
  gPoints: i32,
  firstP: i32,
  gLines: i32,
  firstL: i32,
): void {
  const count = rows * columns;
  const line = <usize>columns << 4;
  const next = <usize>count << 4;
  const margin = get(address(marginAt));
  const parallel = get(address(parallelAt));
  if (gPoints >= 0 && firstP == 1) clear(address(gPoints), 3 * count);
  const atA = address(gLines);
  const atB = address(gLines + lineCount);
  const atC = address(gLines + 2 * lineCount);
  for (let k = 0; k < lineCount; k++) {
    const a = get(address(lines + k));
    const b = get(address(lines + lineCount + k));
    const c = get(address(lines + 2 * lineCount + k));
    const offset = <usize>k << 4;
    const fresh = gLines < 0 || firstL == 1;
    let sumA = fresh ? zero : get(atA + offset);
    let sumB = fresh ? zero : get(atB + offset);
    let sumC = fresh ? zero : get(atC + offset);
    const own = address(signs + k * columns);
    let p = address(points);
    let q = address(g);
    let t = address(gPoints);
    for (let r = 0; r < rows; r++) {
      for (let s: usize = 0; s < line; s += 16, p += 16, q += 16, t += 16) {
        const x = get(p);
        const y = get(p + next);
        const w = get(p + 2 * next);
        const sign = get(own + s);
        const side = sideOf(w, sign, parallel);
        const hinge = f64x2.sub(
          f64x2.mul(margin, f64x2.abs(w)),
          f64x2.mul(side, along(a, b, c, x, y, w)),
        );
        const share = where(get(q), v128.and(f64x2.ne(sign, zero), f64x2.gt(hinge, zero)));
        const turned = f64x2.mul(share, side);
        sumA = f64x2.sub(sumA, f64x2.mul(turned, x));
        sumB = f64x2.sub(sumB, f64x2.mul(turned, y));
        sumC = f64x2.sub(sumC, f64x2.mul(turned, w));
        if (gPoints < 0) continue;
        put(t, f64x2.sub(get(t), f64x2.mul(turned, a)));
        put(t + next, f64x2.sub(get(t + next), f64x2.mul(turned, b)));
        const open = f64x2.mul(share, margin);
        const opened = v128.bitselect(
          open,
          where(v128.xor(open, signBit), f64x2.lt(w, zero)),
          f64x2.gt(w, zero),
        );
        put(t + 2 * next, f64x2.add(get(t + 2 * next), f64x2.sub(opened, f64x2.mul(turned, c))));
      }
    }
    if (gLines < 0) continue;
    put(atA + offset, sumA);
    put(atB + offset, sumB);
    put(atC + offset, sumC);
  }
}
