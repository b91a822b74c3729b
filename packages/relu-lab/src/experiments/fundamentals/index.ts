export * from "./activations";
export * from "./backpropagation";
export * from "./convolution";
export * from "./descent";
export * from "./gradient-check";
