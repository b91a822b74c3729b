import { instantiateWasm } from "../../wasm";
import { underflow } from "../arithmetic/rounding";
import { neuronClasses } from "../plan/classes";
import { isLinear, type Plan, type PlanLayer } from "../plan/plan";
import { scaleLayers } from "../plan/scaling";
import type { WalkShare } from "../walk/count";
import type { Domain } from "./domain";
import { ExactRows, ExactSigns } from "./exact";
import { moduleOf } from "./modules";

/** What the WebAssembly module exports (assembly/cells/index.ts). */
interface CellsExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  prepare(layers: number, neurons: number, certain: number): void;
  kindsAt(): number;
  linearAt(): number;
  activeAt(): number;
  cellsAt(): number;
  askedAt(): number;
  fallbackCount(): number;
  wasStopped(): number;
  setLayer(layer: number, neurons: number, first: number): number;
  rowBytes(layer: number): number;
  rowAt(): number;
  weightsAt(layer: number): number;
  domain(vertices: number, side: number, heightError: number): void;
  sizesAt(): number;
  heightAt(): number;
  setFace(face: number, neuron: number, error: number): number;
  setVertex(low: number, high: number, radius: number): number;
  share(sharedDepth: number, first: number, interval: number): void;
  run(): number;
}

/** A walk. Everything in it can be sent to a worker. */
export interface CellsWalk {
  /** Hidden layers up to the last one with ReLUs. */
  readonly hidden: readonly PlanLayer[];
  /** Where regions are counted, one after the other; their counts are added. */
  readonly domains: readonly Domain[];
  readonly certified: boolean;
  /** Stop after about so many regions; all threads together. */
  readonly limit: number;
  /** Two words that all threads share: 1 in the first one stops the walk, the second counts regions found. */
  readonly control: Int32Array;
}

/** What the walk asks of its surroundings. */
export interface CellsHost {
  /** Subtrees this many cuts deep are walked only when `claim` grants them; without it everything is walked. */
  readonly sharedDepth?: number;
  /** Whether this is the one walker that counts what lies above them (default true). */
  readonly first?: boolean;
  claim?(subtree: number): boolean;
  /** Told now and then how many regions all threads have found; what it throws ends the walk. */
  onProgress?(regions: number): void;
}

/** Regions between two reports of progress: some milliseconds. */
const REPORT = 4096;

/** Walks, in this thread. */
export function runWalk(walk: CellsWalk, host: CellsHost = {}): WalkShare {
  const { hidden, domains } = walk;
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
  let told = 0;
  let signs: ExactSigns;
  const engine: CellsExports = instantiateWasm<CellsExports>(moduleOf(hidden[0].inputs), {
    exactSign: guard((neuron, count, vertex) => {
      const planes = new Int32Array(engine.memory.buffer, engine.askedAt(), count);
      return signs.sign(neuron, planes, vertex >>> 0);
    }),
    progress: guard((found) => {
      const stops = report(walk, found - told, host);
      told = found;
      return stops ? 1 : 0;
    }, 1),
    claim: guard((subtree) => (host.claim?.(subtree) === false ? 0 : 1)),
    tooManyFacets: () => {
      throw new RangeError(
        "a cell has more than 64 facets: the engine has no room for more; take a smaller network",
      );
    },
  });
  const rows = new ExactRows(hidden, () => new Uint8Array(engine.memory.buffer, engine.activeAt(), neurons));
  engine.prepare(hidden.length, neurons, walk.certified ? 1 : 0);
  fill(engine, hidden, neurons);
  const interval = Math.max(1, Math.min(REPORT, walk.limit / 8));
  engine.share(host.sharedDepth ?? 0, (host.first ?? true) ? 1 : 0, interval);
  let regions = 0;
  for (const domain of domains) {
    setDomain(engine, domain);
    const faces: (readonly bigint[])[] = [];
    for (const { id, exact } of domain.faces) if (id < 0) faces[-1 - id] = exact;
    signs = new ExactSigns(rows, faces, domain.exactHeight);
    regions += engine.run();
    if (failure !== undefined) throw failure;
    if (engine.wasStopped()) break;
  }
  return {
    regions,
    cells: [...new Float64Array(engine.memory.buffer, engine.cellsAt(), hidden.length)],
    fallbacks: engine.fallbackCount(),
    complete: engine.wasStopped() === 0,
  };
}

/** Adds what was found since the last time to the common count; true when the walk is to end. */
function report({ control, limit }: CellsWalk, since: number, host: CellsHost): boolean {
  const total = Atomics.add(control, 1, since) + since;
  if (total >= limit) Atomics.store(control, 0, 1);
  host.onProgress?.(total);
  return Atomics.load(control, 0) !== 0;
}

function setDomain(engine: CellsExports, { corners, faces, height, heightError }: Domain): void {
  const sides = height.map((_, k) => {
    const values = corners.map(({ point }) => point[k]);
    return Math.max(...values) - Math.min(...values);
  });
  const radius = Math.max(...corners.map((corner) => corner.radius));
  engine.domain(corners.length, (Math.max(...sides) + 2 * radius) * (1 + 1e-12), heightError);
  const write = (at: number, values: readonly number[]): void =>
    new Float64Array(engine.memory.buffer, at, values.length).set(values);
  write(engine.heightAt(), height);
  const largest = height.map((_, k) => Math.max(...corners.map(({ point }) => Math.abs(point[k]))) + radius);
  write(engine.sizesAt(), largest);
  faces.forEach(({ id, row, error }, k) => write(engine.setFace(k, id, error), row));
  for (const corner of corners) {
    const [low, high] = [0, 32].map((from) =>
      corner.faces.reduce((bits, face) => (face >> 5 === from >> 5 ? bits | (1 << (face & 31)) : bits), 0),
    );
    write(engine.setVertex(low, high, corner.radius), corner.point);
  }
}

/** Writes the layers' rows, every neuron times a power of two where sizes are extreme. */
function fill(engine: CellsExports, given: readonly PlanLayer[], neurons: number): void {
  // Few neurons: rows that are lists are written out.
  const hidden = given.map((layer) => ({ ...layer, weights: layer.weights, rows: undefined }));
  const plan: Plan = { hidden, output: hidden[hidden.length - 1], neurons };
  new Int32Array(engine.memory.buffer, engine.kindsAt(), neurons).set(neuronClasses(plan));
  const { weights: gradients, biases: constants } = hidden[0];
  const empty = new Float64Array(0);
  const output = { ...plan.output, inputs: plan.output.outputs, outputs: 0, weights: empty, biases: empty };
  const scaled = scaleLayers(
    { ...plan, output },
    { gradients, constants, errors: new Float64Array(constants.length) },
  );
  const width = hidden[0].inputs;
  let neuron = 0;
  hidden.forEach((layer, l) => {
    const { inputs, outputs, weights, biases } = layer;
    const rows = engine.setLayer(l, outputs, neuron);
    const linear = Uint8Array.from(biases, (_, i) => (isLinear(layer, i) ? 1 : 0));
    new Uint8Array(engine.memory.buffer, engine.linearAt() + neuron, outputs).set(linear);
    const stride = engine.rowBytes(l);
    for (let i = 0; i < outputs; i++) {
      const row = rows + i * stride;
      const own = scaled.weights[l].subarray(i * inputs, (i + 1) * inputs);
      const at = row + (l === 0 ? engine.rowAt() : engine.weightsAt(l));
      new Float64Array(engine.memory.buffer, at, inputs).set(own);
      new Float64Array(engine.memory.buffer, row + engine.rowAt(), width + 1)[width] = scaled.biases[l][i];
      // A row that lost a number to underflow is not known exactly: without an error it could pass for zero.
      const lost = (value: number, from: number): boolean => Math.abs(value) < SMALLEST_NORMAL && from !== 0;
      if (lost(scaled.biases[l][i], biases[i]) || own.some((w, k) => lost(w, weights[i * inputs + k]))) {
        new Float64Array(engine.memory.buffer, row, 1)[0] = underflow;
      }
    }
    neuron += outputs;
  });
}

const SMALLEST_NORMAL = 2 ** -1022;
