export { functionRows, type FunctionRow } from "./function-rows";
export {
  piecesAgainstNeurons,
  sawtoothMismatches,
  sawtoothPieces,
  type SawtoothPiecesRow,
} from "./sawtooth-pieces";
