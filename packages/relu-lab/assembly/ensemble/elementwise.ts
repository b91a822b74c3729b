// Entry by entry: functions of one and of two numbers, with gradients. What a loop computes is a type, not a number: then each
// function has a loop of its own, which the optimiser cannot fold with others into one that asks at every entry.
import { exponential, logarithm, sinPi } from "./elementary";
import { address, clear, get, put, where, zero } from "./vector";

class Relu {}
class Step {}
class Abs {}
class Neg {}
class Square {}
class Root {}
class Exp {}
class Log {}
class SinPi {}
class Tent {}
class Sign {}
class Add {}
class Sub {}
class Mul {}
class Div {}
class Max {}
class Min {}
class Left {}
class Right {}

// @ts-ignore: decorator
@inline
function is<K, Other>(): bool {
  return idof<K>() == idof<Other>();
}

// @ts-ignore: decorator
@inline
function tentSide(x: v128): v128 {
  return f64x2.le(x, f64x2.splat(0.5));
}

// @ts-ignore: decorator
@inline
function value<K>(x: v128): v128 {
  if (is<K, Relu>()) return where(x, f64x2.gt(x, zero));
  if (is<K, Step>()) return where(f64x2.splat(1.0), f64x2.gt(x, zero));
  if (is<K, Abs>()) return f64x2.abs(x);
  if (is<K, Neg>()) return f64x2.neg(x);
  if (is<K, Square>()) return f64x2.mul(x, x);
  if (is<K, Root>()) return f64x2.sqrt(x);
  if (is<K, Exp>()) return exponential(x);
  if (is<K, Log>()) return logarithm(x);
  if (is<K, SinPi>()) return sinPi(x);
  if (is<K, Tent>()) {
    const twice = f64x2.mul(f64x2.splat(2.0), x);
    return v128.bitselect(twice, f64x2.sub(f64x2.splat(2.0), twice), tentSide(x));
  }
  const up = where(f64x2.splat(1.0), f64x2.gt(x, zero));
  return v128.or(up, where(f64x2.splat(-1.0), f64x2.lt(x, zero)));
}

// @ts-ignore: decorator
@inline
function slope<K>(g: v128, x: v128, y: v128): v128 {
  if (is<K, Relu>()) return where(g, f64x2.gt(x, zero));
  if (is<K, Abs>())
    return v128.or(where(g, f64x2.gt(x, zero)), where(f64x2.neg(g), f64x2.lt(x, zero)));
  if (is<K, Neg>()) return f64x2.neg(g);
  if (is<K, Square>()) return f64x2.mul(g, f64x2.add(x, x));
  if (is<K, Root>()) return f64x2.div(g, f64x2.add(y, y));
  if (is<K, Exp>()) return f64x2.mul(g, y);
  if (is<K, Log>()) return f64x2.div(g, x);
  if (is<K, SinPi>()) {
    const turned = sinPi(f64x2.add(x, f64x2.splat(0.5)));
    return f64x2.mul(g, f64x2.mul(turned, f64x2.splat(Math.PI)));
  }
  const twice = f64x2.add(g, g);
  return v128.bitselect(twice, f64x2.neg(twice), tentSide(x));
}

// @ts-ignore: decorator
@inline
function mapEach<K>(to: usize, a: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) put(to + i, value<K>(get(a + i)));
}

export function unary(kind: i32, to: i32, a: i32, count: i32): void {
  const p = address(to);
  const q = address(a);
  const bytes = <usize>count << 4;
  switch (kind) {
    case 0: return mapEach<Relu>(p, q, bytes);
    case 1: return mapEach<Step>(p, q, bytes);
    case 2: return mapEach<Abs>(p, q, bytes);
    case 3: return mapEach<Neg>(p, q, bytes);
    case 4: return mapEach<Square>(p, q, bytes);
    case 5: return mapEach<Root>(p, q, bytes);
    case 6: return mapEach<Exp>(p, q, bytes);
    case 7: return mapEach<Log>(p, q, bytes);
    case 8: return mapEach<SinPi>(p, q, bytes);
    case 9: return mapEach<Tent>(p, q, bytes);
    default: return mapEach<Sign>(p, q, bytes);
  }
}

// @ts-ignore: decorator
@inline
function slopeEach<K>(to: usize, g: usize, a: usize, y: usize, bytes: usize, first: bool): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const before = first ? zero : get(to + i);
    put(to + i, f64x2.add(before, slope<K>(get(g + i), get(a + i), get(y + i))));
  }
}

export function unaryGradient(
  kind: i32,
  ga: i32,
  g: i32,
  a: i32,
  y: i32,
  count: i32,
  first: i32,
): void {
  const to = address(ga);
  const p = address(g);
  const q = address(a);
  const r = address(y);
  const bytes = <usize>count << 4;
  const fresh = first == 1;
  switch (kind) {
    case 0: return slopeEach<Relu>(to, p, q, r, bytes, fresh);
    case 2: return slopeEach<Abs>(to, p, q, r, bytes, fresh);
    case 3: return slopeEach<Neg>(to, p, q, r, bytes, fresh);
    case 4: return slopeEach<Square>(to, p, q, r, bytes, fresh);
    case 5: return slopeEach<Root>(to, p, q, r, bytes, fresh);
    case 6: return slopeEach<Exp>(to, p, q, r, bytes, fresh);
    case 7: return slopeEach<Log>(to, p, q, r, bytes, fresh);
    case 8: return slopeEach<SinPi>(to, p, q, r, bytes, fresh);
    default: return slopeEach<Tent>(to, p, q, r, bytes, fresh);
  }
}

// @ts-ignore: decorator
@inline
function combine<K>(a: v128, b: v128): v128 {
  if (is<K, Add>()) return f64x2.add(a, b);
  if (is<K, Sub>()) return f64x2.sub(a, b);
  if (is<K, Mul>()) return f64x2.mul(a, b);
  if (is<K, Div>()) return f64x2.div(a, b);
  if (is<K, Max>()) return v128.bitselect(a, b, f64x2.ge(a, b));
  return v128.bitselect(a, b, f64x2.le(a, b));
}

/** One row of `bytes`; an operand with step 0 has one number for all of it. */
// @ts-ignore: decorator
@inline
function combineRow<K>(to: usize, bytes: usize, p: usize, aStep: usize, q: usize, bStep: usize): void {
  if (aStep != 0 && bStep != 0) {
    for (let i: usize = 0; i < bytes; i += 16) put(to + i, combine<K>(get(p + i), get(q + i)));
  } else if (aStep != 0) {
    const b = get(q);
    for (let i: usize = 0; i < bytes; i += 16) put(to + i, combine<K>(get(p + i), b));
  } else {
    const a = get(p);
    for (let i: usize = 0; i < bytes; i += 16) put(to + i, combine<K>(a, get(q + (bStep != 0 ? i : 0))));
  }
}

// @ts-ignore: decorator
@inline
function combineEach<K>(
  to: usize,
  rows: i32,
  columns: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
): void {
  const line = <usize>columns << 4;
  for (let r = 0; r < rows; r++, a += aRow, b += bRow, to += line) combineRow<K>(to, line, a, aColumn, b, bColumn);
}

export function binary(
  kind: i32,
  to: i32,
  rows: i32,
  columns: i32,
  a: i32,
  aRow: i32,
  aColumn: i32,
  b: i32,
  bRow: i32,
  bColumn: i32,
): void {
  const t = address(to);
  const p = address(a);
  const q = address(b);
  const pr = <usize>aRow << 4;
  const pc = <usize>aColumn << 4;
  const qr = <usize>bRow << 4;
  const qc = <usize>bColumn << 4;
  switch (kind) {
    case 0: return combineEach<Add>(t, rows, columns, p, pr, pc, q, qr, qc);
    case 1: return combineEach<Sub>(t, rows, columns, p, pr, pc, q, qr, qc);
    case 2: return combineEach<Mul>(t, rows, columns, p, pr, pc, q, qr, qc);
    case 3: return combineEach<Div>(t, rows, columns, p, pr, pc, q, qr, qc);
    case 4: return combineEach<Max>(t, rows, columns, p, pr, pc, q, qr, qc);
    default: return combineEach<Min>(t, rows, columns, p, pr, pc, q, qr, qc);
  }
}

/** g times the slope in a (side 0) or in b (side 1), where the value is y. */
// @ts-ignore: decorator
@inline
function part<K, S>(g: v128, a: v128, b: v128, y: v128): v128 {
  if (is<K, Add>()) return g;
  if (is<K, Sub>()) return is<S, Left>() ? g : f64x2.neg(g);
  if (is<K, Mul>()) return f64x2.mul(g, is<S, Left>() ? b : a);
  if (is<K, Div>()) return is<S, Left>() ? f64x2.div(g, b) : f64x2.neg(f64x2.mul(f64x2.div(g, b), y));
  const chosen = is<K, Max>() ? f64x2.ge(a, b) : f64x2.le(a, b);
  return is<S, Left>() ? v128.and(g, chosen) : v128.andnot(g, chosen);
}

// Operands of the gradient that runs; one at a time.
let rows: i32 = 0;
let columns: i32 = 0;
let atG: usize = 0;
let atY: usize = 0;
let atA: usize = 0;
let aRow: usize = 0;
let aColumn: usize = 0;
let atB: usize = 0;
let bRow: usize = 0;
let bColumn: usize = 0;
let target: usize = 0;
let tRow: usize = 0;
let tColumn: usize = 0;

/** One row of `bytes`, added to a row of slopes (step 16) or to one number (step 0). */
// @ts-ignore: decorator
@inline
function partRow<K, S>(bytes: usize, g: usize, y: usize, p: usize, q: usize, t: usize): void {
  const aStep = aColumn;
  const bStep = bColumn;
  if (aStep != 0 && bStep != 0) {
    for (let i: usize = 0; i < bytes; i += 16)
      put(t + i, f64x2.add(get(t + i), part<K, S>(get(g + i), get(p + i), get(q + i), get(y + i))));
    return;
  }
  if (tColumn != 0) {
    // The other operand has one number for the whole row.
    const other = get(is<S, Left>() ? q : p);
    for (let i: usize = 0; i < bytes; i += 16) {
      const a = is<S, Left>() ? get(p + i) : other;
      const b = is<S, Left>() ? other : get(q + i);
      put(t + i, f64x2.add(get(t + i), part<K, S>(get(g + i), a, b, get(y + i))));
    }
    return;
  }
  let sum = get(t);
  for (let i: usize = 0, a = p, b = q; i < bytes; i += 16, a += aStep, b += bStep)
    sum = f64x2.add(sum, part<K, S>(get(g + i), get(a), get(b), get(y + i)));
  put(t, sum);
}

// @ts-ignore: decorator
@inline
function partEach<K, S>(): void {
  const line = <usize>columns << 4;
  let g = atG;
  let y = atY;
  let p = atA;
  let q = atB;
  let t = target;
  for (let r = 0; r < rows; r++, g += line, y += line, p += aRow, q += bRow, t += tRow)
    partRow<K, S>(line, g, y, p, q, t);
}

function partOf(kind: i32, side: i32): void {
  if (side == 0) {
    switch (kind) {
      case 0: return partEach<Add, Left>();
      case 1: return partEach<Sub, Left>();
      case 2: return partEach<Mul, Left>();
      case 3: return partEach<Div, Left>();
      case 4: return partEach<Max, Left>();
      default: return partEach<Min, Left>();
    }
  }
  switch (kind) {
    case 0: return partEach<Add, Right>();
    case 1: return partEach<Sub, Right>();
    case 2: return partEach<Mul, Right>();
    case 3: return partEach<Div, Right>();
    case 4: return partEach<Max, Right>();
    default: return partEach<Min, Right>();
  }
}

/** Operands as in `codes.binaryGradient`, from address `p` on. */
export function binaryGradient(p: usize): void {
  const kind = load<i32>(p, 0);
  const side = load<i32>(p, 4);
  rows = load<i32>(p, 12);
  columns = load<i32>(p, 16);
  atG = address(load<i32>(p, 20));
  atY = address(load<i32>(p, 24));
  atA = address(load<i32>(p, 28));
  aRow = <usize>load<i32>(p, 32) << 4;
  aColumn = <usize>load<i32>(p, 36) << 4;
  atB = address(load<i32>(p, 40));
  bRow = <usize>load<i32>(p, 44) << 4;
  bColumn = <usize>load<i32>(p, 48) << 4;
  target = address(load<i32>(p, 52));
  tRow = side == 0 ? aRow : bRow;
  tColumn = side == 0 ? aColumn : bColumn;
  if (load<i32>(p, 8) == 1) clear(target, (tRow == 0 ? 1 : rows) * (tColumn == 0 ? 1 : columns));
  partOf(kind, side);
}
