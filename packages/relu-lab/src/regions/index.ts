export * from "./segment";
