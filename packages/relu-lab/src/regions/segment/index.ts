export { segment, segmentAlong, type SegmentOptions, type SegmentResult } from "./segment";
export { polyline, type PolylineResult } from "./polyline";
export { segments, type SegmentCounts } from "./segments";
