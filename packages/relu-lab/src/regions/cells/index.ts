export { countCells, countCellsSync } from "./count";
export type { CellsDomain, SpaceSliceDomain, WholeSpace } from "./types";
