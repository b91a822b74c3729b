export { Tape, type Bound, type ParameterOptions } from "./tape";
export type { ParameterPlace } from "./program";
export { Value, type Made, type Node, type Recorder } from "./value";
export type { BinaryKind, UnaryKind } from "./instructions";
export {
  blockOutputs,
  chain,
  dense,
  type Applied,
  type DenseOptions,
  type LayerValues,
  type Model,
} from "./model";
export { cosine, phases, until, type Schedule } from "./schedule";
export { adam, momentum, sgd, type Optimiser, type Rates } from "./optimiser";
export type { Program, ProgramCode, Watch } from "./program";
export type { EngineName, PlanOptions } from "./plan";
export type { ReadOut, TrialEnd } from "./run";
export {
  differentiate,
  train,
  trainStepwise,
  trainSync,
  type Derivative,
  type TrainOptions,
  type TrainThreads,
  type Trial,
  type TrialResult,
} from "./train";
