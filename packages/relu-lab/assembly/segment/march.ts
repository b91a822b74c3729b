// Marching along a segment: every neuron is slope * t + intercept; the nearest certain zero is the next event, and its
// kink travels upward as one vector. The bounds (E, A, rho, P, G) are those of exactness.md, same names.

const UNIT: f64 = 1.1102230246251565e-16;
const SLACK: f64 = 1.0 + 1e-9;
const TINY: f64 = 1e-280;

/** One layer; arrays are padded to 8 entries, padding has sign +1, slope 0 and intercept 1. */
@unmanaged
class Layer {
  n: i32;
  padded: i32;
  inputs: i32;
  active: i32; // number of entries of `list`
  weights: usize; // blocks of 8 rows: for each input 8 weights
  biases: usize;
  slope: usize;
  intercept: usize;
  sign: usize; // +1 on, -1 off
  zero: usize; // lower bound of the time of the next zero, or infinity
  kink: usize;
  list: usize; // active neurons
  place: usize; // where an active neuron stands in `list`
  useless: usize; // bytes: 1 where no weight to an output (last hidden layer only)
  E: f64; // largest error of a row on [0, 1]
  A: f64; // 2-norm of the errors of all rows
  rhoMax: f64;
  rhoTwo: f64;
  P: f64; // 2-norms of slopes and of intercepts, added
  G: f64; // 2-norm of the kink
  rowNorm: f64; // largest 2-norm of a row of weights
  frobenius: f64;
  norm: f64; // bound of the spectral norm
  biasNorm: f64;
  first: f64; // smallest and second smallest entry of `zero`
  second: f64;
}

let layers: usize = 0;
let hidden: i32 = 0;
let lastLow: f64 = 0; // bounds of the time of the last event
let lastHigh: f64 = 0;
let lastLayer: i32 = -1;
let lastNeuron: i32 = -1;
let sinceNorms: i32 = 0;
let worst: f64 = 0;

@inline function layer(l: i32): Layer {
  return changetype<Layer>(layers + <usize>l * offsetof<Layer>());
}

/** The first byte that is free. */
export function heapBase(): usize {
  return __heap_base;
}

export function layerBytes(): i32 {
  return <i32>offsetof<Layer>();
}

/** Where the table of layers stands, and how many of them are hidden (the output's follows). */
export function configure(table: usize, count: i32): void {
  layers = table;
  hidden = count;
}

/** out = weights * (masked) vector, over the active inputs only; returns nothing, sums at most active / 2 + 3 deep. */
function multiply(to: Layer, from: Layer, vector: usize, out: usize): void {
  const list = from.list;
  const m = from.active;
  const stride = <usize>to.inputs << 6;
  let block = to.weights;
  const end = out + (<usize>to.padded << 3);
  for (; out < end; out += 64, block += stride) {
    let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
    let b0 = f64x2.splat(0), b1 = f64x2.splat(0), b2 = f64x2.splat(0), b3 = f64x2.splat(0);
    let k = 0;
    for (; k + 1 < m; k += 2) {
      const i = <usize>load<i32>(list + (<usize>k << 2));
      const j = <usize>load<i32>(list + (<usize>k << 2), 4);
      const x = v128.load64_splat(vector + (i << 3));
      const y = v128.load64_splat(vector + (j << 3));
      const p = block + (i << 6);
      const q = block + (j << 6);
      a0 = f64x2.add(a0, f64x2.mul(x, v128.load(p)));
      a1 = f64x2.add(a1, f64x2.mul(x, v128.load(p, 16)));
      a2 = f64x2.add(a2, f64x2.mul(x, v128.load(p, 32)));
      a3 = f64x2.add(a3, f64x2.mul(x, v128.load(p, 48)));
      b0 = f64x2.add(b0, f64x2.mul(y, v128.load(q)));
      b1 = f64x2.add(b1, f64x2.mul(y, v128.load(q, 16)));
      b2 = f64x2.add(b2, f64x2.mul(y, v128.load(q, 32)));
      b3 = f64x2.add(b3, f64x2.mul(y, v128.load(q, 48)));
    }
    if (k < m) {
      const i = <usize>load<i32>(list + (<usize>k << 2));
      const x = v128.load64_splat(vector + (i << 3));
      const p = block + (i << 6);
      a0 = f64x2.add(a0, f64x2.mul(x, v128.load(p)));
      a1 = f64x2.add(a1, f64x2.mul(x, v128.load(p, 16)));
      a2 = f64x2.add(a2, f64x2.mul(x, v128.load(p, 32)));
      a3 = f64x2.add(a3, f64x2.mul(x, v128.load(p, 48)));
    }
    v128.store(out, f64x2.add(a0, b0));
    v128.store(out, f64x2.add(a1, b1), 16);
    v128.store(out, f64x2.add(a2, b2), 32);
    v128.store(out, f64x2.add(a3, b3), 48);
  }
}

@inline function gamma(active: i32): f64 {
  return (<f64>(active >> 1) + 8) * UNIT * SLACK;
}

/** 2-norm; the length is padded to a multiple of 8. */
function twoNorm(vector: usize, padded: i32): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const end = vector + (<usize>padded << 3);
  for (; vector < end; vector += 64) {
    const w = v128.load(vector), x = v128.load(vector, 16), y = v128.load(vector, 32), z = v128.load(vector, 48);
    a = f64x2.add(a, f64x2.mul(w, w));
    b = f64x2.add(b, f64x2.mul(x, x));
    c = f64x2.add(c, f64x2.mul(y, y));
    d = f64x2.add(d, f64x2.mul(z, z));
  }
  a = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return Math.sqrt(f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1)) * SLACK + 1e-150; // squares below 1e-308 are lost
}

function stateNorm(at: Layer): void {
  at.P = twoNorm(at.slope, at.padded) + twoNorm(at.intercept, at.padded);
}

function errors(to: Layer, from: Layer): void {
  to.E = (to.rowNorm * from.A + to.rhoMax) * SLACK + TINY;
  to.A = (to.norm * from.A + to.rhoTwo) * SLACK + TINY;
}

/** Smallest and second smallest entry of `zero`. */
function scan(at: Layer): void {
  let first = f64x2.splat(Infinity);
  let second = first;
  const end = at.zero + (<usize>at.padded << 3);
  for (let p = at.zero; p < end; p += 16) {
    const t = v128.load(p);
    second = f64x2.pmin(second, f64x2.pmax(first, t));
    first = f64x2.pmin(first, t);
  }
  merge(at, first, second);
}

@inline function merge(at: Layer, first: v128, second: v128): void {
  const a = f64x2.extract_lane(first, 0);
  const b = f64x2.extract_lane(first, 1);
  const c = Math.min(f64x2.extract_lane(second, 0), f64x2.extract_lane(second, 1));
  at.first = Math.min(a, b);
  at.second = Math.min(Math.max(a, b), c);
}

/**
 * Adds kink * (t - time) to every row (kink 0: none), and finds each row's next zero. False when a row that moves away
 * from zero is too near it to be sure of its sign.
 */
function advance(at: Layer, kink: usize, time: f64): bool {
  const now = f64x2.splat(time);
  const low = f64x2.splat(lastLow);
  const bound = f64x2.splat(at.E);
  const shrink = f64x2.splat(1 - 1e-15);
  const rounding = f64x2.splat(1e-15);
  const none = f64x2.splat(Infinity);
  const zeros = f64x2.splat(0);
  let first = none;
  let second = none;
  let unsure = f64x2.splat(0);
  const end = <usize>at.padded << 3;
  for (let o: usize = 0; o < end; o += 16) {
    let s = v128.load(at.slope + o);
    let c = v128.load(at.intercept + o);
    if (kink) {
      const g = v128.load(kink + o);
      s = f64x2.add(s, g);
      c = f64x2.sub(c, f64x2.mul(g, now));
      v128.store(at.slope + o, s);
      v128.store(at.intercept + o, c);
    }
    const sign = v128.load(at.sign + o);
    const p = f64x2.mul(sign, c);
    const q = f64x2.mul(sign, s);
    const towards = f64x2.lt(q, zeros);
    let t = f64x2.mul(f64x2.div(f64x2.sub(bound, p), q), shrink);
    t = v128.bitselect(t, none, towards);
    const margin = f64x2.add(bound, f64x2.mul(rounding, f64x2.add(f64x2.abs(p), f64x2.abs(q))));
    const sure = f64x2.gt(f64x2.add(p, f64x2.mul(q, low)), margin);
    unsure = v128.or(unsure, v128.not(v128.or(towards, sure)));
    v128.store(at.zero + o, t);
    second = f64x2.pmin(second, f64x2.pmax(first, t));
    first = f64x2.pmin(first, t);
  }
  merge(at, first, second);
  return !v128.any_true(unsure);
}

function makeList(at: Layer): void {
  at.active = 0;
  for (let i = 0; i < at.n; i++) {
    if (load<f64>(at.sign + (<usize>i << 3)) > 0) switchOn(at, i);
  }
}

@inline function switchOn(at: Layer, i: i32): void {
  store<i32>(at.list + (<usize>at.active << 2), i);
  store<i32>(at.place + (<usize>i << 2), at.active);
  at.active++;
}

@inline function switchOff(at: Layer, i: i32): void {
  const place = load<i32>(at.place + (<usize>i << 2));
  const moved = load<i32>(at.list + (<usize>(--at.active) << 2));
  store<i32>(at.list + (<usize>place << 2), moved);
  store<i32>(at.place + (<usize>moved << 2), place);
}

/** Recomputes the rows of layers `from` and up on the current pattern; at the very start their signs too. */
function rebuild(start: bool): bool {
  for (let l = 0; l <= hidden; l++) {
    const at = layer(l);
    if (l > 0) {
      const below = layer(l - 1);
      multiply(at, below, below.slope, at.slope);
      multiply(at, below, below.intercept, at.intercept);
      for (let i: usize = 0; i < <usize>at.n; i++) {
        store<f64>(at.intercept + (i << 3), load<f64>(at.intercept + (i << 3)) + load<f64>(at.biases + (i << 3)));
      }
      for (let i: usize = <usize>at.n; i < <usize>at.padded; i++) store<f64>(at.intercept + (i << 3), 1);
      const g = gamma(below.active);
      at.rhoMax = g * (at.rowNorm * below.P + at.biasNorm) * SLACK + TINY;
      at.rhoTwo = g * (at.frobenius * below.P + at.biasNorm) * SLACK + TINY;
      errors(at, below);
    }
    stateNorm(at);
    if (!(at.P < 1e140 && at.E < 1e140 && at.A < 1e140)) return false;
    if (l === hidden) break;
    if (start) {
      for (let i: usize = 0; i < <usize>at.n; i++) {
        const c = load<f64>(at.intercept + (i << 3));
        if (!(Math.abs(c) > at.E)) return false;
        store<f64>(at.sign + (i << 3), c > 0 ? 1 : -1);
      }
      makeList(at);
    }
    const sure = advance(at, 0, 0);
    if (l === lastLayer) {
      // The neuron of the last event is zero there; it moves away when its slope has its new sign.
      const o = <usize>lastNeuron << 3;
      const outward = load<f64>(at.sign + o) * load<f64>(at.slope + o);
      if (!(outward > 2 * at.E * SLACK)) return false;
      if (!sureBut(at, lastNeuron)) return false;
      store<f64>(at.zero + o, Infinity);
      scan(at);
    } else if (!sure) return false;
  }
  sinceNorms = 0;
  worst = Math.max(worst, layer(hidden).E);
  return true;
}

/** Is every row other than one that moves away from zero certain of its sign at the last event? */
function sureBut(at: Layer, neuron: i32): bool {
  for (let i = 0; i < at.n; i++) {
    if (i === neuron) continue;
    const o = <usize>i << 3;
    const p = load<f64>(at.sign + o) * load<f64>(at.intercept + o);
    const q = load<f64>(at.sign + o) * load<f64>(at.slope + o);
    if (q < 0) continue;
    if (!(p + q * lastLow > at.E + 1e-15 * (Math.abs(p) + Math.abs(q)))) return false;
  }
  return true;
}

/** Starts at t = 0; the first layer's rows, E and A are in place. False: a sign there is not certain. */
export function begin(): bool {
  lastLow = 0;
  lastHigh = 0;
  lastLayer = -1;
  lastNeuron = -1;
  worst = 0;
  return rebuild(true);
}

export const DONE = 0;
export const FULL = 1;
export const UNSURE = 2;
export let found: i32 = 0;

/**
 * Goes on until t = 1, or `capacity` events, or a decision that is not certain.
 * Of each event: time, neuron (layer << 20 | index), a byte (1: the outputs' slopes change; 2: after it they are zero,
 * because no neuron of the last hidden layer is active), and the outputs' rows after it.
 */
export function march(capacity: i32, times: usize, neurons: usize, changes: usize, rows: usize): i32 {
  found = 0;
  let retried = false;
  const output = layer(hidden);
  while (true) {
    let first: f64 = Infinity;
    let second: f64 = Infinity;
    let winner = -1;
    for (let l = 0; l < hidden; l++) {
      const at = layer(l);
      if (at.first < first) {
        second = Math.min(first, at.second);
        first = at.first;
        winner = l;
      } else second = Math.min(second, at.first);
    }
    if (first > 1) return DONE;
    if (found === capacity) return FULL;
    const at = layer(winner);
    let neuron = 0;
    while (load<f64>(at.zero + (<usize>neuron << 3)) !== first) neuron++;
    const o = <usize>neuron << 3;
    const s = load<f64>(at.slope + o);
    const c = load<f64>(at.intercept + o);
    const high = ((Math.abs(c) + at.E) / Math.abs(s)) * (1 + 1e-15);
    if (!(high < second && high < 1 && first > lastHigh)) {
      // Events have piled up errors: rebuild once; if that does not separate the two, integers must.
      if (retried || !rebuild(false)) return UNSURE;
      retried = true;
      continue;
    }
    retried = false;
    const time = -c / s;
    lastLow = first;
    lastHigh = high;
    lastLayer = winner;
    lastNeuron = neuron;

    const turnsOn = load<f64>(at.sign + o) < 0;
    store<f64>(at.sign + o, turnsOn ? 1 : -1);
    if (turnsOn) switchOn(at, neuron);
    else switchOff(at, neuron);
    store<f64>(at.zero + o, Infinity);
    scan(at);

    // The kink: the neuron's output gains (or loses) s * (t - time).
    let sure = true;
    let kinkError = 2 * at.E; // 2-norm of the error of the slopes' jump
    for (let l = winner + 1; l <= hidden; l++) {
      const above = layer(l);
      const below = layer(l - 1);
      let lost: f64;
      let inherited: f64;
      if (l === winner + 1) {
        const factor = turnsOn ? s : -s;
        const blocks = above.padded >> 3;
        for (let b = 0; b < blocks; b++) {
          const w = above.weights + ((<usize>(b * above.inputs + neuron)) << 6);
          const k = above.kink + (<usize>b << 6);
          const x = f64x2.splat(factor);
          v128.store(k, f64x2.mul(x, v128.load(w)));
          v128.store(k, f64x2.mul(x, v128.load(w, 16)), 16);
          v128.store(k, f64x2.mul(x, v128.load(w, 32)), 32);
          v128.store(k, f64x2.mul(x, v128.load(w, 48)), 48);
        }
        inherited = Math.abs(s);
        lost = 4 * UNIT * (Math.abs(s) + Math.abs(c));
      } else {
        multiply(above, below, below.kink, above.kink);
        inherited = below.G;
        lost = gamma(below.active) * inherited + 2 * UNIT * (below.P + inherited);
      }
      above.G = twoNorm(above.kink, above.padded);
      above.P += 2 * above.G;
      const own = 2 * UNIT * (above.P + above.G);
      above.rhoMax += (above.rowNorm * lost + own) * SLACK;
      above.rhoTwo += (above.frobenius * lost + own) * SLACK;
      errors(above, below);
      if (!(above.P < 1e140 && above.E < 1e140 && above.A < 1e140)) return UNSURE;
      if (l < hidden) {
        kinkError = (above.norm * kinkError + above.frobenius * gamma(below.active) * inherited) * SLACK;
        if (!advance(above, above.kink, time)) sure = false;
      } else {
        kinkError = (above.rowNorm * (kinkError + gamma(below.active) * inherited)) * SLACK + TINY;
        for (let i: usize = 0; i < <usize>above.n; i++) {
          const g = load<f64>(above.kink + (i << 3));
          store<f64>(above.slope + (i << 3), load<f64>(above.slope + (i << 3)) + g);
          store<f64>(above.intercept + (i << 3), load<f64>(above.intercept + (i << 3)) - g * time);
        }
      }
    }
    if (++sinceNorms === 32) {
      for (let l = 1; l <= hidden; l++) stateNorm(layer(l));
      sinceNorms = 0;
    }
    const last = layer(hidden - 1);
    if (last.active === 0) {
      for (let i: usize = 0; i < <usize>output.n; i++) {
        store<f64>(output.slope + (i << 3), 0);
        store<f64>(output.intercept + (i << 3), load<f64>(output.biases + (i << 3)));
      }
    }

    worst = Math.max(worst, output.E);
    let changed = 2;
    for (let i: usize = 0; i < <usize>output.n; i++) {
      if (Math.abs(load<f64>(output.kink + (i << 3))) > kinkError) changed = 1;
    }
    if (changed === 2 && reaches(winner, neuron)) return UNSURE;
    store<f64>(times + (<usize>found << 3), time);
    store<i32>(neurons + (<usize>found << 2), (winner << 20) | neuron);
    store<u8>(changes + <usize>found, (changed === 1 ? 1 : 0) | (last.active === 0 ? 2 : 0));
    const row = rows + <usize>found * (<usize>output.n << 4);
    memory.copy(row, output.slope, <usize>output.n << 3);
    memory.copy(row + (<usize>output.n << 3), output.intercept, <usize>output.n << 3);
    found++;
    if (!sure) {
      if (!rebuild(false)) return UNSURE;
      retried = true;
    }
  }
}

/** May the neuron's kink reach an output? Decided by zero weights for the two last hidden layers, else taken for yes. */
function reaches(l: i32, neuron: i32): bool {
  const last = layer(hidden - 1);
  if (l === hidden - 1) return load<u8>(last.useless + <usize>neuron) === 0;
  if (l < hidden - 2) return true;
  for (let k = 0; k < last.active; k++) {
    const i = load<i32>(last.list + (<usize>k << 2));
    if (load<u8>(last.useless + <usize>i)) continue;
    const w = last.weights + ((<usize>((i >> 3) * last.inputs + neuron)) << 6) + (<usize>(i & 7) << 3);
    if (load<f64>(w) !== 0) return true;
  }
  return false;
}

/** Largest error bound of the outputs' rows since the start. */
export function outputError(): f64 {
  return worst;
}

/** Active neurons of the last hidden layer now. */
export function lastActive(): i32 {
  return layer(hidden - 1).active;
}
