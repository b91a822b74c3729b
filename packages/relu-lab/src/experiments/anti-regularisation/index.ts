export * from "./digits";
export * from "./experiment";
export * from "./hinge";
export * from "./pictures";
export * from "./summary";
export * from "./training";
