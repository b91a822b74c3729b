import type { ReluNetwork } from "../../network";
import { isSwitched } from "../../network/relu-network";
import { DOUBTFUL, ExactNeurons } from "../maps/exact-neuron";
import { SameMap } from "../maps/same-map";
import { lengthOf } from "./length";
import { nearestPoint } from "./projection";
import { Queue } from "./queue";

/** The first layer around a point: gradients in orthonormal coordinates, `dimension` numbers a row. */
export interface Coordinates {
  readonly coordinates: Float64Array;
  readonly dimension: number;
}

/** The distance to the boundary of the linear region; when not exact, it is at least this. */
export interface LinearDistance {
  readonly distance: number;
  readonly exact: boolean;
}

/** Cells that agree with `pattern` on all neurons before `index` of `layer`, and not on that one. */
interface Branch {
  readonly key: number;
  readonly layer: number;
  readonly index: number;
  readonly pattern: readonly Uint8Array[];
  /** The nearest point of these cells, once it is known. */
  readonly nearest?: Float64Array;
}

/** Regions thinner than this part of the distance are passed over. */
const THIN = 1e-9;

/** Affine extensions of one layer's pre-activations: value at the point, and gradient. */
interface Rows {
  readonly values: Float64Array;
  readonly gradients: Float64Array;
  /** Sizes of what each gradient was summed up from. */
  readonly reach: Float64Array;
}

/**
 * Walks the activation regions around a point in order of their distance, until one has another output map: the ball
 * up to there lies in one linear region, and no larger one does.
 *
 * Patterns form a binary tree, neuron by neuron. A branch is a polyhedron; its distance bounds those of all regions in
 * it from below, so that taking branches by distance meets the regions by distance (best first). Neurons that are not
 * decided yet take the sign they have at the branch's nearest point, which then is the region's nearest point too.
 */
export class LinearRegionSearch {
  private readonly same: SameMap;
  private exact: ExactNeurons | undefined;
  /** A row that is not zero, but whose doubles are noise, was met: nothing is exact then. */
  private doubtful = false;

  constructor(
    private readonly network: ReluNetwork,
    private readonly first: Coordinates,
    /** So many regions are looked at. */
    private readonly mostRegions: number,
  ) {
    this.same = new SameMap(network);
  }

  from(x: Float64Array): LinearDistance {
    this.doubtful = false;
    const queue = new Queue<Branch>();
    const scale = x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    let reference: readonly Uint8Array[] | undefined;
    let branch: Branch | undefined = { key: 0, layer: 0, index: -1, pattern: [] };
    for (let looked = 0; branch; branch = queue.pop()) {
      if (looked >= this.mostRegions) return { distance: branch.key, exact: false };
      const known = this.rowsUpTo(x, branch);
      let { nearest } = branch;
      if (!nearest) {
        const found = nearestPoint(this.halfSpaces(branch, known, 0));
        if (found === null) continue;
        if (found === undefined) return { distance: branch.key, exact: false };
        nearest = found;
        const key = Math.max(branch.key, lengthOf(nearest));
        if (key > queue.least) {
          queue.push({ ...branch, key, nearest });
          continue;
        }
        branch = { ...branch, key };
      }
      looked++;
      const pattern = this.follow(x, branch, known, nearest, queue);
      const margin = THIN * (Math.max(branch.key, scale) || 1);
      const same = reference && this.same.equal(reference, pattern);
      if (same) continue;
      const whole: Branch = { key: 0, layer: pattern.length, index: -1, pattern };
      const inside = nearestPoint(this.halfSpaces(whole, this.rowsUpTo(x, whole), margin));
      if (inside === null) continue; // an empty pattern: such as a duplicate that is off where its twin is on
      if (inside === undefined) return { distance: branch.key, exact: false };
      if (reference) return { distance: branch.key, exact: !this.doubtful };
      reference = pattern;
    }
    return { distance: Infinity, exact: !this.doubtful };
  }

  /** Rows of the layers below `branch.layer`, and of that layer itself. */
  private rowsUpTo(x: Float64Array, { layer, pattern }: Branch): Rows[] {
    const rows: Rows[] = [];
    for (let l = 0; l <= layer && l < this.network.layers.length; l++)
      rows.push(this.rowsOf(x, l, rows[l - 1], pattern));
    return rows;
  }

  private rowsOf(x: Float64Array, l: number, below: Rows | undefined, patterns: readonly Uint8Array[]): Rows {
    const on = patterns[l - 1] as Uint8Array | undefined;
    const { inputs, outputs, weights, biases } = this.network.layers[l];
    const { coordinates, dimension: d } = this.first;
    const values = Float64Array.from(biases);
    const gradients = l === 0 ? coordinates.slice(0, outputs * d) : new Float64Array(outputs * d);
    const reach = new Float64Array(outputs);
    for (let j = 0; j < outputs; j++) {
      for (let k = 0; k < inputs; k++) {
        const w = weights[j * inputs + k];
        if (!below) values[j] += w * x[k];
        else if (w !== 0 && on?.[k]) {
          values[j] += w * below.values[k];
          for (let i = 0; i < d; i++) gradients[j * d + i] += w * below.gradients[k * d + i];
          reach[j] += Math.abs(w) * below.reach[k];
        }
      }
      const length = lengthOf(gradients, j * d, d);
      if (l === 0) reach[j] = length;
      if (length > 0 && length <= DOUBTFUL * reach[j] && isSwitched(this.network.layers[l], j)) {
        const known = (this.exact ??= new ExactNeurons(this.network)).at(x, patterns, l, j);
        if (!known.constant) this.doubtful = true;
        else {
          gradients.fill(0, j * d, (j + 1) * d);
          if (known.sign !== Math.sign(values[j])) values[j] = known.sign * Number.MIN_VALUE;
        }
      }
    }
    return { values, gradients, reach };
  }

  /** The decided neurons' half spaces, moved inwards by `margin`. */
  private halfSpaces({ layer, index, pattern }: Branch, rows: readonly Rows[], margin: number) {
    const { dimension: d } = this.first;
    const normals: Float64Array[] = [];
    const offsets: number[] = [];
    for (let l = 0; l <= layer && l < rows.length; l++) {
      const { outputs, activation } = this.network.layers[l];
      if (activation === "linear") continue;
      const { values, gradients } = rows[l];
      for (let j = 0; j < (l < layer ? outputs : index + 1); j++) {
        if (!isSwitched(this.network.layers[l], j)) continue;
        const on = l === layer && j === index ? 1 - pattern[l][j] : pattern[l][j];
        const normal = gradients.slice(j * d, (j + 1) * d);
        const length = lengthOf(normal);
        if (length === 0) continue;
        const factor = (on ? 1 : -1) / length;
        for (let i = 0; i < d; i++) normal[i] *= factor;
        normals.push(normal);
        offsets.push(margin - values[j] * factor);
      }
    }
    return { dimension: d, normals, offsets };
  }

  /** The region at the branch's nearest point; queues the branches that this one point does not decide. */
  private follow(
    x: Float64Array,
    { key, layer, index, pattern }: Branch,
    known: readonly Rows[],
    nearest: Float64Array,
    queue: Queue<Branch>,
  ): Uint8Array[] {
    const { dimension: d } = this.first;
    const result = pattern.slice(0, layer);
    let rows = known[layer];
    for (let l = layer; l < this.network.layers.length; l++) {
      if (l > layer) rows = this.rowsOf(x, l, rows, result);
      const { outputs, activation } = this.network.layers[l];
      const on = new Uint8Array(outputs);
      result.push(on);
      if (activation === "linear") {
        on.fill(1);
        continue;
      }
      for (let j = 0; j < outputs; j++) {
        if (l === layer && j <= index) {
          on[j] = j < index ? pattern[l][j] : 1 - pattern[l][j];
          continue;
        }
        if (!isSwitched(this.network.layers[l], j)) {
          on[j] = 1;
          continue;
        }
        let value = rows.values[j];
        let square = 0;
        for (let i = 0; i < d; i++) {
          const g = rows.gradients[j * d + i];
          value += g * nearest[i];
          square += g * g;
        }
        on[j] = value > 0 ? 1 : 0;
        if (square === 0) continue;
        // The other side's half space is no nearer than this; its exact distance is found when its turn comes.
        const here = rows.values[j] > 0 ? 1 : 0;
        const away = here === on[j] ? Math.abs(rows.values[j]) / Math.sqrt(square) : 0;
        queue.push({ key: Math.max(key, away * (1 - 1e-12)), layer: l, index: j, pattern: result });
      }
    }
    return result;
  }
}
