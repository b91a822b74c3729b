// Two rows at a time, or one: what is absorbed, and the columns' bounds, are loaded once for both.
import { PAIR_A, PAIR_B, PAIR_C, PAIR_RHO, PAIR_SIZE } from "./bounds";
import { Absorbed, Row } from "./layout";
import { COLUMN_PAIR_BYTES, Fold, Scratch } from "./scratch";
import { ETA, Net } from "./state";

/** w in the first lane, |w| in the second. */
@inline
function withSize(w: v128): v128 {
  return v128.shuffle<f64>(w, f64x2.abs(w), 0, 3);
}

@inline
function four(w0: v128, w1: v128, w2: v128, w3: v128, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  return f64x2.add(
    f64x2.add(f64x2.mul(w0, x0), f64x2.mul(w1, x1)),
    f64x2.add(f64x2.mul(w2, x2), f64x2.mul(w3, x3)),
  );
}

@inline
function weight(row: usize, at: usize): v128 {
  return f64x2.splat(load<f64>(row + <usize>changetype<Absorbed>(at).offset) * changetype<Absorbed>(at).slope);
}

@inline
function absorbedRow(at: usize): usize {
  return changetype<usize>(changetype<Absorbed>(at).row);
}

/** The columns that stay, gathered from an old row; an odd one gets a zero beside it. */
@inline
function gather(to: usize, row: usize, kept: i32): void {
  v128.store(to, v128.load(row));
  v128.store(to, f64x2.replace_lane(v128.load(row, 16), 1, 0), 16);
  let p = to + offsetof<Row>();
  let from = Scratch.kept;
  const end = from + (<usize>(kept & ~1) << 2);
  for (; from < end; from += 8, p += 16) {
    const first = v128.load64_zero(row + <usize>load<u32>(from));
    v128.store(p, v128.load64_lane(row + <usize>load<u32>(from, 4), first, 1));
  }
  if (kept & 1) v128.store(p, v128.load64_zero(row + <usize>load<u32>(from)));
}

/**
 * Writes two new rows, or only the first: the old ones' columns that stay, plus the `absorbed` columns' rows. Each term
 * passes through one multiplication, two additions within its four, and one addition a step (markSteps). Errors get the
 * sum of what the absorbed rows bring.
 */
@inline
function absorb(two: bool, to0: usize, to1: usize, row0: usize, row1: usize, kept: i32, absorbed: i32): void {
  gather(to0, row0, kept);
  if (two) gather(to1, row1, kept);
  let head0 = v128.load(to0);
  let tail0 = v128.load(to0, 16);
  let head1 = two ? v128.load(to1) : head0;
  let tail1 = two ? v128.load(to1, 16) : tail0;
  let at = Scratch.absorbed;
  const end = at + <usize>absorbed * offsetof<Absorbed>();
  while (at < end) {
    const length = offsetof<Row>() + <usize>changetype<Absorbed>(at).length;
    const r0 = absorbedRow(at);
    const v0 = weight(row0, at);
    const u0 = two ? weight(row1, at) : v0;
    if (changetype<Absorbed>(at).step === 4) {
      const r1 = absorbedRow(at + offsetof<Absorbed>());
      const r2 = absorbedRow(at + 2 * offsetof<Absorbed>());
      const r3 = absorbedRow(at + 3 * offsetof<Absorbed>());
      const v1 = weight(row0, at + offsetof<Absorbed>());
      const v2 = weight(row0, at + 2 * offsetof<Absorbed>());
      const v3 = weight(row0, at + 3 * offsetof<Absorbed>());
      const u1 = two ? weight(row1, at + offsetof<Absorbed>()) : v1;
      const u2 = two ? weight(row1, at + 2 * offsetof<Absorbed>()) : v2;
      const u3 = two ? weight(row1, at + 3 * offsetof<Absorbed>()) : v3;
      let x0 = v128.load(r0);
      let x1 = v128.load(r1);
      let x2 = v128.load(r2);
      let x3 = v128.load(r3);
      head0 = f64x2.add(head0, four(v0, v1, v2, v3, x0, x1, x2, x3));
      if (two) head1 = f64x2.add(head1, four(u0, u1, u2, u3, x0, x1, x2, x3));
      x0 = v128.load(r0, 16);
      x1 = v128.load(r1, 16);
      x2 = v128.load(r2, 16);
      x3 = v128.load(r3, 16);
      tail0 = f64x2.add(tail0, four(withSize(v0), withSize(v1), withSize(v2), withSize(v3), x0, x1, x2, x3));
      if (two)
        tail1 = f64x2.add(tail1, four(withSize(u0), withSize(u1), withSize(u2), withSize(u3), x0, x1, x2, x3));
      let k = offsetof<Row>();
      for (; k + 16 < length; k += 32) {
        const p = to0 + k;
        const q = to1 + k;
        const p0 = r0 + k;
        const p1 = r1 + k;
        const p2 = r2 + k;
        const p3 = r3 + k;
        x0 = v128.load(p0);
        x1 = v128.load(p1);
        x2 = v128.load(p2);
        x3 = v128.load(p3);
        v128.store(p, f64x2.add(v128.load(p), four(v0, v1, v2, v3, x0, x1, x2, x3)));
        if (two) v128.store(q, f64x2.add(v128.load(q), four(u0, u1, u2, u3, x0, x1, x2, x3)));
        x0 = v128.load(p0, 16);
        x1 = v128.load(p1, 16);
        x2 = v128.load(p2, 16);
        x3 = v128.load(p3, 16);
        v128.store(p, f64x2.add(v128.load(p, 16), four(v0, v1, v2, v3, x0, x1, x2, x3)), 16);
        if (two) v128.store(q, f64x2.add(v128.load(q, 16), four(u0, u1, u2, u3, x0, x1, x2, x3)), 16);
      }
      if (k < length) {
        x0 = v128.load(r0 + k);
        x1 = v128.load(r1 + k);
        x2 = v128.load(r2 + k);
        x3 = v128.load(r3 + k);
        v128.store(to0 + k, f64x2.add(v128.load(to0 + k), four(v0, v1, v2, v3, x0, x1, x2, x3)));
        if (two) v128.store(to1 + k, f64x2.add(v128.load(to1 + k), four(u0, u1, u2, u3, x0, x1, x2, x3)));
      }
      at += 4 * offsetof<Absorbed>();
    } else {
      const ab = v128.load(r0);
      const ce = v128.load(r0, 16);
      head0 = f64x2.add(head0, f64x2.mul(v0, ab));
      tail0 = f64x2.add(tail0, f64x2.mul(withSize(v0), ce));
      if (two) {
        head1 = f64x2.add(head1, f64x2.mul(u0, ab));
        tail1 = f64x2.add(tail1, f64x2.mul(withSize(u0), ce));
      }
      for (let k = offsetof<Row>(); k < length; k += 16) {
        const x = v128.load(r0 + k);
        v128.store(to0 + k, f64x2.add(v128.load(to0 + k), f64x2.mul(v0, x)));
        if (two) v128.store(to1 + k, f64x2.add(v128.load(to1 + k), f64x2.mul(u0, x)));
      }
      at += offsetof<Absorbed>();
    }
  }
  v128.store(to0, head0);
  v128.store(to0, tail0, 16);
  if (!two) return;
  v128.store(to1, head1);
  v128.store(to1, tail1, 16);
}

export function absorbPair(to0: usize, to1: usize, row0: usize, row1: usize, kept: i32, absorbed: i32): void {
  absorb(true, to0, to1, row0, row1, kept, absorbed);
}

export function absorbOne(to: usize, row: usize, kept: i32, absorbed: i32): void {
  absorb(false, to, to, row, row, kept, absorbed);
}

/** Both lanes of `x` added up, and those of `y`. */
@inline
function sums(x: v128, y: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
}

/** Bounds two rows over the polygon by affine functions and radii, errors apart. */
export function boundPair(to0: usize, to1: usize, kept: i32): void {
  let a0 = f64x2.splat(0);
  let b0 = a0;
  let c0 = a0;
  let r0 = a0;
  let m0 = a0;
  let a1 = a0;
  let b1 = a0;
  let c1 = a0;
  let r1 = a0;
  let m1 = a0;
  let at = Scratch.columns;
  let q = to1 + offsetof<Row>();
  const end = to0 + offsetof<Row>() + (<usize>kept << 3);
  for (let p = to0 + offsetof<Row>(); p < end; p += 16, q += 16, at += COLUMN_PAIR_BYTES) {
    const d = v128.load(p);
    const e = v128.load(q);
    const sizeD = f64x2.abs(d);
    const sizeE = f64x2.abs(e);
    let x = v128.load(at);
    a0 = f64x2.add(a0, f64x2.mul(d, x));
    a1 = f64x2.add(a1, f64x2.mul(e, x));
    x = v128.load(at, 16);
    b0 = f64x2.add(b0, f64x2.mul(d, x));
    b1 = f64x2.add(b1, f64x2.mul(e, x));
    x = v128.load(at, 32);
    c0 = f64x2.add(c0, f64x2.mul(d, x));
    c1 = f64x2.add(c1, f64x2.mul(e, x));
    x = v128.load(at, 48);
    r0 = f64x2.add(r0, f64x2.mul(sizeD, x));
    r1 = f64x2.add(r1, f64x2.mul(sizeE, x));
    x = v128.load(at, 64);
    m0 = f64x2.add(m0, f64x2.mul(sizeD, x));
    m1 = f64x2.add(m1, f64x2.mul(sizeE, x));
  }
  const head0 = v128.load(to0);
  const head1 = v128.load(to1);
  const a = v128.shuffle<f64>(head0, head1, 0, 2);
  const b = v128.shuffle<f64>(head0, head1, 1, 3);
  const c = v128.shuffle<f64>(v128.load(to0, 16), v128.load(to1, 16), 0, 2);
  const own = f64x2.add(
    f64x2.add(f64x2.mul(f64x2.abs(a), f64x2.splat(Net.X)), f64x2.mul(f64x2.abs(b), f64x2.splat(Net.Y))),
    f64x2.abs(c),
  );
  v128.store(PAIR_A, f64x2.add(a, sums(a0, a1)));
  v128.store(PAIR_B, f64x2.add(b, sums(b0, b1)));
  v128.store(PAIR_C, f64x2.add(c, sums(c0, c1)));
  v128.store(PAIR_SIZE, f64x2.add(own, sums(m0, m1)));
  v128.store(
    PAIR_RHO,
    f64x2.add(
      f64x2.add(f64x2.mul(sums(r0, r1), f64x2.splat(1 + 2 * Fold.gammaK)), f64x2.mul(own, f64x2.splat(Fold.gammaK))),
      f64x2.splat(ETA),
    ),
  );
}
