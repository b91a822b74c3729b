import * as fs from "node:fs";
import * as path from "node:path";

/**
 * The folder of an installed package, found as `require` would find it. (`require.resolve("name/package.json")` fails
 * for packages whose `exports` leave their manifest out.)
 */
export function packageFolder(name: string): string {
  for (const modules of require.resolve.paths(name) ?? []) {
    const folder = path.join(modules, name);
    if (fs.existsSync(path.join(folder, "package.json"))) return folder;
  }
  throw new Error(`the package ${name} is not installed`);
}

/** The version that an installed package's manifest gives. */
export function packageVersion(name: string): string {
  const manifest = fs.readFileSync(path.join(packageFolder(name), "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
