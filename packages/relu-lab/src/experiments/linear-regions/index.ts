export * from "./bounds";
export * from "./counts";
export * from "./pictures";
export * from "./training";
