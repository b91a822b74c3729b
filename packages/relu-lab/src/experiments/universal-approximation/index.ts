export * from "./staircases";
export * from "./one-layer";
export * from "./polynomials";
export * from "./yarotsky";
export * from "./round-trips";
export * from "./learned";
