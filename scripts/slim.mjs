// Takes away what the installed packages bring and nothing here can load: two fifths of the installation. tfjs must come as
// its union package (core's own Node bundle registers neither gradients nor chained operations), and most of that are
// bundles for browsers; binaryen brings command-line programs of which the AssemblyScript compiler uses none.
import * as fs from "node:fs";
import path from "node:path";

const unused = [
  { folder: "binaryen/bin", files: /./ },
  { folder: "@tensorflow", files: /\.(es2017|fesm)(\.min)?\.js$|\.min\.js$|_test\.(js|d\.ts)$/ },
  { folder: ".", files: /\.(js|cjs|mjs|ts)\.map$/ },
];

/** Removes the files that are never loaded from a node_modules folder. A link is left alone: it leads to a package of ours. */
export function slim(modules) {
  for (const { folder, files } of unused) remove(path.join(modules, folder), files);
}

function remove(folder, files) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) remove(place, files);
    else if (entry.isFile() && files.test(entry.name)) fs.rmSync(place);
  }
}
