// What the whole walk shares.
import { D, N } from "./layout";

export let layers: i32 = 0;
export let neurons: i32 = 0;
/** One byte a neuron: 1 when no ReLU follows it. */
export let linearNeurons: usize = 0;
/** One byte a neuron: whether it is on, for the neurons decided so far. */
export let active: usize = 0;
/** One i32 a neuron, then one a face of the domain: equal numbers mean the same hyperplane. */
export let kinds: usize = 0;
/** One f64 a layer: cells of the layers up to it. */
export let cells: usize = 0;
export let fallbacks: i32 = 0;
export let certified: bool = true;

/** Largest size of each coordinate in the domain, and the longest side of the domain. */
export let sizes: usize = memory.data(<i32>((N + 1) << 3), 16);
export let diameter: f64 = 0;
/** A functional that is 1 on the domain, up to an error. */
export let height: usize = memory.data(<i32>((N + 1) << 3), 16);
export let heightError: f64 = 0;

/** Of each slot (64), then of each hyperplane that all of the present section lies in: its neuron (or -1 - face), its row. */
export const SECTIONS: i32 = 64;
export let planeNeurons: usize = memory.data(<i32>((64 + D + 1) << 2), 16);
export let planeRows: usize = memory.data(<i32>((64 + D + 1) << 2), 16);
/** How many such hyperplanes there are. */
export let sections: i32 = 0;

/** The rows of the present list, their layer's neurons, and the words of a mask over them. */
export let table: usize = 0;
export let tableStride: usize = 0;
export let tableNeurons: usize = 0;
export let words: i32 = 0;

export let nextId: u32 = 0;

// @ts-ignore: decorator
@inline
export function linear(neuron: i32): bool {
  return load<u8>(linearNeurons + neuron) != 0;
}

// @ts-ignore: decorator
@inline
export function setPlane(at: i32, neuron: i32, row: usize): void {
  store<i32>(planeNeurons + (<usize>at << 2), neuron);
  store<usize>(planeRows + (<usize>at << 2), row);
}
