export { chart, chartMessage } from "./chart";
export type { ChartMessage, ChartOptions } from "./chart";
export { claims, claimsBundle } from "./claims";
export type { Claim, ClaimRecord, ClaimsOptions, ClaimValue, Provenance, Verdict } from "./claims";
export { dataFrame } from "./data-frame";
export type { Cell, DataFrame, Row } from "./data-frame";
export { confusionChart } from "./confusion-chart";
export type { ConfusionCell } from "./confusion-chart";
export { downloadBar } from "./download-bar";
export type { DownloadState } from "./download-bar";
export { display, inKernel } from "./kernel";
export type { Bundle, DisplayOptions } from "./kernel";
export {
  functionPieces,
  hyperplanes,
  imageGrid,
  lines,
  matrices,
  regionMap,
  relief,
  surface,
} from "./pictures";
export type {
  BentHyperplane,
  FrameOptions,
  HyperplanesOptions,
  ImageGridOptions,
  LinesAxis,
  LinesOptions,
  LinesValueAxis,
  Picture,
  PiecesOptions,
  Polygons,
  Rectangle,
  RegionColour,
  RegionMapOptions,
  RegionPolygons,
  ReliefOptions,
  Heights,
  MatricesOptions,
  NamedMatrix,
  SurfaceOptions,
  SurfacePoint,
} from "./pictures";
export { progress } from "./progress";
export type { Progress, ProgressOptions, ProgressSink, ProgressState } from "./progress";
export { table, tableBundle } from "./table";
export type { TableOptions } from "./table";
export { palette } from "./theme";
export { trainingBar } from "./training-bar";
export type { TrainingBar, TrainingState } from "./training-bar";
export { versions } from "./versions";
export type { Versions } from "./versions";
