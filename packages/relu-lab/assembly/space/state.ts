// What the whole walk shares.
import { Plane } from "./layout";

/** Numbers of layers up to the last one with a ReLU, and of their neurons. */
export let layers: i32 = 0;
export let neurons: i32 = 0;
/** One byte a layer: 1 when it has no ReLU, so that all of it is always on. */
export let linearNeurons: usize = 0;
/** One byte a neuron: whether it is on. Every decision writes it, so that it holds for the neurons decided so far. */
export let active: usize = 0;
/** One i32 a neuron: its class (see Plane.kind). */
export let kinds: usize = 0;

export let planes: usize = 0;
export let planeCount: i32 = 0;
/** One u32 a plane, always 0 between two cuts: what a cut remembers about each facet. */
export let slots: usize = 0;

/** The box, the largest |x|, |y|, |z| in it, and the length of its longest side. */
export let loX: f64 = 0;
export let loY: f64 = 0;
export let loZ: f64 = 0;
export let hiX: f64 = 0;
export let hiY: f64 = 0;
export let hiZ: f64 = 0;
export let maxX: f64 = 0;
export let maxY: f64 = 0;
export let maxZ: f64 = 0;
export let diameter: f64 = 0;

/** One f64 a layer: cells of the layers up to it. */
export let cells: usize = 0;
/** Whether every region is handed over, and whether with its vertices and edges. */
export let enumerating: bool = false;
export let keepsShapes: bool = false;
/** Signs that doubles could not settle. */
export let fallbacks: i32 = 0;
/** False: take every double's sign as it is. Only to measure what certainty costs. */
export let certified: bool = true;

// @ts-ignore: decorator
@inline
export function planeAt(i: i32): Plane {
  return changetype<Plane>(planes + <usize>i * offsetof<Plane>());
}

// @ts-ignore: decorator
@inline
export function linear(neuron: i32): bool {
  return load<u8>(linearNeurons + neuron) != 0;
}
