export * from "./walk";
export * from "./maps";
export * from "./segment";
export * from "./plane";
export * from "./space";
export * from "./distance";
export * from "./bounds";
export * from "./statistics";
