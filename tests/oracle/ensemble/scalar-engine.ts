import type { Engine, TrialState } from "../../../packages/relu-lab/src/ensemble/engine";
import { codes, recordLength } from "../../../packages/relu-lab/src/ensemble/instructions";
import type { OptimiserCode } from "../../../packages/relu-lab/src/ensemble/optimiser";
import type { ProgramCode } from "../../../packages/relu-lab/src/ensemble/program";
import { seedLength } from "../../../packages/relu-lab/src/ensemble/samples";
import { Samples } from "./samples";
import * as kernels from "./scalar-kernels";

const { binary, binarySlope, sum, unary, unarySlope } = kernels;
/** Moments smaller than this become 0: subnormal numbers take a hundred times as long. */
const smallestMoment = 1e-290;

/** Runs one trial in plain TypeScript: what the vectors of WebAssembly must equal, bit for bit. */
export class ScalarEngine implements Engine {
  readonly lanes = 1;
  private readonly heap: Float64Array;
  private samples = new Samples(new Uint32Array(seedLength));
  private readonly records: readonly Int32Array[];

  constructor(
    private readonly code: ProgramCode,
    private readonly optimiser: OptimiserCode,
  ) {
    this.heap = new Float64Array(code.heap);
    const { instructions } = code;
    this.records = Array.from({ length: instructions.length / recordLength }, (_, i) =>
      instructions.subarray(i * recordLength, (i + 1) * recordLength),
    );
  }

  begin([{ parameters, seed }]: readonly TrialState[]): void {
    this.heap.fill(0);
    for (const { at, values } of this.code.constants) this.heap.set(values, at);
    this.heap.set(parameters);
    this.samples = new Samples(seed);
  }

  run(table: Float64Array, steps: number): Int32Array {
    const { slots, groups } = this.code;
    const width = slots.length + groups.length + 1;
    let failed = -1;
    for (let step = 0; step < steps; step++) {
      slots.forEach((slot, i) => (this.heap[slot] = table[step * width + i]));
      for (const record of this.records) this.execute(record);
      const finite = this.optimise(table, step * width + slots.length);
      if (failed < 0 && !finite) failed = step;
    }
    return Int32Array.of(failed);
  }

  differentiate(slots: Float64Array): void {
    this.code.slots.forEach((slot, i) => (this.heap[slot] = slots[i]));
    for (const record of this.records) this.execute(record);
  }

  read(_lane: number, at: number, count: number): Float64Array {
    return this.heap.slice(at, at + count);
  }

  release(): void {}

  private execute(record: Int32Array): void {
    const h = this.heap;
    const p = record.subarray(1);
    switch (record[0]) {
      case codes.uniform: {
        const [to, rows, columns, low, lowStride, span, spanStride] = p;
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++)
            h[to + r * columns + c] =
              h[low + r * lowStride] + h[span + r * spanStride] * this.samples.uniform();
        return;
      }
      case codes.draw: {
        const [to, data, rows, dataColumns, columns] = p;
        for (let c = 0; c < columns; c++) {
          const from = Math.floor(this.samples.uniform() * dataColumns);
          for (let r = 0; r < rows; r++) h[to + r * columns + c] = h[data + r * dataColumns + from];
        }
        return;
      }
      case codes.unary: {
        const [kind, to, a, count] = p;
        for (let i = 0; i < count; i++) h[to + i] = unary(kind, h[a + i]);
        return;
      }
      case codes.unaryGradient: {
        const [kind, ga, g, a, y, count, first] = p;
        for (let i = 0; i < count; i++)
          h[ga + i] = (first === 1 ? 0 : h[ga + i]) + unarySlope(kind, h[g + i], h[a + i], h[y + i]);
        return;
      }
      case codes.binary: {
        const [kind, to, rows, columns, a, aRow, aColumn, b, bRow, bColumn] = p;
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++)
            h[to + r * columns + c] = binary(
              kind,
              h[a + r * aRow + c * aColumn],
              h[b + r * bRow + c * bColumn],
            );
        return;
      }
      case codes.binaryGradient: {
        const [kind, side, first, rows, columns, g, y, a, aRow, aColumn, b, bRow, bColumn, target] = p;
        const [tRow, tColumn] = side === 0 ? [aRow, aColumn] : [bRow, bColumn];
        if (first === 1) {
          const count = (tRow === 0 ? 1 : rows) * (tColumn === 0 ? 1 : columns);
          h.fill(0, target, target + count);
        }
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) {
            const [u, v] = [h[a + r * aRow + c * aColumn], h[b + r * bRow + c * bColumn]];
            const i = r * columns + c;
            h[target + r * tRow + c * tColumn] += binarySlope(kind, side, h[g + i], u, v, h[y + i]);
          }
        return;
      }
      case codes.sumColumns: {
        const [to, a, rows, columns] = p;
        for (let r = 0; r < rows; r++) h[to + r] = sum(columns, (c) => h[a + r * columns + c]);
        return;
      }
      case codes.sumRows: {
        const [to, a, rows, columns] = p;
        for (let c = 0; c < columns; c++) {
          let total = 0;
          for (let r = 0; r < rows; r++) total += h[a + r * columns + c];
          h[to + c] = total;
        }
        return;
      }
      case codes.spread: {
        const [ga, first, rows, columns, g, gRow, gColumn] = p;
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) {
            const i = ga + r * columns + c;
            h[i] = (first === 1 ? 0 : h[i]) + h[g + r * gRow + c * gColumn];
          }
        return;
      }
      case codes.gather: {
        const [to, a, table, count, width] = p;
        for (let k = 0; k < count; k++)
          for (let j = 0; j < width; j++) h[to + k * width + j] = h[a + this.code.tables[table + k] + j];
        return;
      }
      case codes.scatter: {
        const [ga, size, g, table, count, width, first] = p;
        if (first === 1) h.fill(0, ga, ga + size);
        for (let k = 0; k < count; k++)
          for (let j = 0; j < width; j++) h[ga + this.code.tables[table + k] + j] += h[g + k * width + j];
        return;
      }
      case codes.copy: {
        const [to, toStride, a, aStride, rows, columns] = p;
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) h[to + r * toStride + c] = h[a + r * aStride + c];
        return;
      }
      case codes.accumulate: {
        const [ga, first, g, gStride, rows, columns] = p;
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) {
            const i = ga + r * columns + c;
            h[i] = (first === 1 ? 0 : h[i]) + h[g + r * gStride + c];
          }
        return;
      }
      case codes.dense:
        return kernels.dense(h, p);
      case codes.mask: {
        const [g, y, count] = p;
        for (let i = 0; i < count; i++) if (!(h[y + i] > 0)) h[g + i] = 0;
        return;
      }
      case codes.denseInput:
        return kernels.denseInput(h, p);
      case codes.denseWeights:
        return kernels.denseWeights(h, p);
      case codes.denseBiases:
        return kernels.denseBiases(h, p);
      case codes.block:
        return kernels.block(h, p);
      case codes.blockGradient:
        return kernels.blockGradient(h, p);
      case codes.meanSquare: {
        const [to, a, b, count, scale] = p;
        h[to] =
          h[scale] *
          sum(count, (i) => {
            const d = h[a + i] - h[b + i];
            return d * d;
          });
        return;
      }
      case codes.meanSquareGradient: {
        const [g, a, b, count, scale, ga, firstA, gb, firstB] = p;
        const factor = h[g] * (h[scale] + h[scale]);
        for (let i = 0; i < count; i++) {
          const slope = factor * (h[a + i] - h[b + i]);
          if (ga >= 0) h[ga + i] = (firstA === 1 ? 0 : h[ga + i]) + slope;
          if (gb >= 0) h[gb + i] = (firstB === 1 ? 0 : h[gb + i]) - slope;
        }
        return;
      }
      case codes.crossings:
        return kernels.crossings(h, p);
      case codes.crossingsGradient:
        return kernels.crossingsGradient(h, p);
      case codes.boundaries:
        return kernels.boundaries(h, p);
      case codes.boundariesGradient:
        return kernels.boundariesGradient(h, p);
      case codes.outsideRegion:
        return kernels.outsideRegion(h, p);
      case codes.outsideRegionGradient:
        return kernels.outsideRegionGradient(h, p);
      case codes.smallest: {
        const [to, a, rows, columns] = p;
        for (let c = 0; c < columns; c++) {
          let [best, at] = [h[a + c], 0];
          for (let r = 1; r < rows; r++)
            if (h[a + r * columns + c] < best) [best, at] = [h[a + r * columns + c], r];
          for (let r = 0; r < rows; r++) h[to + r * columns + c] = r === at ? 1 : 0;
        }
        return;
      }
      default:
        throw new Error(`the scalar engine knows no instruction ${record[0]}`);
    }
  }

  /** Changes the parameters by their gradients; whether they and the loss are finite. */
  private optimise(table: Float64Array, at: number): boolean {
    const h = this.heap;
    const { parameters, ranges, groups, loss } = this.code;
    const { kind, decay1, decay2 } = this.optimiser;
    const epsilon = table[at + groups.length];
    let check = h[loss] * 0;
    for (const { from, to, group } of ranges) {
      const rate = table[at + group];
      for (let p = from; p < to; p++) {
        const g = h[parameters + p];
        let change = g;
        if (kind !== 0) {
          let m = decay1 * h[2 * parameters + p] + (kind === 1 ? g : (1 - decay1) * g);
          if (Math.abs(m) < smallestMoment) m = 0;
          h[2 * parameters + p] = m;
          change = m;
          if (kind === 2) {
            const v = decay2 * h[3 * parameters + p] + (1 - decay2) * (g * g);
            h[3 * parameters + p] = v;
            change = m / (Math.sqrt(v) + epsilon);
          }
        }
        h[p] -= rate * change;
        check += h[p] * 0;
      }
    }
    return check === 0;
  }
}
