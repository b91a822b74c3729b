import type { ReluNetwork } from "../../network";
import { compileWasm, instantiateWasm } from "../../wasm";
import { underflow } from "../arithmetic/rounding";
import { isLinear, planOf, type Plan, type PlanLayer } from "../plan/plan";
import { scaleLayers } from "../plan/scaling";
import type { WalkShare } from "../walk/count";
import { limitOf } from "../walk/options";
import type { Bounds } from "./box";
import { ExactSpace } from "./exact";
import { wasmBase64 } from "./space-wasm.generated";

/** What the WebAssembly module exports (assembly/space/index.ts). */
interface SpaceExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  bufferAt(which: number): number;
  buffered(): number;
  prepare(layers: number, neurons: number, enumerate: number, shapes: number): void;
  kindsAt(): number;
  activeAt(): number;
  cellsAt(): number;
  fallbackCount(): number;
  wasStopped(): number;
  setLayer(layer: number, neurons: number, first: number): number;
  linearAt(): number;
  rowBytes(layer: number): number;
  weightsAt(layer: number): number;
  run(...args: number[]): number;
}

/** A batch of regions, as it stands in the engine's memory: to be copied. */
export interface Batch {
  readonly regions: number;
  readonly volumes: Float64Array;
  /** One bit a neuron, in words of 32. */
  readonly patterns: Uint32Array;
  /** Number of corners and of edges of every region. Empty without shapes, as are the next two. */
  readonly counts: Int32Array;
  readonly vertices: Float64Array;
  readonly edges: Int32Array;
}

/** A walk. Everything in it can be sent to a worker. */
export interface SpaceWalk {
  /** Hidden layers up to the last one with ReLUs. */
  readonly hidden: readonly PlanLayer[];
  readonly bounds: Bounds;
  readonly certified: boolean;
  readonly enumerate: boolean;
  readonly shapes: boolean;
  /** Stop after about so many regions; all threads together. */
  readonly limit: number;
  /** Two words that all threads share: 1 in the first one stops the walk, the second counts regions found. */
  readonly control: Int32Array;
}

/** What the walk asks of its surroundings. */
export interface SpaceHost {
  /** Subtrees this many cuts deep are walked only when `claim` grants them; without it everything is walked. */
  readonly sharedDepth?: number;
  /** Whether this is the one walker that counts what lies above them (default true). */
  readonly first?: boolean;
  /** May this walker have a subtree? `regions` have been found and not yet taken as a batch. */
  claim?(subtree: number, regions: number): boolean;
  take?(batch: Batch): void;
  /** Told now and then how many regions all threads have found; what it throws ends the walk. */
  onProgress?(regions: number): void;
}

/** Regions between two reports of progress: some milliseconds. */
const REPORT = 4096;

const MOST_NEURONS = 65_000;

/** What {@link walkOf} is told. */
export interface SpaceWalkOptions {
  readonly certified?: boolean;
  readonly maximumRegions?: number;
  /** Whether worker threads will walk, so that they share what controls them (default false). */
  readonly onWorkers?: boolean;
  readonly enumerate?: boolean;
  readonly shapes?: boolean;
}

/**
 * The walk of a network in a box.
 *
 * @throws RangeError when there are more hidden neurons than the engine can number, or the limit is not positive
 */
export function walkOf(network: ReluNetwork, bounds: Bounds, options: SpaceWalkOptions): SpaceWalk {
  const limit = limitOf(options);
  const { hidden } = planOf(network);
  let last = hidden.length - 1;
  while (last >= 0 && hidden[last].slope === 1) last--;
  const layers = hidden.slice(0, last + 1);
  const neurons = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  if (neurons > MOST_NEURONS) {
    throw new RangeError(
      `${neurons} hidden neurons: regions in space can be found for ${MOST_NEURONS} at most`,
    );
  }
  // Without threads no shared memory, which a page may not have.
  const words = options.onWorkers ? new SharedArrayBuffer(8) : new ArrayBuffer(8);
  return {
    hidden: layers,
    bounds,
    certified: options.certified ?? true,
    enumerate: options.enumerate ?? false,
    shapes: options.shapes ?? false,
    limit,
    control: new Int32Array(words),
  };
}

let compiled: object | undefined;

/** Walks, in this thread. A walk without hidden neurons is not for the engine: see {@link walkOf}. */
export function runWalk(walk: SpaceWalk, host: SpaceHost = {}): WalkShare {
  const { hidden, bounds } = walk;
  const neurons = hidden.reduce((sum, layer) => sum + layer.outputs, 0);
  let failure: unknown;
  // An exception must not unwind through WebAssembly and leave it half done: it is kept, and thrown after the walk.
  const guard =
    (call: (...args: number[]) => number, otherwise = 0) =>
    (...args: number[]): number => {
      if (failure !== undefined) return otherwise;
      try {
        return call(...args);
      } catch (error) {
        failure = error ?? new Error("the walk was stopped");
        return otherwise;
      }
    };
  const engine: SpaceExports = instantiateWasm<SpaceExports>((compiled ??= compileWasm(wasmBase64)), {
    exactSign: guard((neuron, f, g, h, epoch) => exact.sign(neuron, f, g, h, epoch)),
    place: guard((f, g, h, axis) => exact.place(f, g, h, axis)),
    progress: guard((found) => (report(walk, found, host) ? 1 : 0), 1),
    claim: guard((subtree) => (host.claim && !host.claim(subtree, engine.buffered()) ? 0 : 1)),
    flush: guard((regions, vertices, edges) => {
      host.take?.(batchOf(engine, walk, neurons, regions, vertices, edges));
      return 0;
    }),
  });
  const states = (): Uint8Array => new Uint8Array(engine.memory.buffer, engine.activeAt(), neurons);
  const exact: ExactSpace = new ExactSpace(hidden, bounds, states);
  engine.prepare(hidden.length, neurons, walk.enumerate ? 1 : 0, walk.shapes ? 1 : 0);
  fill(engine, hidden);
  const kinds = exact.classes();
  new Int32Array(engine.memory.buffer, engine.kindsAt(), kinds.length).set(kinds);
  const regions = engine.run(
    ...bounds,
    walk.certified ? 1 : 0,
    host.sharedDepth ?? 0,
    (host.first ?? true) ? 1 : 0,
    Math.max(1, Math.min(REPORT, walk.limit / 8)),
  );
  if (failure !== undefined) throw failure;
  return {
    regions,
    cells: [...new Float64Array(engine.memory.buffer, engine.cellsAt(), hidden.length)],
    fallbacks: engine.fallbackCount(),
    complete: engine.wasStopped() === 0,
  };
}

/** What this walker had found when it last said so. */
const told = new WeakMap<SpaceHost, number>();

/** Adds what was found since the last time to the common count; true when the walk is to end. */
function report({ control, limit }: SpaceWalk, found: number, host: SpaceHost): boolean {
  const since = found - (told.get(host) ?? 0);
  told.set(host, found);
  const total = Atomics.add(control, 1, since) + since;
  if (total >= limit) Atomics.store(control, 0, 1);
  host.onProgress?.(total);
  return Atomics.load(control, 0) !== 0;
}

function batchOf(
  engine: SpaceExports,
  walk: SpaceWalk,
  neurons: number,
  regions: number,
  vertices: number,
  edges: number,
): Batch {
  const { buffer } = engine.memory;
  const at = (which: number): number => engine.bufferAt(which);
  return {
    regions,
    volumes: new Float64Array(buffer, at(0), regions),
    patterns: new Uint32Array(buffer, at(1), regions * Math.ceil(neurons / 32)),
    counts: new Int32Array(buffer, at(2), walk.shapes ? 2 * regions : 0),
    vertices: new Float64Array(buffer, at(3), 3 * vertices),
    edges: new Int32Array(buffer, at(4), 4 * edges),
  };
}

/** Writes the layers' rows, every neuron times a power of two where sizes are extreme. */
function fill(engine: SpaceExports, hidden: readonly PlanLayer[]): void {
  // Few neurons: rows that are lists are written out.
  hidden = hidden.map((layer) => ({ ...layer, weights: layer.weights, rows: undefined }));
  const plan: Plan = { hidden, output: hidden[hidden.length - 1], neurons: 0 };
  const { weights: gradients, biases: constants } = hidden[0];
  const scaled = scaleLayers(
    {
      ...plan,
      output: { ...plan.output, inputs: plan.output.outputs, outputs: 0, weights: empty, biases: empty },
    },
    { gradients, constants, errors: new Float64Array(constants.length) },
  );
  let neuron = 0;
  hidden.forEach((layer, l) => {
    const { inputs, outputs, weights: given, biases } = layer;
    const rows = engine.setLayer(l, outputs, neuron);
    const linear = Uint8Array.from(biases, (_, i) => (isLinear(layer, i) ? 1 : 0));
    new Uint8Array(engine.memory.buffer, engine.linearAt() + neuron, outputs).set(linear);
    const stride = engine.rowBytes(l);
    const weights = scaled.weights[l];
    for (let i = 0; i < outputs; i++) {
      const row = rows + i * stride;
      const own = weights.subarray(i * inputs, (i + 1) * inputs);
      const at = l === 0 ? row : row + engine.weightsAt(l);
      new Float64Array(engine.memory.buffer, at, inputs).set(own);
      const numbers = new Float64Array(engine.memory.buffer, row, 5);
      numbers[3] = scaled.biases[l][i];
      // A row that lost a number to underflow is not known exactly: without an error it could pass for zero.
      const lost = (value: number, k: number, from: Float64Array): boolean =>
        Math.abs(value) < SMALLEST_NORMAL && from[k] !== 0;
      if (lost(scaled.biases[l][i], i, biases) || own.some((w, k) => lost(w, i * inputs + k, given)))
        numbers[4] = underflow;
    }
    neuron += outputs;
  });
}

const empty = new Float64Array(0);

const SMALLEST_NORMAL = 2 ** -1022;
