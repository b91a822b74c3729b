// A region's activation pattern, and its hash.
import { Net } from "./state";

const FIRST: u64 = 0x87c37b91114253d5;
const SECOND: u64 = 0x4cf5ad432745937f;

@inline
function finish64(h: u64): u64 {
  let x = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}

/** 128 bits that equal patterns share: the mixes of MurmurHash3 (Appleby 2011), both fed with every eight bytes. */
function writeHash(hash: usize, pattern: usize, bytes: usize): void {
  let h0: u64 = 0;
  let h1: u64 = 0;
  for (const end = pattern + bytes; pattern < end; pattern += 8) {
    const word = pattern + 4 < end ? load<u64>(pattern) : <u64>load<u32>(pattern);
    h0 = (rotl(h0 ^ (rotl(word * FIRST, 31) * SECOND), 27) + h1) * 5 + 0x52dce729;
    h1 = (rotl(h1 ^ (rotl(word * SECOND, 33) * FIRST), 31) + h0) * 5 + 0x38495ab5;
  }
  h0 += h1;
  h1 += h0;
  h0 = finish64(h0);
  h1 = finish64(h1);
  h0 += h1;
  h1 += h0;
  store<u64>(hash, h0);
  store<u64>(hash, h1, 8);
}

/** Whether one of the neurons of an entry of Net.sums or Net.zeroable is on; 1 when it lists none. */
@inline
function anyOn(at: usize, end: usize): u8 {
  let on = <u8>(end === at + 8); // a linear neuron
  for (let term = at + 8; term < end; term += 4) on |= load<u8>(Net.shown + load<i32>(term));
  return on;
}

/**
 * The states as patterns show them. A neuron without a column sums up activations, and is on when one of them is;
 * one that the signs of its terms have decided is off where all of them are.
 */
function showStates(): void {
  memory.copy(Net.shown, Net.states, <usize>((Net.neurons + 31) & ~31));
  let p = Net.sums;
  let q = Net.zeroable;
  while (p < Net.sumsEnd || q < Net.zeroableEnd) {
    // In the order of neurons, for terms may be such neurons themselves.
    if (q >= Net.zeroableEnd || (p < Net.sumsEnd && load<i32>(p) < load<i32>(q))) {
      const end = p + 8 + (<usize>load<i32>(p, 4) << 2);
      store<u8>(Net.shown + load<i32>(p), anyOn(p, end));
      p = end;
    } else {
      const end = q + 8 + (<usize>load<i32>(q, 4) << 2);
      const at = Net.shown + load<i32>(q);
      if (load<u8>(at)) store<u8>(at, anyOn(q, end));
      q = end;
    }
  }
}

/** Writes the states as one bit a neuron, and their hash. */
export function writePattern(to: usize, hash: usize, bytes: usize): void {
  if (Net.sparse) showStates();
  let p = Net.sparse ? Net.shown : Net.states;
  for (let k: usize = 0; k < bytes; k += 2, p += 16) {
    store<u16>(to + k, <u16>i8x16.bitmask(i8x16.ne(v128.load(p), i8x16.splat(0))));
  }
  writeHash(hash, to, bytes);
}
