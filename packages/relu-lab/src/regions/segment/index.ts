export { segment, type SegmentOptions, type SegmentResult } from "./segment";
