export { regionStatistics, type RegionStatistics } from "./plane";
export { segmentStatistics, shortestInterval, type SegmentStatistics } from "./segment";
export { spaceStatistics, type SpaceStatistics } from "./space";
export { countGradients } from "./gradients";
export { countPatterns } from "./patterns";
