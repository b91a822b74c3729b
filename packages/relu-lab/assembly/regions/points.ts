// Points at which a neuron is known to be zero exactly, and the signs of all neurons there. In a degenerate network many
// lines meet in one point, which is a corner of many cells: a pre-activation is continuous, so its value there is the
// same from every cell, and an integer decides it once.
import { Corner } from "./layout";
import { Net, reserve, reserveIfPossible } from "./state";

/** Points that are remembered, at most, and the bytes that their signs may take. */
const MOST: i32 = 1 << 15;
const MOST_BYTES: usize = 1 << 26;

/** u32 a point: where its signs are; 0 when it has none yet. */
let table: usize = 0;
let most: i32 = 0;

/** Forgets all points. */
export function resetPoints(): void {
  most = <i32>min<usize>(MOST, MOST_BYTES / <usize>(Net.neurons + 1));
  table = reserve(<usize>most << 2);
  memory.fill(table, 0, <usize>most << 2);
}

/** One byte a neuron, 2 plus the sign where it is known; 0 when the corner's point is not one of those remembered. */
@inline
function signsOf(corner: Corner): usize {
  const point = load<i32>(corner.point);
  return point > 0 ? <usize>load<u32>(table + (<usize>point << 2)) : 0;
}

/** 2 plus the sign of a neuron at a corner, where it is known; else 0. */
@inline
export function knownSign(corner: Corner, neuron: i32): i32 {
  const signs = signsOf(corner);
  return signs === 0 ? 0 : <i32>load<u8>(signs + neuron);
}

/** Notes that a corner is point number `point`, and, where the walk goes on to need it, a neuron's sign there. */
export function learnSign(corner: Corner, point: i32, neuron: i32, sign: i32): void {
  if (point >= most) return;
  store<i32>(corner.point, point);
  const at = table + (<usize>point << 2);
  if (load<u32>(at) === 0) {
    const signs = reserveIfPossible(<usize>Net.neurons);
    if (signs === 0) return;
    memory.fill(signs, 0, <usize>Net.neurons);
    store<u32>(at, <u32>signs);
  }
  store<u8>(<usize>load<u32>(at) + neuron, <u8>(2 + sign));
}
