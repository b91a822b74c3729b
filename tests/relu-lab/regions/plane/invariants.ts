// What holds of every subdivision of a convex polygon into the regions of a network.
import * as assert from "uvu/assert";
import type { regions } from "relu-lab";

export function checkInvariants(found: regions.PlaneRegions, area: number): void {
  const { count, areas, offsets, twins, edgeNeurons, regionsOfEdges, patterns, patternWords } = found;
  const sum = areas.reduce((total, a) => total + a, 0);
  assert.ok(Math.abs(sum - area) <= 1e-9 * area, `areas sum to ${sum}, the domain has ${area}`);
  assert.ok(areas.every((a) => a > -1e-14 * area)); // cells an ulp wide have areas of that size
  const seen = new Set<string>();
  const hashes = new Set<string>();
  for (let r = 0; r < count; r++) {
    seen.add(patterns.subarray(r * patternWords, (r + 1) * patternWords).join());
    hashes.add(found.patternHash.subarray(4 * r, 4 * r + 4).join());
  }
  assert.is(seen.size, count, "patterns are distinct");
  assert.is(hashes.size, count, "hashes are distinct");
  let inner = 0;
  const next = (e: number) => (e + 1 === offsets[regionsOfEdges[e] + 1] ? offsets[regionsOfEdges[e]] : e + 1);
  for (let e = 0; e < twins.length; e++) {
    const twin = twins[e];
    if (edgeNeurons[e] < 0) {
      assert.is(twin, -1, "the border has no neighbour");
      continue;
    }
    inner++;
    assert.is(twins[twin], e, "twins are mutual");
    const n = edgeNeurons[e];
    const bit = (r: number) => (patterns[r * patternWords + (n >>> 5)] >>> (n & 31)) & 1;
    assert.is.not(bit(regionsOfEdges[e]), bit(regionsOfEdges[twin]), "the edge's neuron separates");
  }
  // Corners are the orbits of half-edges around a point: Euler's relation F - E + V = 1.
  const visited = new Uint8Array(twins.length);
  const previous = (e: number) =>
    e === offsets[regionsOfEdges[e]] ? offsets[regionsOfEdges[e] + 1] - 1 : e - 1;
  let corners = 0;
  for (let start = 0; start < twins.length; start++) {
    if (visited[start]) continue;
    corners++;
    let e = start;
    do {
      visited[e] = 1;
      e = twins[e] < 0 ? -1 : next(twins[e]);
    } while (e >= 0 && e !== start);
    if (e < 0) {
      // at the border: go round the other way too
      for (e = start; ;) {
        const before = twins[previous(e)];
        if (before < 0) break;
        e = before;
        visited[e] = 1;
      }
    }
  }
  const edges = inner / 2 + (twins.length - inner);
  assert.is(count - edges + corners, 1, "Euler's relation");
}
