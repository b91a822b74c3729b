import type { Generator } from "../random";

/**
 * A trial's own source of samples: two sfc32 generators (Doty-Humphrey), 256 bits of state, one for the high and one for the
 * low half of each number, so that a vector unit can step them together.
 */
export const seedLength = 8;

/** The state a trial begins with, from its generator's child "samples": hashed, and independent of what was drawn before. */
export function seedOf(random: Generator): Uint32Array {
  const own = random.split("samples");
  return Uint32Array.from({ length: seedLength }, (_, i) => (i % 4 === 3 ? 1 : own.uint32()));
}

/** Rounds after seeding, as sfc32's author does. */
export const warmUp = 12;

/** The scalar form of the kernels' generator. */
export class Samples {
  private readonly state: Uint32Array;

  constructor(seed: Uint32Array) {
    this.state = seed.slice();
    for (let i = 0; i < warmUp; i++) this.uniform();
  }

  private next(at: number): number {
    const s = this.state;
    const [a, b, c, counter] = [s[at], s[at + 1], s[at + 2], s[at + 3]];
    const t = (a + b + counter) >>> 0;
    s[at + 3] = counter + 1;
    s[at] = b ^ (b >>> 9);
    s[at + 1] = c + (c << 3);
    s[at + 2] = ((c << 21) | (c >>> 11)) + t;
    return t;
  }

  /** A double in [0, 1) with 52 random bits. */
  uniform(): number {
    const high = this.next(0) >>> 6;
    const low = this.next(4) >>> 6;
    return (high * 67108864 + low) / 4503599627370496;
  }
}
