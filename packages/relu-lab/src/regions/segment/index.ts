export { segment, segmentAlong, type SegmentOptions, type SegmentResult } from "./segment";
