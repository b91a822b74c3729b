import { compileWasm, instantiateWasm } from "../wasm";
import type { Engine, TrialState } from "./engine";
import { wasmBase64 } from "./ensemble-wasm.generated";
import { recordLength } from "./instructions";
import type { OptimiserCode } from "./optimiser";
import { tableWidth } from "./plan";
import type { ProgramCode } from "./program";
import { warmUp } from "./samples";

interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  configure(
    heap: number,
    records: number,
    count: number,
    tables: number,
    slots: number,
    slotCount: number,
  ): void;
  setOptimiser(
    kind: number,
    decay1: number,
    decay2: number,
    parameters: number,
    loss: number,
    groups: number,
    ranges: number,
    rangeCount: number,
  ): void;
  start(state: number, warmUp: number): void;
  differentiate(table: number): void;
  run(table: number, steps: number, rowBytes: number, failures: number): void;
}

let compiled: object | undefined;
/** Instances that no engine uses: each reserves gigabytes of address space, so they are used again. */
const idle: Exports[] = [];
/** What one instance may take of the address space. */
const MOST_BYTES = 2 ** 31;
/** The next multiple of 64, a line of the cache. */
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
/** Steps that are handed over at once. */
const tableRows = 256;

/** Runs two trials at once in WebAssembly, one in each half of every vector. */
export class SimdEngine implements Engine {
  readonly lanes = 2;
  private readonly wasm: Exports;
  private readonly heap: number;
  private readonly state: number;
  private readonly table: number;
  private readonly failures: number;

  constructor(
    private readonly code: ProgramCode,
    optimiser: OptimiserCode,
  ) {
    this.wasm = idle.pop() ?? instantiateWasm<Exports>((compiled ??= compileWasm(wasmBase64)), {});
    const { wasm } = this;
    const { instructions, tables, slots, ranges, groups } = code;
    let top = aligned(wasm.heapBase());
    const allocate = (bytes: number) => {
      const at = top;
      top = aligned(top + bytes);
      return at;
    };
    this.heap = allocate(16 * code.heap);
    const records = allocate(4 * instructions.length);
    const tablesAt = allocate(4 * tables.length);
    const slotsAt = allocate(4 * slots.length);
    const rangesAt = allocate(12 * ranges.length);
    this.state = allocate(64);
    this.failures = allocate(8);
    this.table = allocate(8 * tableRows * tableWidth(code));
    if (top > MOST_BYTES)
      throw new RangeError(
        `the program's numbers take ${Math.ceil(top / 2 ** 20)} MiB for two trials, of ${MOST_BYTES / 2 ** 20} at most: ` +
          `make the batch or the network smaller`,
      );
    const missing = top - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536));
    const words = new Int32Array(wasm.memory.buffer);
    words.set(instructions, records / 4);
    words.set(tables, tablesAt / 4);
    words.set(slots, slotsAt / 4);
    words.set(
      ranges.flatMap(({ from, to, group }) => [from, to, group]),
      rangesAt / 4,
    );
    wasm.configure(this.heap, records, instructions.length / recordLength, tablesAt, slotsAt, slots.length);
    wasm.setOptimiser(
      optimiser.kind,
      optimiser.decay1,
      optimiser.decay2,
      code.parameters,
      code.loss,
      groups.length,
      rangesAt,
      ranges.length,
    );
  }

  begin(states: readonly TrialState[]): void {
    const { buffer } = this.wasm.memory;
    const heap = new Float64Array(buffer, this.heap, 2 * this.code.heap);
    heap.fill(0);
    const both = (at: number, values: ArrayLike<number>, lane: number) => {
      for (let i = 0; i < values.length; i++) heap[2 * (at + i) + lane] = values[i];
    };
    const words = new Uint32Array(buffer, this.state, 16);
    for (let lane = 0; lane < 2; lane++) {
      // A trial alone runs in both halves.
      const { parameters, seed } = states[lane] ?? states[0];
      both(0, parameters, lane);
      for (const { at, values } of this.code.constants) both(at, values, lane);
      for (let i = 0; i < 8; i++) words[4 * (i & 3) + 2 * lane + (i >> 2)] = seed[i];
    }
    this.wasm.start(this.state, warmUp);
  }

  run(table: Float64Array, steps: number): Int32Array {
    const width = tableWidth(this.code);
    const result = new Int32Array(2).fill(-1);
    for (let step = 0; step < steps; step += tableRows) {
      const rows = Math.min(tableRows, steps - step);
      const { buffer } = this.wasm.memory;
      new Float64Array(buffer, this.table).set(table.subarray(step * width, (step + rows) * width));
      this.wasm.run(this.table, rows, 8 * width, this.failures);
      new Int32Array(buffer, this.failures, 2).forEach((failed, lane) => {
        if (failed >= 0 && result[lane] < 0) result[lane] = step + failed;
      });
    }
    return result;
  }

  differentiate(slots: Float64Array): void {
    new Float64Array(this.wasm.memory.buffer, this.table).set(slots);
    this.wasm.differentiate(this.table);
  }

  read(lane: number, at: number, count: number): Float64Array {
    const heap = new Float64Array(this.wasm.memory.buffer, this.heap + 16 * at, 2 * count);
    return Float64Array.from({ length: count }, (_, i) => heap[2 * i + lane]);
  }

  release(): void {
    idle.push(this.wasm);
  }
}
