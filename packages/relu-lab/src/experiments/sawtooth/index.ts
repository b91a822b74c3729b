export { perturbationExperiment } from "./experiment";
export * from "./perturbation";
export * from "./pictures";
export * from "./pieces";
export * from "./summary";
export * from "./trial";
