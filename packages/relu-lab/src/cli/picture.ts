import * as path from "node:path";
import { writeWhole } from "../files";
import type { PlaneRegions } from "../regions";
import type { Overlay } from "./picture-frame";
import { regionsPng } from "./picture-png";
import { regionsSvg } from "./picture-svg";
import { UserError } from "./user-error";

/** Refuses a name that is neither .svg nor .png, before anything is counted. */
export function checkPicture(file: string): void {
  if (!/\.(svg|png)$/i.test(file)) throw new UserError(`--picture ${file}: a name in .svg or .png is needed`);
}

/** Writes the picture in the kind that the file's name says; whole, or not at all. */
export function writePicture(file: string, found: PlaneRegions, overlay: Overlay): void {
  const draw = path.extname(file).toLowerCase() === ".png" ? regionsPng : regionsSvg;
  const content = draw(found, overlay);
  try {
    writeWhole(file, content, { remedy: "name another file after --picture" });
  } catch (error) {
    throw new UserError(`--picture: ${(error as Error).message}`);
  }
}
