export { fromBlocks } from "./from-blocks";
export type { Block, BlockActivation, ImageShape } from "./types";
