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
export { countPlaneSync } from "./count";
