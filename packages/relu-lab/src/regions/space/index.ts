export type {
  SpaceBox,
  SpaceCount,
  SpaceEnumerateOptions,
  SpaceOptions,
  SpaceRegions,
  SpaceShapes,
} from "./types";
export { countSpaceSync } from "./count";
