import { gain } from "../maps/gain";
import type { CheckedDomain } from "./domain";
import { ExactSigns } from "./exact";
import type { Plan } from "./plan";
import { ResidueMaps } from "./residues";

/** Answers with certainty whether two activation patterns have the same output map. */
export class SameMap {
  private residues: ResidueMaps | undefined;
  private exact: ExactSigns | undefined;
  private readonly states: Uint8Array;
  private readonly known = new Map<number, Float64Array>();
  private readonly outputStart: number;
  private readonly starts: number[] = [];

  /** @param patterns `words` words a region */
  constructor(
    private readonly plan: Plan,
    private readonly domain: CheckedDomain,
    private readonly patterns: Uint32Array,
    private readonly words: number,
  ) {
    this.states = new Uint8Array(plan.neurons);
    this.outputStart = plan.neurons;
    let start = 0;
    for (const layer of plan.hidden) {
      this.starts.push(start);
      start += layer.outputs;
    }
  }

  private isOn(region: number, neuron: number): boolean {
    return ((this.patterns[region * this.words + (neuron >>> 5)] >>> (neuron & 31)) & 1) !== 0;
  }

  private unpack(region: number): Uint8Array {
    for (let n = 0; n < this.states.length; n++) this.states[n] = this.isOn(region, n) ? 1 : 0;
    return this.states;
  }

  /** Whether a neuron that is on reaches an output through neurons that are on. */
  private reaches(region: number, layer: number, neuron: number): boolean {
    let wanted = [neuron];
    for (let l = layer; ; l++) {
      const next = l + 1 < this.plan.hidden.length ? this.plan.hidden[l + 1] : this.plan.output;
      const reached: number[] = [];
      for (let k = 0; k < next.outputs; k++) {
        if (next !== this.plan.output && next.slope !== 1 && !this.isOn(region, this.starts[l + 1] + k))
          continue;
        if (wanted.some((i) => next.weights[k * next.inputs + i] !== 0)) reached.push(k);
        // One that reaches the outputs is enough, and nearly always the first does.
        if (next === this.plan.output && reached.length > 0) return true;
      }
      if (reached.length === 0 || next === this.plan.output) return false;
      wanted = reached;
    }
  }

  /** True when every neuron that differs is off on one side and without effect on the other: equal maps, exactly. */
  private structurallyEqual(first: number, second: number): boolean {
    for (let word = 0; word < this.words; word++) {
      let flipped = this.patterns[first * this.words + word] ^ this.patterns[second * this.words + word];
      while (flipped !== 0) {
        const bit = 31 - Math.clz32(flipped & -flipped);
        flipped &= flipped - 1;
        const neuron = 32 * word + bit;
        let layer = this.starts.length - 1;
        while (this.starts[layer] > neuron) layer--;
        const on = this.isOn(first, neuron) ? first : second;
        if (this.reaches(on, layer, neuron - this.starts[layer])) return false;
      }
    }
    return true;
  }

  /**
   * True when a single neuron differs and surely moves an output: the maps differ by that neuron's pre-activation times
   * its effect, and the pre-activation is not 0 where the neuron is on. The two patterns are not the same.
   */
  private surelyDifferent(first: number, second: number): boolean {
    let neuron = -1;
    for (let word = 0; word < this.words; word++) {
      const flipped = this.patterns[first * this.words + word] ^ this.patterns[second * this.words + word];
      if (flipped === 0) continue;
      if (neuron >= 0 || (flipped & (flipped - 1)) !== 0) return false;
      neuron = 32 * word + 31 - Math.clz32(flipped);
    }
    let layer = this.starts.length - 1;
    while (this.starts[layer] > neuron) layer--;
    const { hidden, output } = this.plan;
    const isOn = (l: number, n: number): boolean =>
      l === hidden.length || hidden[l].slope === 1 || this.isOn(first, this.starts[l] + n);
    return gain([...hidden, output], isOn, layer, neuron - this.starts[layer]) === "yes";
  }

  private residue(region: number): Float64Array {
    let map = this.known.get(region);
    if (!map) {
      this.residues ??= new ResidueMaps(this.plan, this.domain);
      map = this.residues.map(this.unpack(region));
      if (this.known.size > 100_000) this.known.clear();
      this.known.set(region, map);
    }
    return map;
  }

  private exactMap(region: number): bigint[] {
    this.exact ??= new ExactSigns(
      { ...this.plan, hidden: [...this.plan.hidden, this.plan.output] },
      this.domain,
      () => this.states,
    );
    this.unpack(region);
    const map: bigint[] = [];
    for (let k = 0; k < this.plan.output.outputs; k++) {
      const { row } = this.exact.row(this.outputStart + k);
      map.push(row.a, row.b, row.c);
    }
    return map;
  }

  /** A text that equal gradients share, and different ones hardly ever. */
  gradientKey(region: number): string {
    return this.residue(region)
      .filter((_, i) => i % 3 < 2)
      .join();
  }

  /** Whether the gradients of two regions are equal, exactly. */
  equalGradients(first: number, second: number): boolean {
    const other = this.exactMap(second);
    return this.exactMap(first).every((value, i) => i % 3 === 2 || value === other[i]);
  }

  /** Whether the maps of two regions are equal, for regions whose maps in doubles are too close to tell. */
  equal(first: number, second: number): boolean {
    if (this.structurallyEqual(first, second)) return true;
    if (this.surelyDifferent(first, second)) return false;
    const p = this.residue(first);
    const q = this.residue(second);
    if (p.some((value, i) => value !== q[i])) return false;
    const a = this.exactMap(first);
    const b = this.exactMap(second);
    return a.every((value, i) => value === b[i]);
  }
}
