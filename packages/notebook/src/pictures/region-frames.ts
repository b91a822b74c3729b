import type { View } from "../views";
import { boundsOf } from "./polygons";
import { regionMap, type RegionMapOptions, type RegionPolygons } from "./region-map";

/** Points with a name that stand on a map. */
export interface Landmark {
  x: number;
  y: number;
  name: string;
}

/**
 * A region map with named points on it, legible on every ground.
 *
 * @param map a map as `regionMap` or `relief` makes it
 * @param landmarks the points
 * @returns Vega-Lite specification for `chart`
 * @example
 * chart(withLandmarks(regionMap(found), [{ x: 0, y: 0, name: "origin" }]));
 */
export function withLandmarks(map: object, landmarks: readonly Landmark[]): object {
  const data = { values: landmarks.map(({ x, y, name }) => ({ x, y, name })) };
  const place = (field: string) => ({ field, type: "quantitative" });
  const encoding = { x: place("x"), y: place("y"), text: { field: "name" } };
  const text = { type: "text", fontSize: 22, fontWeight: "bold" };
  const halo = { ...text, stroke: "white", strokeWidth: 4, strokeOpacity: 1, aria: false };
  const layers = [halo, { ...text, color: "black" }].map((mark) => ({ data, mark, encoding }));
  return { ...map, layer: [...((map as View).layer as object[]), ...layers] };
}

/**
 * Region maps side by side, all of the same part of the plane, such as a network's while it trains. Colours by pattern
 * depend on the pattern alone: a region that keeps its pattern keeps its colour from frame to frame.
 *
 * @param frames regions with a title each, in the order of time
 * @param options as for `regionMap`; `size` is one map's
 * @returns Vega-Lite specification for `chart`
 * @throws Error when there is no frame, or as `regionMap` does
 * @example
 * chart(regionFrames(networks.map((net, k) => ({ title: `epoch ${k}`, regions: found[k] }))));
 */
export function regionFrames(
  frames: readonly { title: string; regions: RegionPolygons }[],
  options: RegionMapOptions = {},
): object {
  if (frames.length === 0) throw new Error("regionFrames: there is no frame to draw");
  const bounds = options.bounds ?? boundsOf(frames[0].regions.vertices);
  const maps = frames.map(({ title, regions }, k) => ({
    title: { text: title, fontSize: 13, fontWeight: "normal" },
    ...regionMap(regions, { size: 210, ...options, bounds, ...(k > 0 ? { yTitle: null } : {}) }),
  }));
  return { hconcat: maps };
}
