import type { SparseNetwork } from "./sparse";

/** The most neurons a row may be a combination of. */
const MOST_SOURCES = 4;

/**
 * Zeros that need no arithmetic. Where neurons a and b of a max-pool's window meet, b - a vanishes too: a pool makes three
 * boundaries through one point wherever two of its neurons cross. A row without constant that combines two neurons f, g
 * is zero where two different combinations of f and g are.
 */
export class StructuralZeros {
  private readonly places: ({ layer: number; row: number } | undefined)[];
  private readonly sums: Uint8Array;
  private readonly sources: number[] = [];
  private readonly factors: number[] = [];

  constructor(
    private readonly network: SparseNetwork,
    neurons: number,
  ) {
    this.places = new Array<{ layer: number; row: number } | undefined>(neurons);
    network.layers.slice(0, -1).forEach(({ neurons: own }, layer) => {
      own.forEach((neuron, row) => (this.places[neuron] = { layer, row }));
    });
    this.sums = new Uint8Array(neurons);
    for (let at = 0; at < network.sums.length; at += 2 + network.sums[at + 1])
      this.sums[network.sums[at]] = 1;
  }

  /** Whether a neuron has no row of its own: it counts as on, for it is 0 where all of its terms are. */
  isSum(neuron: number): boolean {
    return this.sums[neuron] === 1;
  }

  /** Whether the row of `neuron` is surely zero everywhere, or where the (different) lines of `first` and `second` meet. */
  find(neuron: number, first: number, second: number, states: Uint8Array): "everywhere" | boolean {
    const { sources, factors } = this;
    sources.length = factors.length = 0;
    if (!this.collect(neuron, 1, states)) return false;
    const own = sources.filter((_, i) => factors[i] !== 0);
    if (own.length === 0) return "everywhere"; // what it sums up cancels out, or is off
    if (own.length === 1 && (own[0] === first || own[0] === second)) return true;
    if (own.length > 2 || first < 0 || second < 0) return false;
    sources.length = factors.length = 0;
    if (!this.collect(first, 1, states) || !this.collect(second, 1, states)) return false;
    // Two independent combinations of at most two neurons vanish: so do both neurons, and all that combines them.
    return sources.length <= 2 && own.every((source) => sources.includes(source));
  }

  /** Adds the neurons that a row combines under the current states, with their factors; false when they are too many. */
  private collect(neuron: number, factor: number, states: Uint8Array): boolean {
    const place = this.places[neuron];
    const layer = place && this.network.layers[place.layer];
    if (!layer || layer.biases[place.row] !== 0) return this.add(neuron, factor);
    const [from, to] = [layer.starts[place.row], layer.starts[place.row + 1]];
    if (to - from > 2 * MOST_SOURCES) return this.add(neuron, factor);
    for (let i = from; i < to; i++) {
      const source = this.network.neuronOf[layer.columns[i]];
      const product = factor * layer.values[i];
      if (!Number.isInteger(product) || Math.abs(product) > 2 ** 20) return false; // may have been rounded
      if (states[source] && !this.collect(source, product, states)) return false;
    }
    return true;
  }

  private add(source: number, factor: number): boolean {
    const known = this.sources.indexOf(source);
    if (known >= 0) this.factors[known] += factor;
    else this.factors[this.sources.push(source) - 1] = factor;
    return this.sources.length <= MOST_SOURCES;
  }
}
