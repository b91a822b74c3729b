export { boundedCells, zaslavsky } from "./zaslavsky";
export { montufarLower, pascanuLower, serraLower } from "./lower";
export { montufarUpper, patternsUpper, raghuUpper, serraUpper } from "./upper";
export { bounds, type RegionBounds } from "./bounds";
export { montufarNetwork } from "./montufar-network";
