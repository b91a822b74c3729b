import * as path from "node:path";
import { installedParts } from "../parts";

/** JupyterLab's own packages, 384 MB (see `installedParts`). */
export const jupyterLabParts = () => installedParts(path.join(__dirname, "parts"), "JupyterLab");
