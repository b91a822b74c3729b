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
