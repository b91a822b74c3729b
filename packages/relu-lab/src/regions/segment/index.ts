export { segment, segmentAlong, type SegmentOptions, type SegmentResult } from "./segment";
export { polyline, type PolylineOptions, type PolylineResult } from "./polyline";
export { segments, type SegmentCounts, type SegmentsOptions } from "./segments";
export {
  neuronPlace,
  segmentRegions,
  segmentRegionsSync,
  type SegmentRegions,
  type SegmentRegionsOptions,
} from "./regions";
