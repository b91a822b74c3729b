export type {
  BoxDomain,
  EnumerateOptions,
  PlaneCount,
  PlaneDomain,
  PlaneOptions,
  PlaneRegions,
  PolygonDomain,
  RegionBlock,
  SliceDomain,
} from "./types";
export { countPlane, countPlaneSync } from "./count";
export { countPlaneShard } from "./shard";
export type { Shard } from "./task";
export { plane, planeSync } from "./enumerate";
export {
  randomPlane,
  throughPoints,
  type PlaneThroughPoints,
  type ThroughPointsOptions,
} from "./through-points";
export { cornerPoints, innerCorners, type HalfEdgeArrays } from "./corners";
export { polylines, type Polyline } from "./polylines";
export { decisionBoundary, type DecisionBoundary, type DecisionLine } from "./decision";
export { visitPlane, visitPlaneSync, type VisitOptions } from "./visit";
