export type { WalkCount } from "./count";
export type { WalkOptions } from "./options";
