export type {
  SpaceBox,
  SpaceCount,
  SpaceEnumerateOptions,
  SpaceOptions,
  SpaceRegions,
  SpaceShapes,
} from "./types";
export { countSpace, countSpaceSync } from "./count";
export { space, spaceSync } from "./enumerate";
