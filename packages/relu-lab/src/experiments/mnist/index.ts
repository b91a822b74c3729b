export * from "./learning-curves";
