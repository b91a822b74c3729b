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
