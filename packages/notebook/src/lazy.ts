import { createRequire } from "node:module";

/** Loads a module at the moment it is needed: importing this package must not cost a cell Vega or danfojs. */
export const lazily = createRequire(__filename);
