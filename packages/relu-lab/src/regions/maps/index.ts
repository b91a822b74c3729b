export { regionMap, type PatternTable } from "./affine-map";
