export * from "./depth-and-polynomials";
export * from "./function-rows";
export * from "./learned-approximation";
export * from "./learning-curves";
export * from "./region-counts";
export * from "./sawtooth-pieces";
export * from "./universal-approximation";
export * from "./three-digits";
