export {
  equalNetworks,
  fewProbes,
  paperNetworks,
  paperProbes,
  readOutEpochs,
  regionsInPractice,
  stepsPerEpoch,
  type PracticeConfiguration,
  type PracticeRow,
} from "./experiment";
export * from "./probes";
export * from "./summary";
export * from "./training";
export * from "./trajectory-length";
export * from "./whole-space";
