import { packageVersion } from "../package-folder";

/** Versions of what runs the notebooks, for the record. */
export function versions(): Record<string, string> {
  return {
    node: process.versions.node,
    tslab: packageVersion("tslab"),
    typescript: packageVersion("@tslab/typescript-for-tslab"),
    "vega-lite": packageVersion("vega-lite"),
  };
}
