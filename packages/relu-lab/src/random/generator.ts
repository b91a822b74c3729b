import { log } from "./log";

/**
 * A seeded, splittable source of random numbers, passed explicitly to whatever needs chance.
 *
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, so that hundreds of streams do not overlap.
 * A child made by `split` depends on its parent's key and its own name only, never on how many numbers
 * the parent has drawn: trial 17 is the same whether trials 0 to 16 ran or not.
 */
export interface Generator {
  /** A double in [0, 1), with 53 random bits. */
  uniform(): number;
  /** A 32-bit unsigned integer. */
  uint32(): number;
  /** A sample of the standard normal distribution. */
  normal(): number;
  /** An integer in [0, bound), every value equally likely. */
  integer(bound: number): number;
  /** A uniformly random permutation of 0..length-1. */
  permutation(length: number): Uint32Array;
  /** An independent generator named by `name` (a trial number, "weights", ...). */
  split(name: number | string): Generator;
}

/** MurmurHash3's finaliser: every input bit reaches every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

type Key = readonly [number, number, number];

function hashKey(key: Key, text: string): Key {
  let [a, b, c] = key;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = mix(a ^ Math.imul(code + 1, 0x9e3779b1));
    b = mix(b + Math.imul(code + 1, 0x85ebca77) + a);
    c = mix(c ^ Math.imul(code + 1, 0xc2b2ae3d) ^ b);
  }
  return [mix(a + text.length), mix(b ^ a), mix(c + b)];
}

class Sfc32 implements Generator {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare = Number.NaN;

  constructor(private readonly key: Key) {
    [this.a, this.b, this.c] = key;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  uint32(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    return t >>> 0;
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    // Marsaglia's polar method: no trigonometry, and a pair for each accepted point.
    let x: number, y: number, s: number;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      s = x * x + y * y;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * log(s)) / s);
    this.spare = y * scale;
    return x * scale;
  }

  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
      throw new RangeError(`integer(${bound}): the bound must be an integer from 1 to 2^32`);
    }
    const limit = 2 ** 32 - (2 ** 32 % bound); // reject the remainder, which would favour small values
    let value: number;
    do value = this.uint32();
    while (value >= limit);
    return value % bound;
  }

  permutation(length: number): Uint32Array {
    if (!Number.isInteger(length) || length < 0 || length >= 2 ** 32)
      throw new RangeError(`permutation(${length}): the length must be an integer from 0 to below 2^32`);
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const j = this.integer(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  split(name: number | string): Generator {
    return new Sfc32(hashKey(this.key, `${typeof name === "number" ? "#" : "$"}${name}/`));
  }
}

/**
 * A generator for a seed.
 *
 * @param seed any safe integer or text; the same seed gives the same numbers on every machine
 * @returns a generator at the start of its stream
 * @throws RangeError when a numeric seed is not a safe integer
 * @example
 * const trials = [0, 1, 2].map((trial) => generator(7).split(trial).normal());
 */
export function generator(seed: number | string): Generator {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`generator(${seed}): the seed must be a safe integer or a text`);
  }
  return new Sfc32(hashKey([0x243f6a88, 0x85a308d3, 0x13198a2e], `${typeof seed}:${seed}`));
}
