export { countCellsSync } from "./count";
export type { CellsDomain, WholeSpace } from "./types";
