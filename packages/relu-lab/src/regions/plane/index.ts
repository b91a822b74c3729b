export type {
  BoxDomain,
  EnumerateOptions,
  PlaneCount,
  PlaneDomain,
  PlaneOptions,
  PlaneRegions,
  PolygonDomain,
  SliceDomain,
} from "./types";
export { countPlane, countPlaneSync } from "./count";
export { plane, planeSync } from "./enumerate";
