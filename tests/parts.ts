// Large tools that only one test needs stand in a manifest with a lock file of their own and are installed by the test
// that needs them, so that a fresh clone's `npm test` stays light.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

const root = path.join(__dirname, "..");
const manifests = ["package.json", "package-lock.json"];

/** The `require` of the folder in which a manifest's packages are installed, or null with a printed reason. */
export function installedParts(
  manifest: string,
  name: string,
): { folder: string; require: NodeRequire } | null {
  const hash = createHash("sha256");
  for (const file of manifests) hash.update(fs.readFileSync(path.join(manifest, file)));
  const cache = path.join(root, "data/cache"); // not below node_modules: an installation of the workspace empties that
  const folder = path.join(cache, `${name.toLowerCase()}-${hash.digest("hex").slice(0, 12)}`);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(cache, { recursive: true });
    const fresh = fs.mkdtempSync(`${folder}-`);
    for (const file of manifests) fs.copyFileSync(path.join(manifest, file), path.join(fresh, file));
    const result = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: fresh,
      encoding: "utf8",
    });
    if (result.status !== 0) {
      fs.rmSync(fresh, { recursive: true, force: true });
      console.log(`skipped: ${name}'s parts, because npm could not install them: ${result.stderr}`);
      return null;
    }
    fs.renameSync(fresh, folder);
  }
  return { folder, require: createRequire(path.join(folder, "package.json")) };
}
