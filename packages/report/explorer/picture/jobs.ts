import type { Done } from "../jobs";
import { RegionPicture } from "./region-picture";
import type { Picture, PictureRequest, PointedAt } from "./types";

/** Each worker draws for one canvas. */
const picture = new RegionPicture();

export function drawJob(request: PictureRequest): Done<Picture> {
  const answer = picture.draw(request);
  return { answer, moved: [answer.pixels] };
}

export function pointJob({ column, row }: { column: number; row: number }): Done<PointedAt | null> {
  return { answer: picture.at(column, row) };
}
