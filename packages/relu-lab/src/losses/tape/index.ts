export { kacRiceOnTape, lengthOnTape, type DensityOnTape } from "./densities";
export { intersectionOnTape, type IntersectionOnTape } from "./intersection-penalty";
export { criticalOrbitOnTape, type CriticalOrbitOnTape } from "./critical-orbit";
export { sliceOnTape } from "./slice";
export { weightOnTape } from "./schedule";
