export * from "./plane";
