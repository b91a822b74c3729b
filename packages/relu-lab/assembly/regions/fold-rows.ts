// Folds one layer whose rows still have unstable columns.
import { absorbOne, absorbPair, boundPair } from "./absorb";
import {
  Bounded,
  PAIR_A,
  PAIR_B,
  PAIR_C,
  PAIR_HIGH,
  PAIR_LOW,
  PAIR_RHO,
  PAIR_SIZE,
  pairStates,
} from "./bounds";
import { boundOf } from "./frame";
import { Bound, Layer, Polygon, Row } from "./layout";
import { Fold, keepColumn, noteAbsorbed, Scratch } from "./scratch";
import { ETA, Net, Stack } from "./state";

/** The layer at hand before its rows are folded, and where its columns stand. */
class Old {
  static rows: usize = 0;
  static stride: usize = 0;
  static ids: usize = 0;
  static count: i32 = 0;
  /** Offset of its first column in an old row. */
  static offset: u32 = 0;
}

@inline
function rowAt(j: i32): usize {
  return Old.rows + <usize>j * Old.stride;
}

@inline
function neuronOf(j: i32): i32 {
  return load<i32>(Old.ids + (<usize>j << 2));
}

@inline
function slopeOf(neuron: i32): f64 {
  return load<f64>(Net.slopes + (<usize>neuron << 3));
}

/** Tries on this polygon the bounds of rows `j` and `k` from where they were folded last; answers as `pairStates`. */
@inline
function statesBefore(j: i32, k: i32, polygon: Polygon): i32 {
  const p = changetype<usize>(boundOf(changetype<Row>(rowAt(j)), Old.stride));
  const q = changetype<usize>(boundOf(changetype<Row>(rowAt(k)), Old.stride));
  const abP = v128.load(p);
  const abQ = v128.load(q);
  const crP = v128.load(p, offsetof<Bound>("c"));
  const crQ = v128.load(q, offsetof<Bound>("c"));
  return pairStates(
    v128.shuffle<f64>(abP, abQ, 0, 2),
    v128.shuffle<f64>(abP, abQ, 1, 3),
    v128.shuffle<f64>(crP, crQ, 0, 2),
    v128.shuffle<f64>(crP, crQ, 1, 3),
    Fold.gammaK,
    Fold.corners,
    polygon,
  );
}

/** Notes which rows have to be folded: not those whose state is known already and which no layer above needs. */
function findWaiting(polygon: Polygon, needOn: bool): i32 {
  let waiting = 0;
  for (let j = 0; j < Old.count; j += 2) {
    const k = j + 1 < Old.count ? j + 1 : j;
    const states = statesBefore(j, k, polygon);
    for (let lane = 0; lane <= k - j; lane++) {
      const neuron = neuronOf(j + lane);
      const on = (states >> lane) & 1;
      const off = (states >> (lane + 2)) & 1;
      const slope = slopeOf(neuron);
      if (slope !== 1 && (needOn ? off & <i32>(slope === 0) : on | off)) {
        store<u8>(Net.states + neuron, <u8>on);
      } else {
        store<i32>(Scratch.waiting + (<usize>waiting << 2), j + lane);
        waiting++;
      }
    }
  }
  return waiting;
}

@inline
function copy(to: usize, from: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, v128.load(from + k));
}

/** The error of a new row, of which `lane` of the pair at hand is the size. */
@inline
function errorOf(to: usize, row: usize, lane: usize, absorbed: i32): f64 {
  const old = changetype<Row>(row).error;
  if (absorbed === 0) return old;
  return (old + changetype<Row>(to).error) * Fold.inflate + Fold.rounding * load<f64>(PAIR_SIZE + lane) + ETA;
}

/** Puts away row `j`, just folded, at `to`: true when it stays, and then at the stack's top. */
@inline
function settle(to: usize, j: i32, lane: usize, state: i32, stride: usize, newId: usize, needOn: bool): bool {
  const neuron = neuronOf(j);
  const slope = slopeOf(neuron);
  if (state === 2) {
    Bounded.a = load<f64>(PAIR_A + lane);
    Bounded.b = load<f64>(PAIR_B + lane);
    Bounded.c = load<f64>(PAIR_C + lane);
    Bounded.rho = load<f64>(PAIR_RHO + lane);
    Bounded.low = load<f64>(PAIR_LOW + lane);
    Bounded.high = load<f64>(PAIR_HIGH + lane);
    if (needOn) keepColumn(Old.offset + (<u32>j << 3), slope);
    else Fold.kept++;
    store<i32>(newId, neuron);
    if (to !== Stack.top) copy(Stack.top, to, stride - offsetof<Bound>());
    const bound = boundOf(changetype<Row>(Stack.top), stride);
    bound.a = Bounded.a;
    bound.b = Bounded.b;
    bound.c = Bounded.c;
    bound.rho = Bounded.rho;
    Stack.top += stride;
    return true;
  }
  store<u8>(Net.states + neuron, <u8>state);
  if (!needOn || (state === 0 && slope === 0)) return false;
  const bytes = stride - offsetof<Bound>();
  copy(Fold.rows, to, bytes);
  noteAbsorbed(
    Old.offset + (<u32>j << 3),
    bytes - offsetof<Row>(),
    state === 1 ? 1 : slope,
    changetype<Row>(to).error,
    load<f64>(PAIR_SIZE + lane),
  );
  Fold.rows += bytes;
  return false;
}

/**
 * Folds the layer at `from` of the old frame, two rows at a time; `stride`: bytes of a new row. Returns how many rows stay;
 * they lie from the stack's top on. The output layer's rows all stay, unbounded.
 */
export function foldRows(from: Layer, polygon: Polygon, newIds: usize, stride: usize, isOutput: bool, needOn: bool): i32 {
  Old.rows = from.rows;
  Old.stride = from.stride;
  Old.ids = from.ids;
  Old.count = from.count;
  Old.offset = Fold.offset;
  Fold.offset += <u32>Old.count << 3;
  const kept = Fold.kept;
  const absorbed = Fold.absorbed;
  let waiting = Old.count;
  if (isOutput) for (let j = 0; j < waiting; j++) store<i32>(Scratch.waiting + (<usize>j << 2), j);
  else waiting = findWaiting(polygon, needOn);
  let stay = 0;
  for (let i = 0; i < waiting; i += 2) {
    const j = load<i32>(Scratch.waiting + (<usize>i << 2));
    const two = i + 1 < waiting;
    const k = two ? load<i32>(Scratch.waiting + (<usize>i << 2), 4) : j;
    const to0 = Stack.top;
    const to1 = two ? to0 + stride : to0;
    if (to1 + stride > Stack.end) unreachable();
    if (two) absorbPair(to0, to1, rowAt(j), rowAt(k), kept, absorbed);
    else absorbOne(to0, rowAt(j), kept, absorbed);
    boundPair(to0, to1, kept);
    const error0 = errorOf(to0, rowAt(j), 0, absorbed);
    const error1 = errorOf(to1, rowAt(k), 8, absorbed);
    changetype<Row>(to0).error = error0;
    changetype<Row>(to1).error = error1;
    if (isOutput) {
      store<i32>(newIds + (<usize>stay << 2), neuronOf(j));
      if (two) store<i32>(newIds + (<usize>stay << 2), neuronOf(k), 4);
      stay += two ? 2 : 1;
      Stack.top += two ? 2 * stride : stride;
      continue;
    }
    const rho = f64x2.add(v128.load(PAIR_RHO), f64x2.replace_lane(f64x2.splat(error0), 1, error1));
    v128.store(PAIR_RHO, rho);
    const states = pairStates(
      v128.load(PAIR_A),
      v128.load(PAIR_B),
      v128.load(PAIR_C),
      rho,
      Fold.gammaK,
      Fold.corners,
      polygon,
    );
    let newId = newIds + (<usize>stay << 2);
    if (settle(to0, j, 0, stateOf(states, 0, j), stride, newId, needOn)) {
      stay++;
      newId += 4;
    }
    if (two && settle(to1, k, 8, stateOf(states, 1, k), stride, newId, needOn)) stay++;
  }
  return stay;
}

/** 1 on, 0 off, 2 unstable. A linear neuron is always on. */
@inline
function stateOf(states: i32, lane: i32, j: i32): i32 {
  if ((states >> lane) & 1 || slopeOf(neuronOf(j)) === 1) return 1;
  return (states >> (lane + 2)) & 1 ? 0 : 2;
}
