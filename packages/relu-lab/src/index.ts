export * as random from "./random";
export * as network from "./network";
export * as regions from "./regions";
