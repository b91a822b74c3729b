export * as random from "./random";
export * as network from "./network";
export * as sawtooth from "./sawtooth";
export * as regions from "./regions";
export * as experiments from "./experiments";
export * as runtime from "./runtime";
export * as datasets from "./datasets";
export * as models from "./models";
