/** The functions on [-1, 1]^2 that can be learned. */
export const targets = {
  disk: (x: number, y: number) => (x * x + y * y < 0.45 ? 1 : -1),
  xor: (x: number, y: number) => (x * y > 0 ? 1 : -1),
  sin: (x: number, y: number) => Math.sin(2 * Math.PI * x) * Math.sin(2 * Math.PI * y),
  /** Two arms, each half a turn from the other, that go round one and a quarter times. */
  spiral: (x: number, y: number) =>
    Math.sin(Math.atan2(y, x) + 2.5 * Math.PI * Math.hypot(x, y)) > 0 ? 1 : -1,
} as const;

export type TargetName = keyof typeof targets;
