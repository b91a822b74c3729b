export { unitBox, uniformPoints, volume, type Box, type Points } from "./box";
export { criticalOrbitOnTape, type CriticalOrbitOnTape } from "./critical-orbit";
export { kacRiceOnTape, lengthOnTape, type DensityOnTape } from "./densities";
export { intersectionOnTape, type IntersectionOnTape } from "./intersection-penalty";
export {
  pairKinds,
  type CriticalOrbitOptions,
  type DensityOptions,
  type IntersectionOptions,
  type PairKind,
} from "./options";
export { always, switchedOff, weightOnTape, type LossSchedule } from "./schedule";
export { sliceOnTape } from "./slice";
export * from "./tfjs";
