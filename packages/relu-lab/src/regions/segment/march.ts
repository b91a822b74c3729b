import type { DenseLayer, ReluNetwork } from "../../network";
import type { Line } from "./cells";
import { wasmBase64 } from "./march.generated";

/** The events along a segment, all certain. */
export interface Events {
  readonly times: Float64Array;
  /** For the start and after each event: 1 where the outputs' affine map changes, plus 2 where it is constant. */
  readonly changes: Uint8Array;
  /** For the start and after each event: the outputs' slopes, then their intercepts. */
  readonly rows: Float64Array;
  /** Every slope above is wrong by at most this. */
  readonly slopeError: number;
}

interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  layerBytes(): number;
  configure(table: number, hidden: number): void;
  begin(): number;
  march(capacity: number, times: number, neurons: number, changes: number, rows: number): number;
  outputError(): number;
  lastActive(): number;
  found: { value: number };
}

const unit = 2 ** -53;
const slack = 1 + 1e-9;
const capacity = 2048;
const pad = (n: number) => (n + 7) & ~7;

/** The part of WebAssembly that is used; TypeScript's ES library does not declare it. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: unknown };
  };
};
let compiled: object | undefined;
const marchers = new WeakMap<ReluNetwork, March | null>();

function norms({ inputs, outputs, weights }: DenseLayer) {
  let row = 0;
  let rowSum = 0;
  const columns = new Float64Array(inputs);
  let frobenius = 0;
  for (let i = 0; i < outputs; i++) {
    let squares = 0;
    let sum = 0;
    for (let j = 0; j < inputs; j++) {
      const w = Math.abs(weights[i * inputs + j]);
      squares += w * w;
      sum += w;
      columns[j] += w;
    }
    row = Math.max(row, squares);
    rowSum = Math.max(rowSum, sum);
    frobenius += squares;
  }
  const spectral = Math.min(
    Math.sqrt(frobenius),
    Math.sqrt(rowSum * columns.reduce((a, b) => Math.max(a, b), 0)),
  );
  return {
    row: Math.sqrt(row) * slack + 1e-280,
    frobenius: Math.sqrt(frobenius) * slack + 1e-280,
    spectral: spectral * slack + 1e-280,
  };
}

/**
 * Counts along segments by marching from zero to zero with rank-one updates, in WebAssembly, errors bounded.
 *
 * For networks of ReLU layers and a linear output. Where one decision is not certain the march gives up, and the
 * caller turns to {@link CellRefinement}.
 */
export class March {
  private readonly wasm: Exports;
  private readonly first: DenseLayer;
  private readonly outputs: number;
  private readonly buffers: { times: number; neurons: number; changes: number; rows: number };
  private readonly firstNorms: ReturnType<typeof norms>;
  private readonly startSlope: Float64Array;
  private readonly startIntercept: Float64Array;
  private readonly outputSlope: Float64Array;
  private readonly outputIntercept: Float64Array;
  private readonly firstNumbers: Float64Array;

  /** The marcher of a network, made once; null where the network is not of the right kind. */
  static of(network: ReluNetwork): March | null {
    let marcher = marchers.get(network);
    if (marcher === undefined) {
      const last = network.layers.length - 1;
      const fits =
        last >= 1 &&
        network.layers.every(({ activation }, l) => activation === (l < last ? "relu" : "linear")) &&
        network.layers.every(({ outputs }) => outputs < 1 << 20);
      marcher = fits ? new March(network) : null;
      marchers.set(network, marcher);
    }
    return marcher;
  }

  private constructor(network: ReluNetwork) {
    if (compiled === undefined) {
      const binary = atob(wasmBase64);
      compiled = new WebAssembly.Module(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
    }
    this.wasm = new WebAssembly.Instance(compiled, {}).exports as Exports;
    const { layers } = network;
    const bytes = this.wasm.layerBytes();
    let top = (this.wasm.heapBase() + 63) & ~63;
    const allocate = (size: number) => {
      const at = top;
      top = (top + size + 63) & ~63;
      return at;
    };
    const table = allocate(bytes * layers.length);
    const places = layers.map((layer, l) => {
      const n = pad(layer.outputs);
      const weights = l === 0 ? 0 : allocate(n * layer.inputs * 8);
      const vectors = Array.from({ length: 6 }, () => allocate(n * 8)); // biases, slope, intercept, sign, zero, kink
      return { n, numbers: [weights, ...vectors, allocate(n * 4), allocate(n * 4), allocate(n)] };
    });
    this.outputs = network.outputs;
    this.buffers = {
      times: allocate(capacity * 8),
      neurons: allocate(capacity * 4),
      changes: allocate(capacity),
      rows: allocate(capacity * this.outputs * 16),
    };
    const { memory } = this.wasm;
    memory.grow(Math.max(0, Math.ceil((top - memory.buffer.byteLength) / 65536)));

    const words = new Int32Array(memory.buffer);
    const doubles = new Float64Array(memory.buffer);
    for (const [l, layer] of layers.entries()) {
      const { n, numbers } = places[l];
      const at = table + l * bytes;
      words.set(
        [layer.outputs, n, layer.inputs, l === layers.length - 1 ? layer.outputs : 0, ...numbers],
        at / 4,
      );
      const norm = norms(layer);
      // Doubles follow the fields of 4 bytes: E, A, rhoMax, rhoTwo, P, G, then the norms.
      const numbersAt = Math.ceil((at + 4 * (4 + numbers.length)) / 8);
      const biasNorm = Math.sqrt(layer.biases.reduce((sum, b) => sum + b * b, 0)) * slack + 1e-280;
      doubles.set([0, 0, 0, 0, 0, 0, norm.row, norm.frobenius, norm.spectral, biasNorm, 0, 0], numbersAt);
      if (l === 0) continue;
      doubles.set(layer.biases, numbers[1] / 8);
      const w = numbers[0] / 8;
      for (let i = 0; i < layer.outputs; i++) {
        for (let j = 0; j < layer.inputs; j++) {
          doubles[w + ((i >> 3) * layer.inputs + j) * 8 + (i & 7)] = layer.weights[i * layer.inputs + j];
        }
      }
    }
    for (const { n, numbers } of places) doubles.fill(1, numbers[4] / 8, numbers[4] / 8 + n); // signs of the padding
    const readout = layers[layers.length - 1];
    const useless = new Uint8Array(memory.buffer, places[layers.length - 2].numbers[9], readout.inputs);
    for (let k = 0; k < readout.inputs; k++) {
      useless[k] = 1;
      for (let o = 0; o < readout.outputs; o++)
        if (readout.weights[o * readout.inputs + k] !== 0) useless[k] = 0;
    }

    this.first = layers[0];
    this.firstNorms = norms(layers[0]);
    const vector = (l: number, which: number) =>
      new Float64Array(memory.buffer, places[l].numbers[which], places[l].n);
    this.startSlope = vector(0, 2);
    this.startIntercept = vector(0, 3);
    this.outputSlope = vector(layers.length - 1, 2);
    this.outputIntercept = vector(layers.length - 1, 3);
    this.firstNumbers = new Float64Array(memory.buffer, Math.ceil((table + 4 * 14) / 8) * 8, 2);
    this.wasm.configure(table, layers.length - 1);
  }

  /** All events on a segment, 0 < t < 1; null where a decision is not certain. */
  run(line: Line): Events | null {
    this.start(line);
    if (!this.wasm.begin()) return null;
    const { memory, found } = this.wasm;
    const n = this.outputs;
    const parts: { times: Float64Array; changes: Uint8Array; rows: Float64Array }[] = [];
    const begin = Float64Array.from([
      ...this.outputSlope.subarray(0, n),
      ...this.outputIntercept.subarray(0, n),
    ]);
    const flat = this.wasm.lastActive() === 0 ? 2 : 0;
    let total = 0;
    for (;;) {
      const { times, neurons, changes, rows } = this.buffers;
      const code = this.wasm.march(capacity, times, neurons, changes, rows);
      if (code === 2) return null;
      const count = found.value;
      total += count;
      parts.push({
        times: new Float64Array(memory.buffer, times, count).slice(),
        changes: new Uint8Array(memory.buffer, changes, count).slice(),
        rows: new Float64Array(memory.buffer, rows, count * 2 * n).slice(),
      });
      if (code === 0) break;
    }
    const result = {
      times: new Float64Array(total),
      changes: new Uint8Array(total + 1),
      rows: new Float64Array((total + 1) * 2 * n),
      slopeError: 2 * this.wasm.outputError() * slack,
    };
    result.rows.set(begin);
    result.changes[0] = 1 | flat;
    let at = 0;
    for (const part of parts) {
      result.times.set(part.times, at);
      result.changes.set(part.changes, at + 1);
      result.rows.set(part.rows, (at + 1) * 2 * n);
      at += part.times.length;
    }
    return result;
  }

  /** The first layer's rows and their errors. */
  private start({ from, direction }: Line): void {
    const { inputs, outputs, weights, biases } = this.first;
    const slope = this.startSlope;
    const intercept = this.startIntercept;
    slope.fill(0, outputs);
    intercept.fill(1, outputs);
    let p = 0;
    let d = 0;
    let b = 0;
    for (let k = 0; k < inputs; k++) {
      p += from[k] * from[k];
      d += direction[k] * direction[k];
    }
    for (let j = 0; j < outputs; j++) {
      let s = 0;
      let c = biases[j];
      b += c * c;
      for (let k = 0, w = j * inputs; k < inputs; k++, w++) {
        s += weights[w] * direction[k];
        c += weights[w] * from[k];
      }
      slope[j] = s;
      intercept[j] = c;
    }
    const size = Math.sqrt(p) + Math.sqrt(d);
    const gamma = (inputs + 6) * unit * slack;
    const { row, frobenius } = this.firstNorms;
    const bias = Math.sqrt(b);
    this.firstNumbers[0] = gamma * (row * size + bias) * slack + 1e-280;
    this.firstNumbers[1] = gamma * (frobenius * size + bias) * slack + 1e-280;
  }
}
