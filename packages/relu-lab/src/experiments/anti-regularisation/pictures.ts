import { dense, differentiate, Tape } from "../../ensemble";
import { kacRiceOnTape } from "../../losses";
import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";

/** A first-layer neuron's line within a square. */
export interface LineRow {
  readonly when: string;
  readonly neuron: number;
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Where two first-layer lines meet. */
export interface CrossingRow {
  readonly when: string;
  readonly x: number;
  readonly y: number;
  /** Whether it lies in [-1, 1]^2. */
  readonly inside: boolean;
}

/** The chord of a x + b y + c = 0 in [-reach, reach]^2, or null. */
function chord(a: number, b: number, c: number, reach: number): [number, number, number, number] | null {
  const square = a * a + b * b;
  if (square === 0) return null;
  const [px, py, dx, dy] = [(-a * c) / square, (-b * c) / square, -b, a];
  let [from, to] = [-Infinity, Infinity];
  for (const [p, d] of [
    [px, dx],
    [py, dy],
  ]) {
    if (d === 0) {
      if (Math.abs(p) > reach) return null;
      continue;
    }
    const ends = [(-reach - p) / d, (reach - p) / d].sort((s, t) => s - t);
    [from, to] = [Math.max(from, ends[0]), Math.min(to, ends[1])];
  }
  return from < to ? [px + from * dx, py + from * dy, px + to * dx, py + to * dy] : null;
}

/**
 * The lines of a network's first layer and where they meet, for pictures.
 *
 * @param network of two inputs
 * @param reach the picture shows [-reach, reach]^2
 * @param when what the picture is called; the number of crossings in [-1, 1]^2 is added
 * @returns lines and crossings in the picture
 * @throws RangeError when the network has not two inputs
 */
export function crossingLines(
  network: ReluNetwork,
  reach: number,
  when: string,
): { lines: LineRow[]; crossings: CrossingRow[] } {
  if (network.inputs !== 2)
    throw new RangeError(`crossingLines: the network has ${network.inputs} inputs, not 2`);
  const { weights, biases, outputs } = network.layers[0];
  const rows = Array.from({ length: outputs }, (_, i) => [weights[2 * i], weights[2 * i + 1], biases[i]]);
  const meetings = rows.flatMap(([a, b, c], i) =>
    rows.slice(0, i).map(([d, e, f]) => {
      const sine = a * e - b * d;
      const [x, y] = [(b * f - c * e) / sine, (c * d - a * f) / sine];
      return { x, y, inside: Math.abs(x) < 1 && Math.abs(y) < 1 };
    }),
  );
  const title = `${when}: ${meetings.filter(({ inside }) => inside).length} of ${meetings.length} crossings inside`;
  const shown = meetings.filter(({ x, y }) => Math.abs(x) < reach && Math.abs(y) < reach);
  return {
    lines: rows.flatMap(([a, b, c], neuron) => {
      const ends = chord(a, b, c, reach);
      return ends ? [{ when: title, neuron, x: ends[0], y: ends[1], x2: ends[2], y2: ends[3] }] : [];
    }),
    crossings: shown.map((crossing) => ({ when: title, ...crossing })),
  };
}

/**
 * The smoothed number of crossings that the Kac-Rice loss is minus the logarithm of, from many samples.
 *
 * @param network of two inputs
 * @param samples how many points of [-1, 1]^2
 * @param random where they come from
 * @returns the estimate: what exact counting compares it with are regions
 */
export function crossingEstimate(network: ReluNetwork, samples: number, random: Generator): number {
  const tape = new Tape();
  const model = dense(tape, network.sizes);
  const points = tape.uniform(network.inputs, samples, -1, 1);
  const program = tape.compile(kacRiceOnTape(tape, model.layers.slice(0, -1), { points }));
  return Math.exp(-differentiate(program, { parameters: model.parameters(network), random }).loss);
}
