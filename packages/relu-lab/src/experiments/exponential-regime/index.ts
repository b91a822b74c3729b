export { chainStartName, type ChainStartKind, type Supervision } from "./chains";
export * from "./depth-graded";
export * from "./frontier";
export * from "./plane";
export * from "./success";
