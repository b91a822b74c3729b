/** Versions of what runs the notebooks, for the record. */
export function versions(): Record<string, string> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a package's own manifest, read at run time
  const version = (name: string): string => require(`${name}/package.json`).version;
  return {
    node: process.versions.node,
    tslab: version("tslab"),
    typescript: version("@tslab/typescript-for-tslab"),
    "vega-lite": version("vega-lite"),
  };
}
