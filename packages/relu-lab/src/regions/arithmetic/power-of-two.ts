/** value * 2^power, in steps that neither overflow nor underflow before the result does. */
export function timesPowerOfTwo(value: number, power: number): number {
  let result = value;
  let rest = power;
  while (rest > 1000) {
    result *= 2 ** 1000;
    rest -= 1000;
  }
  while (rest < -1000) {
    result *= 2 ** -1000;
    rest += 1000;
  }
  return result * 2 ** rest;
}
