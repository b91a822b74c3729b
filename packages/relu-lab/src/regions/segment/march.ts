import type { DenseLayer, ReluNetwork } from "../../network";
import { compileWasm, instantiateWasm } from "../../wasm";
import { unit } from "../arithmetic/rounding";
import type { Line } from "./cell";
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
  march(capacity: number, times: number, changes: number, rows: number): number;
  outputError(): number;
  lastActive(): number;
  found: { value: number };
}

const slack = 1 + 1e-9;
/** Above every norm that is lost when the squares of small numbers underflow. */
const tiny = 1e-150;
const capacity = 2048;
const pad = (n: number) => Math.ceil(n / 8) * 8;
/** The next multiple of 64, a line of the cache. */
const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;
/** Networks whose arrays take more are left to the refinement. */
const mostBytes = 2 ** 31;

/**
 * One instance serves all networks in turn: each memory of its own would reserve gigabytes of address space, and
 * thousands of networks are counted in one training.
 */
let instance: Exports | undefined;
/** The key of the network that stands in its memory. */
let loaded: symbol | undefined;

function wasm(): Exports {
  return (instance ??= instantiateWasm<Exports>(compileWasm(wasmBase64), {}));
}

const marchers = new WeakMap<ReluNetwork, March | null>();

/** A layer of sparse rows is marched through as dense ones while these are not more numbers: 32 MiB. */
const mostWrittenOut = 2 ** 22;

/** Upper bounds of 2-norms: the longest row, all weights (Frobenius), the spectral norm, the biases. */
function norms({ inputs, outputs, weights, biases }: DenseLayer) {
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
    row: Math.sqrt(row) * slack + tiny,
    frobenius: Math.sqrt(frobenius) * slack + tiny,
    spectral: spectral * slack + tiny,
    bias: Math.sqrt(biases.reduce((sum, b) => sum + b * b, 0)) * slack + tiny,
  };
}

/**
 * Counts along segments by marching from zero to zero with rank-one updates, in WebAssembly, errors bounded.
 *
 * For networks of ReLU layers and a linear output. Where one decision is not certain the march gives up, and the
 * caller turns to {@link CellRefinement}.
 */
export class March {
  private readonly layers: readonly DenseLayer[];
  private readonly outputs: number;
  private readonly norms: ReturnType<typeof norms>[];
  /** Byte offsets of each layer's arrays, in the order of the module's fields. */
  private readonly places: { padded: number; arrays: number[] }[];
  private readonly table: number;
  private readonly buffers: { times: number; changes: number; rows: number };
  private readonly end: number;
  private readonly key = Symbol("network");

  /** The marcher of a network, made once; null where the network is not of the right kind. */
  static of(network: ReluNetwork): March | null {
    let marcher = marchers.get(network);
    if (marcher === undefined) {
      const last = network.layers.length - 1;
      const isDense = ({ rows, inputs, outputs }: DenseLayer) => !rows || inputs * outputs <= mostWrittenOut;
      const fits =
        last >= 1 &&
        network.layers.every(isDense) &&
        network.layers.every(
          ({ activation, identities }, l) => activation === (l < last ? "relu" : "linear") && !identities,
        );
      marcher = fits ? new March(network) : null;
      if (marcher && marcher.end > mostBytes) marcher = null;
      marchers.set(network, marcher);
    }
    return marcher;
  }

  private constructor(network: ReluNetwork) {
    const { layers } = network;
    let top = aligned(wasm().heapBase());
    const allocate = (size: number) => {
      const at = top;
      top = aligned(top + size);
      return at;
    };
    this.layers = layers;
    this.outputs = network.outputs;
    this.norms = layers.map(norms);
    this.table = allocate(wasm().layerBytes() * layers.length);
    this.places = layers.map((layer, l) => {
      const n = pad(layer.outputs);
      const weights = l === 0 ? 0 : allocate(n * layer.inputs * 8);
      const vectors = Array.from({ length: 6 }, () => allocate(n * 8)); // biases, slope, intercept, sign, zero, kink
      return { padded: n, arrays: [weights, ...vectors, allocate(n * 4), allocate(n * 4), allocate(n)] };
    });
    this.buffers = {
      times: allocate(capacity * 8),
      changes: allocate(capacity),
      rows: allocate(capacity * this.outputs * 16),
    };
    this.end = top;
  }

  /** Where the doubles of a layer's entry in the table begin, as an index: E, A, rhoMax, rhoTwo, P, G, norms. */
  private doublesOf(l: number): number {
    return Math.ceil((this.table + l * wasm().layerBytes() + 4 * (4 + 10)) / 8);
  }

  /** Writes the network into the module's memory, unless it stands there already. */
  private load(): void {
    if (loaded === this.key) return;
    const { memory } = wasm();
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    const { layers, places, table } = this;
    const bytes = wasm().layerBytes();
    new Uint8Array(memory.buffer, table, this.end - table).fill(0);
    const words = new Int32Array(memory.buffer);
    const doubles = new Float64Array(memory.buffer);
    for (const [l, layer] of layers.entries()) {
      const { padded, arrays } = places[l];
      words.set([layer.outputs, padded, layer.inputs, 0, ...arrays], (table + l * bytes) / 4);
      const { row, frobenius, spectral, bias } = this.norms[l];
      doubles.set([row, frobenius, spectral, bias], this.doublesOf(l) + 6);
      doubles.fill(1, arrays[4] / 8, arrays[4] / 8 + padded); // the signs, of the padding too
      if (l === 0) continue;
      doubles.set(layer.biases, arrays[1] / 8);
      const w = arrays[0] / 8;
      for (let i = 0; i < layer.outputs; i++) {
        for (let j = 0; j < layer.inputs; j++) {
          doubles[w + ((i >> 3) * layer.inputs + j) * 8 + (i & 7)] = layer.weights[i * layer.inputs + j];
        }
      }
    }
    const readout = layers[layers.length - 1];
    const useless = new Uint8Array(memory.buffer, places[layers.length - 2].arrays[9], readout.inputs);
    for (let k = 0; k < readout.inputs; k++) {
      useless[k] = 1;
      for (let o = 0; o < readout.outputs; o++)
        if (readout.weights[o * readout.inputs + k] !== 0) useless[k] = 0;
    }
    wasm().configure(table, layers.length - 1);
    loaded = this.key;
  }

  /** All events on a segment, 0 < t < 1; null where a decision is not certain. */
  run(line: Line): Events | null {
    this.load();
    this.start(line);
    const { memory, found, begin, march, lastActive, outputError } = wasm();
    if (!begin()) return null;
    const n = this.outputs;
    const parts: { times: Float64Array; changes: Uint8Array; rows: Float64Array }[] = [];
    const output = this.places[this.layers.length - 1].arrays;
    const first = [output[2], output[3]].flatMap((at) => [...new Float64Array(memory.buffer, at, n)]);
    const flat = lastActive() === 0 ? 2 : 0;
    let total = 0;
    for (;;) {
      const { times, changes, rows } = this.buffers;
      const code = march(capacity, times, changes, rows);
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
      slopeError: 2 * outputError() * slack,
    };
    result.rows.set(first);
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
    const { inputs, outputs, weights, biases } = this.layers[0];
    const { buffer } = wasm().memory;
    const { padded, arrays } = this.places[0];
    const slope = new Float64Array(buffer, arrays[2], padded);
    const intercept = new Float64Array(buffer, arrays[3], padded);
    slope.fill(0, outputs);
    intercept.fill(1, outputs);
    let p = 0;
    let d = 0;
    for (let k = 0; k < inputs; k++) {
      p += from[k] * from[k];
      d += direction[k] * direction[k];
    }
    for (let j = 0; j < outputs; j++) {
      let s = 0;
      let c = biases[j];
      for (let k = 0, w = j * inputs; k < inputs; k++, w++) {
        s += weights[w] * direction[k];
        c += weights[w] * from[k];
      }
      slope[j] = s;
      intercept[j] = c;
    }
    const size = Math.sqrt(p) + Math.sqrt(d) + tiny;
    const gamma = (inputs + 6) * unit * slack;
    const { row, frobenius, bias } = this.norms[0];
    const errors = new Float64Array(buffer, this.doublesOf(0) * 8, 2);
    errors[0] = gamma * (row * size + bias) * slack + tiny;
    errors[1] = gamma * (frobenius * size + bias) * slack + tiny;
  }
}
