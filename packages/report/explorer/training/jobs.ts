import type { ReadOut } from "relu-lab/ensemble";
import type { Done } from "../jobs";
import { RegionPicture } from "../picture/region-picture";
import { beginTraining, steps, type Training } from "./experiment";
import type { Learned, Lesson, Pupil, Sight } from "./types";

const square = { lo: [-1, -1], hi: [1, 1] };
const pictures = [new RegionPicture(), new RegionPicture()];

/** The training that goes on. */
interface Going {
  readonly training: Training;
  /** Both networks of the last step, as far as their weights are finite. */
  now: readonly (ReadOut | undefined)[];
  /** A read-out that came after them: of a step that is not asked for yet. */
  next: ReadOut | undefined;
}
let going: Going | undefined;

const take = ({ readOuts }: Training): ReadOut | undefined => readOuts.next().value ?? undefined;

/** Trains on to the next read-out of both networks, and no further. */
function advance(to: Going): void {
  const first = to.next ?? take(to.training);
  to.next = undefined;
  if (!first) return;
  const now: (ReadOut | undefined)[] = [undefined, undefined];
  now[first.trial] = first;
  while (!now.every(Boolean) && !to.next) {
    const other = take(to.training);
    if (!other) break;
    if (other.step === first.step) now[other.trial] = other;
    else to.next = other; // the other network of this step has failed, and will not come
  }
  to.now = now;
}

function pupilOf(training: Training, readOut: ReadOut, sight: Sight, pixels?: ArrayBuffer): Pupil {
  const { trial, step, parameters, watched } = readOut;
  const layers = training.network(parameters).specs();
  return {
    picture: pictures[trial].draw({ layers, view: square, domain: square, ...sight, pixels }),
    fit: step === 0 ? NaN : watched.fit[0],
    parameters: parameters.slice(0, -1),
  };
}

function show({ training, now }: Going, { pixels = [], ...sight }: Sight): Done<Learned> {
  const pupils = now.map((readOut, k) => readOut && pupilOf(training, readOut, sight, pixels[k]));
  const step = Math.max(0, ...now.map((readOut) => readOut?.step ?? 0));
  const moved = pupils.flatMap((pupil) => (pupil ? [pupil.picture.pixels] : []));
  return { answer: { step, done: step >= steps || !now.some(Boolean), pupils }, moved };
}

function started(): Going {
  if (!going) throw new Error("no training has begun: ask for a lesson first");
  return going;
}

/** Begins anew. */
export function lessonJob({ lesson, sight }: { lesson: Lesson; sight: Sight }): Done<Learned> {
  going?.training.readOuts.return();
  going = { training: beginTraining(lesson), now: [undefined, undefined], next: undefined };
  advance(going);
  return show(going, sight);
}

/** Trains on. */
export function learnJob(sight: Sight): Done<Learned> {
  advance(started());
  return show(started(), sight);
}

/** Draws the same networks again, in other colours or more finely. */
export function lookJob(sight: Sight): Done<Learned> {
  return show(started(), sight);
}
