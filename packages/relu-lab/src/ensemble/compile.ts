import { emitBackward, emitForward, type Places } from "./emit";
import { blocksOf, type Block } from "./fuse";
import { codes, recordLength } from "./instructions";
import type { ParameterPlace, Program } from "./program";
import type { Node, Recorder, Value } from "./value";

/** What the compiler reads of a tape. */
interface Recorded extends Recorder {
  readonly nodes: readonly Node[];
  readonly parameters: readonly ParameterPlace[];
  readonly parameterCount: number;
}

/** Entries that the outputs need. */
function reachable(nodes: readonly Node[], outputs: readonly Value[]): Uint8Array {
  const needed = new Uint8Array(nodes.length);
  for (const { id } of outputs) needed[id] = 1;
  for (let id = nodes.length - 1; id >= 0; id--)
    if (needed[id]) for (const input of nodes[id].inputs) needed[input.id] = 1;
  return needed;
}

/** Gives each needed entry its place in the heap. */
class Layout implements Places {
  readonly values: Int32Array;
  readonly gradients: Int32Array;
  readonly tables: number[] = [];
  size: number;
  private readonly written: Uint8Array;
  private readonly rooms = new Map<number, number>();
  /** Places of gradients that are done with, by size. */
  private readonly free = new Map<number, number[]>();

  constructor(
    private readonly tape: Recorded,
    needed: Uint8Array,
    blocks: ReadonlyMap<number, Block>,
  ) {
    const { nodes, parameters, parameterCount } = tape;
    const hidden = new Set([...blocks.values()].map((block) => block.hidden));
    this.values = new Int32Array(nodes.length).fill(-1);
    this.gradients = new Int32Array(nodes.length).fill(-1);
    this.written = new Uint8Array(nodes.length);
    this.size = 4 * parameterCount;
    nodes.forEach(({ made, inputs, rows, columns }, id) => {
      if (!needed[id] || hidden.has(id)) return;
      if (made.by === "parameter") {
        this.values[id] = parameters[made.place].at;
        this.gradients[id] = parameterCount + parameters[made.place].at;
      } else if (made.by === "detach") {
        this.values[id] = this.values[inputs[0].id];
      } else {
        this.values[id] = this.allocate(rows * columns);
      }
    });
  }

  private allocate(count: number): number {
    const at = this.size;
    this.size += count;
    return at;
  }

  at({ id }: { readonly id: number }): number {
    return this.values[id];
  }

  gradient({ id }: { readonly id: number }): number {
    const { differentiable, rows, columns } = this.tape.nodes[id];
    if (!differentiable) return -1;
    if (this.gradients[id] < 0) {
      const size = rows * columns;
      this.gradients[id] = this.free.get(size)?.pop() ?? this.allocate(size);
    }
    return this.gradients[id];
  }

  /** An entry's gradient has been sent on: its place may serve another, which keeps the backward pass in the cache. */
  release(id: number): void {
    const { made, rows, columns } = this.tape.nodes[id];
    if (made.by === "parameter") return;
    const size = rows * columns;
    this.free.set(size, [...(this.free.get(size) ?? []), this.gradients[id]]);
  }

  /** A parameter's gradient, also when it is frozen: fused kernels compute all of them. */
  parameterGradient({ id }: { readonly id: number }): number {
    return this.gradients[id];
  }

  /** Whether anything has been added to a gradient. */
  reached(id: number): boolean {
    return this.written[id] === 1;
  }

  first({ id }: { readonly id: number }): number {
    const first = 1 - this.written[id];
    this.written[id] = 1;
    return first;
  }

  scratch(id: number, count: number): number {
    const at = this.rooms.get(id) ?? this.allocate(count);
    this.rooms.set(id, at);
    return at;
  }

  table(entries: ArrayLike<number>): number {
    const at = this.tables.length;
    for (let i = 0; i < entries.length; i++) this.tables.push(entries[i]);
    return at;
  }
}

/** Neighbouring parameters of one group make one range; frozen ones are in none. */
function trainedRanges(tape: Recorded) {
  const groups: string[] = [];
  const ranges: { from: number; to: number; group: number }[] = [];
  for (const { at, rows, columns, frozen, group: name } of tape.parameters) {
    if (frozen) continue;
    if (!groups.includes(name)) groups.push(name);
    const group = groups.indexOf(name);
    const last = ranges[ranges.length - 1];
    if (last && last.to === at && last.group === group) last.to = at + rows * columns;
    else ranges.push({ from: at, to: at + rows * columns, group });
  }
  return { groups, ranges };
}

/** See {@link Tape.compile}. */
export function compile(tape: Recorded, loss: Value, watches: Readonly<Record<string, Value>>): Program {
  loss.on(tape);
  if (loss.rows !== 1 || loss.columns !== 1)
    throw new RangeError(`compile: the loss has the shape ${loss.shape}, not [1, 1]: take its mean or sum`);
  if (!loss.differentiable) throw new RangeError("compile: the loss depends on no parameter that is trained");
  const { nodes, parameters, parameterCount } = tape;
  const watched = Object.entries(watches);
  const outputs = [loss, ...watched.map(([, value]) => value.on(tape))];
  const one = tape.number(1);
  const needed = reachable(nodes, [...outputs, one]);
  const blocks = blocksOf(nodes, needed, outputs);
  const layout = new Layout(tape, needed, blocks);
  const records: number[][] = [];
  const hidden = new Set([...blocks.values()].map((block) => block.hidden));
  nodes.forEach((node, id) => {
    if (needed[id] && !hidden.has(id)) records.push(...emitForward(node, id, layout, blocks.get(id)));
  });
  records.push([codes.copy, layout.gradient(loss), 1, layout.at(one), 1, 1, 1]);
  layout.first(loss);
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id];
    if (!layout.reached(id)) continue;
    records.push(...emitBackward(node, id, layout, blocks.get(id)));
    layout.release(id);
  }
  const instructions = new Int32Array(records.length * recordLength);
  records.forEach((record, i) => instructions.set(record, i * recordLength));
  const constants = nodes.flatMap(({ made }, id) =>
    needed[id] && made.by === "constant" ? [{ at: layout.values[id], values: made.values }] : [],
  );
  const scheduled = nodes.flatMap(({ made }, id) =>
    needed[id] && made.by === "scheduled" ? [{ at: layout.values[id], schedule: made.schedule }] : [],
  );
  return {
    code: {
      ...{ instructions, tables: Int32Array.from(layout.tables), heap: layout.size },
      ...{ parameters: parameterCount, constants, ...trainedRanges(tape) },
      slots: scheduled.map(({ at }) => at),
      loss: layout.at(loss),
      watches: watched.map(([name, value]) => {
        const { rows, columns } = value;
        return { name, at: layout.at(value), rows, columns };
      }),
    },
    parameters: [...parameters],
    schedules: scheduled.map(({ schedule }) => schedule),
  };
}
