export { distance, type DistanceResult } from "./distance";
