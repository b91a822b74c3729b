// Marching along a segment: every neuron is slope * t + intercept; the nearest certain zero is the next event, and its
// kink travels upward as one vector. The bounds (E, A, rho, P, G) are those of exactness.md, same names.
import { layer, Layer, makeList, Net, SLACK, switchOff, switchOn, TINY, UNIT } from "./layer";
import { errors, gamma, multiply, stateNorm, twoNorm } from "./norms";
import { advance, Last, scan, sureBut } from "./zeros";

let sinceNorms: i32 = 0;
let worst: f64 = 0;

/** The first byte that is free. */
export function heapBase(): usize {
  return __heap_base;
}

export function layerBytes(): i32 {
  return <i32>offsetof<Layer>();
}

/** Where the table of layers stands, and how many of them are hidden (the output's follows). */
export function configure(table: usize, count: i32): void {
  Net.layers = table;
  Net.hidden = count;
}

/** Recomputes the rows of all layers on the current pattern; at the very start their signs too. False: one is not certain. */
function rebuild(start: bool): bool {
  for (let l = 0; l <= Net.hidden; l++) {
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
    if (l === Net.hidden) break;
    if (start) {
      for (let i: usize = 0; i < <usize>at.n; i++) {
        const c = load<f64>(at.intercept + (i << 3));
        if (!(Math.abs(c) > at.E)) return false;
        store<f64>(at.sign + (i << 3), c > 0 ? 1 : -1);
      }
      makeList(at);
    }
    const sure = advance(at, 0, 0);
    if (l === Last.layer) {
      // The neuron of the last event is zero there; it moves away when its slope has its new sign.
      const o = <usize>Last.neuron << 3;
      const outward = load<f64>(at.sign + o) * load<f64>(at.slope + o);
      if (!(outward > 2 * at.E * SLACK)) return false;
      if (!sureBut(at, Last.neuron)) return false;
      store<f64>(at.zero + o, Infinity);
      scan(at);
    } else if (!sure) return false;
  }
  sinceNorms = 0;
  worst = Math.max(worst, layer(Net.hidden).E);
  return true;
}

/** Starts at t = 0; the first layer's rows, E and A are in place. False: a sign there is not certain. */
export function begin(): bool {
  Last.low = 0;
  Last.high = 0;
  Last.layer = -1;
  Last.neuron = -1;
  worst = 0;
  return rebuild(true);
}

const DONE = 0;
const FULL = 1;
const UNSURE = 2;
export let found: i32 = 0;

/**
 * Goes on until t = 1 (answers 0), or `capacity` events (1), or a decision that is not certain (2).
 * Of each event: time, a byte (1: the outputs' slopes change; 2: after it they are zero, because no neuron of the last
 * hidden layer is active), and the outputs' rows after it.
 */
export function march(capacity: i32, times: usize, changes: usize, rows: usize): i32 {
  found = 0;
  let retried = false;
  const output = layer(Net.hidden);
  while (true) {
    let first: f64 = Infinity;
    let second: f64 = Infinity;
    let winner = -1;
    for (let l = 0; l < Net.hidden; l++) {
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
    if (!(high < second && high < 1 && first > Last.high)) {
      // Events have piled up errors: rebuild once; if that does not separate the two, integers must.
      if (retried || !rebuild(false)) return UNSURE;
      retried = true;
      continue;
    }
    retried = false;
    const time = -c / s;
    Last.low = first;
    Last.high = high;
    Last.layer = winner;
    Last.neuron = neuron;

    const turnsOn = load<f64>(at.sign + o) < 0;
    store<f64>(at.sign + o, turnsOn ? 1 : -1);
    if (turnsOn) switchOn(at, neuron);
    else switchOff(at, neuron);
    store<f64>(at.zero + o, Infinity);
    scan(at);

    // The kink: the neuron's output gains (or loses) s * (t - time).
    let sure = true;
    let kinkError = 2 * at.E; // 2-norm of the error of the slopes' jump
    for (let l = winner + 1; l <= Net.hidden; l++) {
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
      if (l < Net.hidden) {
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
      for (let l = 1; l <= Net.hidden; l++) stateNorm(layer(l));
      sinceNorms = 0;
    }
    const last = layer(Net.hidden - 1);
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
  const last = layer(Net.hidden - 1);
  if (l === Net.hidden - 1) return load<u8>(last.useless + <usize>neuron) === 0;
  if (l < Net.hidden - 2) return true;
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
  return layer(Net.hidden - 1).active;
}
