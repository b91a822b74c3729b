// The layers of the network at hand, as the march keeps them.

export const UNIT: f64 = 1.1102230246251565e-16;
export const SLACK: f64 = 1.0 + 1e-9;
export const TINY: f64 = 1e-280;

/** One layer; arrays are padded to 8 entries, padding has sign +1, slope 0 and intercept 1. */
@unmanaged
export class Layer {
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

export class Net {
  /** The table of layers. */
  static layers: usize = 0;
  /** How many of them are hidden; the output's follows. */
  static hidden: i32 = 0;
}

@inline
export function layer(l: i32): Layer {
  return changetype<Layer>(Net.layers + <usize>l * offsetof<Layer>());
}

/** Lists the active neurons. */
export function makeList(at: Layer): void {
  at.active = 0;
  for (let i = 0; i < at.n; i++) {
    if (load<f64>(at.sign + (<usize>i << 3)) > 0) switchOn(at, i);
  }
}

@inline
export function switchOn(at: Layer, i: i32): void {
  store<i32>(at.list + (<usize>at.active << 2), i);
  store<i32>(at.place + (<usize>i << 2), at.active);
  at.active++;
}

@inline
export function switchOff(at: Layer, i: i32): void {
  const place = load<i32>(at.place + (<usize>i << 2));
  const moved = load<i32>(at.list + (<usize>(--at.active) << 2));
  store<i32>(at.list + (<usize>place << 2), moved);
  store<i32>(at.place + (<usize>moved << 2), place);
}
