import type { Pattern } from "./pattern";
import type { SameMap } from "./same-map";

/** So many regions' patterns are kept unpacked, and so many maps' residues. */
const PATTERNS = 1000;
const RESIDUES = 100_000;

/** The output maps of many regions, which are known by number. */
export class RegionMaps {
  private readonly patterns = new Map<number, Pattern>();
  private readonly known = new Map<number, Float64Array>();

  constructor(
    private readonly same: SameMap,
    private readonly unpack: (region: number) => Pattern,
  ) {}

  /** Whether the maps of two regions are equal. */
  equal(first: number, second: number): boolean {
    const [a, b] = [this.patternOf(first), this.patternOf(second)];
    const byFlips = this.same.byFlips(a, b);
    if (byFlips !== undefined) return byFlips;
    const p = this.residues(first);
    const q = this.residues(second);
    return p.every((value, i) => value === q[i]) && this.same.confirm(a, b);
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

  private patternOf(region: number): Pattern {
    return remembered(this.patterns, PATTERNS, region, this.unpack);
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
