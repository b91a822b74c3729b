import type { Picture, PictureRequest, PointedAt } from "./picture/types";
import type { SawtoothFound, SawtoothRequest } from "./sawtooth/types";
import type { Learned, Lesson, Sight } from "./training/types";

/** What the page may ask of a worker, and what it gets. */
export interface Jobs {
  /** The exact pieces of a perturbed sawtooth. */
  sawtooth: { request: SawtoothRequest; answer: SawtoothFound };
  /** Counts and draws the regions of a network on a plane. */
  picture: { request: PictureRequest; answer: Picture };
  /** What lies under a point of the last picture. */
  point: { request: { column: number; row: number }; answer: PointedAt | null };
  /** Begins a training anew, and shows its networks before the first step. */
  lesson: { request: { lesson: Lesson; sight: Sight }; answer: Learned };
  /** Trains on to the next picture. */
  learn: { request: Sight; answer: Learned };
  /** Draws both networks again as they are. */
  look: { request: Sight; answer: Learned };
}

/** The name of a job. */
export type JobName = keyof Jobs;

/** A request as it is posted. */
export interface Asked<Name extends JobName = JobName> {
  readonly id: number;
  readonly name: Name;
  readonly request: Jobs[Name]["request"];
}

/** What is posted back. */
export interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** An answer, and the buffers that move to the page with it instead of being copied. */
export interface Done<Answer> {
  readonly answer: Answer;
  readonly moved?: ArrayBuffer[];
}
