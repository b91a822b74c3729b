import { warmUp } from "../../../packages/relu-lab/src/ensemble/samples";

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
