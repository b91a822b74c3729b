export * from "./enable";
export { overridden } from "./overrides";
