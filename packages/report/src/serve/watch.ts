import * as fs from "node:fs";
import * as path from "node:path";

/** The folders of a checkout whose files make the report: the notebooks, and each package's sources. */
export function watchedFolders(root: string): string[] {
  const packages = path.join(root, "packages");
  const names = fs.existsSync(packages) ? fs.readdirSync(packages) : [];
  const parts = names.flatMap((name) =>
    ["src", "assembly", "assets"].map((part) => path.join(packages, name, part)),
  );
  return [path.join(root, "notebooks"), ...parts].filter((folder) => fs.existsSync(folder));
}

/** What editors and the build itself leave behind is no edit. */
const isSource = (file: string) =>
  /\.(?:ipynb|ts|js|css|json)$/.test(file) && !/\.generated\.ts$|(?:^|\/)\.|~$/.test(file);

/**
 * Calls back when sources have been written, once for several writes close together.
 * @param folders watched with all below them
 * @param changed called with one of the files
 * @param quiet how long nothing must have been written, in ms
 * @returns a function that ends the watch
 */
export function watchSources(
  folders: readonly string[],
  changed: (file: string) => void,
  quiet = 300,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    fs.watch(folder, { recursive: true }, (_event, name) => {
      if (!name || !isSource(name.split(path.sep).join("/"))) return;
      clearTimeout(timer);
      timer = setTimeout(() => changed(path.join(folder, name)), quiet);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
