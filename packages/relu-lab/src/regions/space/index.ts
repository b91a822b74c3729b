export type {
  SpaceBox,
  SpaceCount,
  SpaceEnumerateOptions,
  SpaceNeighbours,
  SpaceOptions,
  SpaceRegions,
  SpaceShapes,
} from "./types";
export { countSpace, countSpaceSync } from "./count";
export { space, spaceSync } from "./enumerate";
export { sliceSpace, type SpacePlane, type SpaceSlice } from "./slice";
