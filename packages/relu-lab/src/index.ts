export * as random from "./random";
export * as network from "./network";
