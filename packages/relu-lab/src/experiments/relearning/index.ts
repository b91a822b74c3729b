export {
  relearning,
  relearningFrom,
  relearningOptimisers,
  relearningRandomStart,
  relearningStudies,
  type RelearningConfiguration,
  type RelearningRow,
  type RelearningStart,
} from "./experiment";
export * from "./pictures";
export * from "./summary";
export * from "./training";
