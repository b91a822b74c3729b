import { segment } from "../../regions";
import { sawtoothNetwork, sawtoothValue, shallowNeuronsForSawtooth, type SawtoothForm } from "../../sawtooth";

const forms: readonly SawtoothForm[] = ["naive", "merged"];

/** The counts of one sawtooth network on [0, 1]. */
export interface SawtoothPiecesRow {
  n: number;
  form: SawtoothForm;
  neurons: number;
  layers: number;
  activationIntervals: number;
  affinePieces: number;
  laps: number;
  /** Neurons with which one hidden layer has as many pieces. */
  shallowNeurons: number;
}

/**
 * Counts the pieces of the sawtooth for n = 1 to `largest`, in both forms, exactly.
 *
 * @param config largest number of compositions
 * @returns a row a network: n ascending, naive before merged
 * @throws RangeError when `largest` is not a positive integer
 * @example
 * sawtoothPieces({ largest: 6 }).at(-1).affinePieces; // 64
 */
export function sawtoothPieces({ largest }: { largest: number }): SawtoothPiecesRow[] {
  if (!Number.isInteger(largest) || largest < 1 || largest > 24) {
    throw new RangeError(`sawtoothPieces: largest = ${largest} must be an integer from 1 to 24`);
  }
  const rows: SawtoothPiecesRow[] = [];
  for (let n = 1; n <= largest; n++) {
    for (const form of forms) {
      const network = sawtoothNetwork(n, form);
      const { acts, pieces, laps } = segment(network, [0], [1]);
      rows.push({
        n,
        form,
        neurons: network.neurons,
        layers: network.layers.length - 1,
        activationIntervals: acts,
        affinePieces: pieces,
        laps,
        shallowNeurons: shallowNeuronsForSawtooth(n),
      });
    }
  }
  return rows;
}

/**
 * What neurons buy: pieces of both sawtooth forms, and of one hidden layer with the same neurons.
 *
 * @param rows counts made by {@link sawtoothPieces}
 * @returns a row a point: the kind of network, its neurons, its affine pieces
 */
export function piecesAgainstNeurons(
  rows: readonly SawtoothPiecesRow[],
): { network: string; neurons: number; pieces: number }[] {
  const deep = rows.map((row) => ({
    network: `sawtooth, ${row.form}`,
    neurons: row.neurons,
    pieces: row.affinePieces,
  }));
  const most = Math.max(...rows.map((row) => row.neurons));
  const shallow = Array.from({ length: most }, (_, i) => ({
    network: "one hidden layer, at most",
    neurons: i + 1,
    pieces: i + 2,
  }));
  return [...deep, ...shallow];
}

/**
 * How often a sawtooth network and the formula disagree at a multiple of 2^-(n+1), where both are exact.
 *
 * @param config largest number of compositions
 * @returns the number of disagreements over n = 1 to `largest` and both forms; 0 when all is well
 */
export function sawtoothMismatches({ largest }: { largest: number }): number {
  let mismatches = 0;
  for (let n = 1; n <= largest; n++) {
    const points = Float64Array.from({ length: 2 ** (n + 1) + 1 }, (_, k) => k / 2 ** (n + 1));
    for (const form of forms) {
      const values = sawtoothNetwork(n, form).forwardBatch(points);
      values.forEach((value, k) => {
        if (value !== sawtoothValue(n, points[k])) mismatches++;
      });
    }
  }
  return mismatches;
}
