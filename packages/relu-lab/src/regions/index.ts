export * from "./bounds";
export * from "./maps";
export * from "./distance";
export * from "./segment";
export * from "./plane";
export * from "./space";
