export * from "./experiment";
