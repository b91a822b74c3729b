import type { ReadOut } from "relu-lab/ensemble";
import type { Done } from "../jobs";
import { RegionPicture } from "../picture/region-picture";
import { beginTraining, steps, type Training } from "./experiment";
import type { Learned, Lesson, Pupil } from "./types";

const square = { lo: [-1, -1], hi: [1, 1] };
const pictures = [new RegionPicture(), new RegionPicture()];

/** The training that goes on, and the first read-out of the step after the last one shown. */
interface Going {
  readonly lesson: Lesson;
  readonly training: Training;
  next: ReadOut | undefined;
}
let going: Going | undefined;

const take = ({ readOuts }: Training): ReadOut | undefined => readOuts.next().value ?? undefined;

function pupilOf(
  { lesson, training }: Going,
  { trial, step, parameters, watched }: ReadOut,
  pixels?: ArrayBuffer,
): Pupil {
  const network = training.network(parameters);
  const { size, colouring } = lesson;
  const look = { view: square, domain: square, size, colouring, fine: false };
  return {
    picture: pictures[trial].draw({ layers: network.specs(), ...look, pixels }),
    fit: step === 0 ? NaN : watched.fit[0],
    parameters: parameters.slice(0, -1),
  };
}

/** Draws all networks of one step. */
function show(now: Going, pixels: readonly (ArrayBuffer | undefined)[]): Done<Learned> {
  const pupils: (Pupil | undefined)[] = [undefined, undefined];
  const step = now.next?.step ?? steps;
  while (now.next?.step === step) {
    const { trial } = now.next;
    pupils[trial] = pupilOf(now, now.next, pixels[trial]);
    // Nothing more is trained than is shown: the next step begins when it is asked for.
    now.next = pupils.every(Boolean) ? undefined : take(now.training);
  }
  const moved = pupils.flatMap((pupil) => (pupil ? [pupil.picture.pixels] : []));
  return { answer: { step, done: step >= steps, pupils }, moved };
}

export function lessonJob(lesson: Lesson): Done<Learned> {
  going?.training.readOuts.return();
  const training = beginTraining(lesson);
  going = { lesson, training, next: take(training) };
  return show(going, []);
}

export function learnJob({ pixels }: { pixels: (ArrayBuffer | undefined)[] }): Done<Learned> {
  if (!going) throw new Error("no training has begun: ask for a lesson first");
  going.next ??= take(going.training);
  return show(going, pixels);
}
