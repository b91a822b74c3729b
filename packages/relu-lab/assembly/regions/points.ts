// Corners at which a neuron is known to be zero exactly, and the signs of all neurons there. In a degenerate network many
// lines meet in one point, which stays a corner of the cells below: a pre-activation is continuous, so its value there is
// the same from every cell, and integers decide it once.
import { Corner } from "./layout";
import { allocate, Net, reserve, reserveIfPossible } from "./state";

/** Corners that are remembered at a time, at most: about two a level of the walk. */
const MOST: i32 = 1 << 14;

/** u32 a number: where its signs are, one byte a neuron: 2 plus the sign where it is known. */
let table: usize = 0;
let made: i32 = 0;
/** i32: numbers that are given back. */
let free: usize = 0;
let freed: i32 = 0;

/** Forgets all. */
export function resetPoints(): void {
  table = reserve(<usize>MOST << 2);
  free = reserve(<usize>MOST << 2);
  made = 0;
  freed = 0;
}

/** Places for the numbers of `count` new corners (i32 each, which their copies share): 0, as nothing is known of them. */
export function newPoints(count: i32): usize {
  const at = allocate(<usize>count << 2);
  memory.fill(at, 0, <usize>count << 2);
  return at;
}

/** Forgets one of the corners of {@link newPoints}: there are no copies of it left. */
@inline
export function forgetPoint(at: usize): void {
  const number = load<i32>(at);
  if (number === 0) return;
  store<i32>(free + (<usize>freed << 2), number);
  freed++;
}

@inline
function signsOf(number: i32): usize {
  return <usize>load<u32>(table + (<usize>number << 2));
}

/** 2 plus the sign of a neuron at a corner, where it is known; else 0. */
@inline
export function knownSign(corner: Corner, neuron: i32): i32 {
  const number = load<i32>(corner.point);
  return number === 0 ? 0 : <i32>load<u8>(signsOf(number) + neuron);
}

/** Notes a neuron's sign at a corner: once one has been zero there, as others will be. */
export function learnSign(corner: Corner, neuron: i32, sign: i32): void {
  let number = load<i32>(corner.point);
  if (number === 0) {
    if (sign !== 0) return;
    number = newNumber();
    if (number === 0) return;
    store<i32>(corner.point, number);
  }
  store<u8>(signsOf(number) + neuron, <u8>(2 + sign));
}

/** A number with no sign known; 0 when there is no room. */
function newNumber(): i32 {
  let number = 0;
  if (freed > 0) {
    freed--;
    number = load<i32>(free + (<usize>freed << 2));
  } else {
    if (made + 1 >= MOST) return 0;
    const signs = reserveIfPossible(<usize>Net.neurons);
    if (signs === 0) return 0;
    number = ++made;
    store<u32>(table + (<usize>number << 2), <u32>signs);
  }
  memory.fill(signsOf(number), 0, <usize>Net.neurons);
  return number;
}
