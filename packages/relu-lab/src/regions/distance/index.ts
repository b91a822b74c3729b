export { distance, type DistanceOptions, type DistanceResult } from "./distance";
