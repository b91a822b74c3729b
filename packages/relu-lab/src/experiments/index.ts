export { functionRows, type FunctionRow } from "./function-rows";
export {
  piecesAgainstNeurons,
  sawtoothMismatches,
  sawtoothPieces,
  type SawtoothPiecesRow,
} from "./sawtooth-pieces";
export {
  arrangementCounts,
  meanByShape,
  montufarCounts,
  randomNetworkCounts,
  type ArrangementRow,
  type BoundsRow,
  type MontufarRow,
} from "./region-counts";
  convergenceRate,
  oneLayerErrors,
  parabolaCurves,
  polynomialFloor,
  pwlRoundTrips,
  staircaseCurves,
  staircaseErrors,
  yarotskyErrors,
  type CurveRow,
  type OneLayerRow,
  type PolynomialRow,
  type RoundTripRow,
  type StaircaseRow,
  type YarotskyRow,
} from "./universal-approximation";
export {
  bestGate,
  gateErrors,
  monomialCosts,
  monomialName,
  neuronsAgainstDegree,
  powerCosts,
  type DegreeRow,
  type GateRow,
  type MonomialRow,
  type PowerRow,
} from "./depth-and-polynomials";
export { learnedAgainstConstructed, type LearnedPointRow, type LearnedRow } from "./learned-approximation";
