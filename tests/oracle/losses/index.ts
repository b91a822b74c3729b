export { kacRiceReference, lengthReference } from "./densities";
export { intersectionReference } from "./intersection-penalty";
export { criticalOrbitReference } from "./critical-orbit";
