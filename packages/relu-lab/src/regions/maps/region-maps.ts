import { placeOf, startsOf } from "../plan/places";
import type { PatternTable } from "./affine-map";
import { alwaysOn, unpackLayers, type Pattern, type PatternLayer } from "./pattern";
import type { Flip, SameMap } from "./same-map";

/** So many regions' patterns are kept unpacked, and so many maps' residues. */
const PATTERNS = 1000;
const RESIDUES = 100_000;

/** The output maps of many regions, which are known by number. */
export class RegionMaps {
  private readonly patterns = new Map<number, Pattern>();
  private readonly known = new Map<number, Float64Array>();

  private readonly starts: Int32Array;

  constructor(
    private readonly same: SameMap,
    private readonly layers: readonly PatternLayer[],
    private readonly found: Pick<PatternTable, "patterns" | "patternWords">,
  ) {
    this.starts = startsOf(layers);
  }

  /** Whether the maps of two regions are equal. */
  equal(first: number, second: number): boolean {
    const isOn = (region: number, layer: number, neuron: number): boolean =>
      alwaysOn(this.layers[layer], neuron) || this.bit(region, this.starts[layer] + neuron);
    const byFlips = this.same.byFlips(this.flips(first, second), isOn);
    if (byFlips !== undefined) return byFlips;
    const p = this.residues(first);
    const q = this.residues(second);
    if (p.some((value, i) => value !== q[i])) return false;
    return this.same.confirm(this.patternOf(first), this.patternOf(second));
  }

  /** A text that equal gradients share, and different ones hardly ever. */
  gradientKey(region: number): string {
    const { columns } = this.same;
    return this.residues(region)
      .filter((_, i) => i % columns < columns - 1)
      .join();
  }

  /** Whether the gradients of two regions are equal. */
  equalGradients(first: number, second: number): boolean {
    return this.same.confirmGradients(this.patternOf(first), this.patternOf(second));
  }

  /** The number of different maps among regions. */
  countMaps(regions: Iterable<number>): number {
    const key = (region: number): string => this.residues(region).join();
    return countClasses(regions, key, (p, q) => this.same.confirm(this.patternOf(p), this.patternOf(q)));
  }

  /** The number of different gradients among regions. */
  countGradients(regions: Iterable<number>): number {
    return countClasses(
      regions,
      (region) => this.gradientKey(region),
      (p, q) => this.equalGradients(p, q),
    );
  }

  private bit(region: number, neuron: number): boolean {
    const { patterns, patternWords } = this.found;
    return ((patterns[region * patternWords + (neuron >>> 5)] >>> (neuron & 31)) & 1) !== 0;
  }

  /** The neurons that differ, and on which side they are on. */
  private flips(first: number, second: number): Flip<number>[] {
    const { patterns, patternWords } = this.found;
    const flips: Flip<number>[] = [];
    for (let word = 0; word < patternWords; word++) {
      let flipped = patterns[first * patternWords + word] ^ patterns[second * patternWords + word];
      for (; flipped !== 0; flipped &= flipped - 1) {
        const neuron = 32 * word + 31 - Math.clz32(flipped & -flipped);
        const { layer, index } = placeOf(this.starts, neuron);
        if (!alwaysOn(this.layers[layer], index))
          flips.push({ layer, index, on: this.bit(first, neuron) ? first : second });
      }
    }
    return flips;
  }

  private patternOf(region: number): Pattern {
    const { patterns, patternWords } = this.found;
    return remembered(this.patterns, PATTERNS, region, () =>
      unpackLayers(this.layers, patterns, region * patternWords),
    );
  }

  private residues(region: number): Float64Array {
    return remembered(this.known, RESIDUES, region, () => this.same.residues(this.patternOf(region)));
  }
}

/** The first region of each set: what all of a set share, one of them tells. */
export function* firstOfEach(sets: Uint32Array, count: number): Generator<number> {
  const seen = new Uint8Array(count);
  for (let r = 0; r < sets.length; r++) {
    if (seen[sets[r]]) continue;
    seen[sets[r]] = 1;
    yield r;
  }
}

function remembered<T>(known: Map<number, T>, most: number, region: number, make: (region: number) => T): T {
  let value = known.get(region);
  if (value === undefined) {
    value = make(region);
    if (known.size >= most) known.clear();
    known.set(region, value);
  }
  return value;
}

/** The number of classes of regions: those that share a key are compared. */
function countClasses(
  regions: Iterable<number>,
  keyOf: (region: number) => string,
  equal: (p: number, q: number) => boolean,
): number {
  const groups = new Map<string, number[]>();
  let classes = 0;
  for (const region of regions) {
    const key = keyOf(region);
    const group = groups.get(key);
    if (group?.some((other) => equal(other, region))) continue;
    classes++;
    if (group) group.push(region);
    else groups.set(key, [region]);
  }
  return classes;
}
