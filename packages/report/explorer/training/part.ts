import { networkToJson } from "relu-lab/network";
import { brief, byId, settled, tellTrouble, whole } from "../controls/elements";
import { button, choice, seedField, slider } from "../controls/inputs";
import { saveJson } from "../controls/save";
import { networkOf, shapesOf } from "../flat-network";
import { putPixels } from "../picture/put-pixels";
import type { Colouring } from "../picture/types";
import type { WorkerClient } from "../worker-client";
import { drawHistory, type Moment } from "./history";
import { targets, type TargetName } from "./targets";
import type { Learned, Lesson, Sight } from "./types";
import { drawTarget } from "./target-picture";

const names = ["plain", "promoted"] as const;
/** Pixels of each picture. */
const size = 360;

/** The part with the training: two networks that learn side by side. */
export function startTraining(worker: WorkerClient): void {
  const canvases = names.map((name) => byId(`learn-${name}`, HTMLCanvasElement));
  const counts = names.map((name) => byId(`learn-${name}-count`, HTMLElement));
  let history: Moment[] = [];
  let last: Learned | undefined;
  let running = false;
  /** Which lesson an answer belongs to: a reset may overtake it. */
  let lesson = 0;
  let busy: Promise<void> = Promise.resolve();
  let spare: (ArrayBuffer | undefined)[] = [];

  const wanted = (): Lesson => ({
    target: target.value as TargetName,
    hidden: hidden.value.split(",").map(Number),
    seed: seed.value,
    weight: 10 ** weight.value,
    every: Number(every.value),
  });
  /** How the next pictures are drawn: finely when they are to stay. */
  const sight = (): Sight => ({ size, colouring: colour.value as Colouring, fine: !running, pixels: spare });
  const moved = () => spare.filter((buffer): buffer is ArrayBuffer => buffer !== undefined);

  const tell = settled(() => {
    if (!last) return;
    const [plain, promoted] = last.pupils.map((pupil) => (pupil ? whole(pupil.picture.regions) : "no"));
    byId("learn-says", HTMLElement).textContent =
      `After ${whole(last.step)} steps: ${plain} regions alone, ${promoted} with anti-regularisation.`;
  });

  const show = (learned: Learned) => {
    last = learned;
    learned.pupils.forEach((pupil, k) => {
      if (!pupil) {
        counts[k].textContent = "its weights are no longer finite: reset it, with a smaller weight";
        return;
      }
      const { regions, pixels } = pupil.picture;
      putPixels(canvases[k], pixels, size);
      const error = Number.isNaN(pupil.fit) ? "not trained yet" : `error ${brief(pupil.fit)}`;
      counts[k].textContent = `${whole(regions)} regions, ${error}`;
    });
    spare = learned.pupils.map((pupil) => pupil?.picture.pixels);
    if (history.at(-1)?.step !== learned.step) {
      history.push({ step: learned.step, regions: learned.pupils.map((pupil) => pupil?.picture.regions) });
      drawHistory(history);
    }
    tell();
    if (learned.done) pause();
  };

  /** One question at a time; what an overtaken lesson answers is dropped. */
  const ask = (question: () => Promise<Learned>): Promise<void> => {
    const own = lesson;
    busy = busy.then(async () => {
      if (own !== lesson) return;
      const learned = await question();
      if (own === lesson) show(learned);
    });
    return busy;
  };
  const learn = () => {
    if (last?.done) return Promise.resolve();
    return ask(() => worker.ask("learn", sight(), moved()));
  };

  const run = button("learn-run", () => (running ? pause() : start()));
  const label = () =>
    (run.textContent = running
      ? "Pause"
      : last?.done
        ? "Train again"
        : history.length > 1
          ? "Train on"
          : "Train");
  function pause() {
    if (running) {
      running = false;
      look();
    }
    label();
  }
  /** The same networks again: in other colours, or finely after they have stopped. */
  function look() {
    void ask(() => worker.ask("look", sight(), moved())).catch(fail);
  }
  function start() {
    if (last?.done) begin();
    running = true;
    label();
    const go = async () => {
      const own = lesson;
      await learn();
      if (running && own === lesson) requestAnimationFrame(() => void go().catch(fail));
    };
    void go().catch(fail);
  }
  function fail(reason: unknown) {
    pause();
    tellTrouble(reason);
  }
  /** Begins anew, and goes on training if it was. */
  function begin() {
    const wasRunning = running;
    lesson++;
    running = false;
    history = [];
    last = undefined;
    spare = [];
    busy = busy.catch(() => undefined);
    void ask(() => worker.ask("lesson", { lesson: wanted(), sight: sight() })).catch(fail);
    drawTarget(targets[target.value as TargetName]);
    if (wasRunning) start();
    else label();
  }

  const target = choice("learn-target", begin);
  const hidden = choice("learn-hidden", begin);
  const weight = slider("learn-weight", begin, (value) => brief(10 ** value));
  const every = choice("learn-every", begin);
  const seed = seedField("learn-seed", begin);
  const colour = choice("learn-colour", look);
  button("learn-step", () => {
    pause();
    void learn().catch(fail);
  });
  button("learn-reset", () => {
    pause();
    begin();
  });
  names.forEach((name, k) =>
    button(`learn-save-${name}`, () => {
      const pupil = last?.pupils[k];
      if (!last || !pupil) return;
      const domain = { type: "box", lo: [-1, -1], hi: [1, 1] } as const;
      const description = `${name}, ${target.value}, seed ${seed.value}, after ${last.step} steps`;
      const network = networkOf(shapesOf([2, ...wanted().hidden, 1]), pupil.parameters);
      saveJson(`learned-${name}.json`, networkToJson(network, { domain, description }));
    }),
  );
  begin();
}
