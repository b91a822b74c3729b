import * as path from "node:path";
import { installKernelSpec, jupyterDataFolder, lookForJupyter } from "../kernelspec/install";
import { exitCodeOf, readOptions, UsageError } from "./command-line";

const help = `npm run kernel [-- --user | --prefix DIR]

Installs the kernel "TypeScript (tslab)" for Jupyter. It runs this repository's own tslab; after
the repository (or Node) has moved, run the command again.

  --user         for this user (the default): JUPYTER_DATA_DIR, or the platform's folder
  --prefix DIR   below DIR/share/jupyter, such as a virtual environment
  --help         this text

Then: jupyter lab notebooks/`;

/** The command behind `npm run kernel`; returns the exit code. */
export function kernelCommand(words: readonly string[], root: string): Promise<number> {
  return exitCodeOf(() => run(words, root));
}

function run(words: readonly string[], root: string): number {
  const values = readOptions("npm run kernel", words, {
    user: { type: "boolean" },
    prefix: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.user && values.prefix !== undefined) throw new UsageError("give --user or --prefix, not both");
  if (values.prefix === "") throw new UsageError("--prefix wants a folder");
  if (values.help) {
    console.log(help);
    return 0;
  }
  const data =
    values.prefix === undefined ? jupyterDataFolder() : path.resolve(values.prefix, "share", "jupyter");
  const folder = installKernelSpec(root, data);
  console.log(`kernel "TypeScript (tslab)" installed in ${folder}`);
  const jupyter = lookForJupyter(folder);
  if (jupyter === "missing") {
    console.log(
      "Jupyter is not found on this machine. The kernel is ready for when it is: install JupyterLab " +
        "(`pip install jupyterlab`, or your system's package) and run `jupyter lab notebooks/`. " +
        "The report itself (`npm run report`) needs no Jupyter.",
    );
  } else if (jupyter === "does not find it") {
    console.log(
      `Jupyter is there but does not look into ${data}, or another kernel called tslab comes first. ` +
        `Start it with JUPYTER_PATH=${data}, or install with --user.`,
    );
  } else {
    console.log("Jupyter finds it: jupyter lab notebooks/");
  }
  return 0;
}
