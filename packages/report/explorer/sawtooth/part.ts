import { networkToJson } from "relu-lab/network";
import type { PerturbedPart, SawtoothForm } from "relu-lab/sawtooth";
import { byId, settled, tellTrouble, whole } from "../controls/elements";
import { button, choice, seedField, slider } from "../controls/inputs";
import { saveJson } from "../controls/save";
import { Frames } from "../frames";
import type { WorkerClient } from "../worker-client";
import { drawCurve } from "./curve";
import { requestedSawtooth } from "./network";
import type { SawtoothFound, SawtoothRequest } from "./types";
import { WeightSliders } from "./weights";

/** The part with the sawtooth: sliders in, curve and counts out. */
export function startSawtooth(worker: WorkerClient): void {
  let found: SawtoothFound | undefined;
  const say = (id: string, text: string) => (byId(id, HTMLElement).textContent = text);

  const show = () => {
    if (!found) return;
    drawCurve(found, { n: n.value, zoom: 2 ** zoom.value, middle: place.value });
  };
  const tell = settled(() => {
    if (!found) return;
    const lost = 1 - found.laps / 2 ** n.value;
    const share = lost === 0 ? "all of them are there" : `${(100 * lost).toFixed(1)} per cent are lost`;
    say(
      "saw-says",
      `${whole(found.laps)} of ${whole(2 ** n.value)} laps: ${share}. Every decision was ${found.certified ? "certain" : "made in doubles"}.`,
    );
  });
  const counts = new Frames(async (request: SawtoothRequest) => {
    found = await worker.ask("sawtooth", request);
    say("saw-laps", `${whole(found.laps)} of ${whole(2 ** request.n)}`);
    say("saw-pieces", whole(found.pieces));
    say("saw-intervals", whole(found.intervals));
    say("saw-neurons", whole(found.neurons));
    byId("saw-share", HTMLProgressElement).value = found.laps / 2 ** request.n;
    weights.show(found.parameters);
    show();
    tell();
  }, tellTrouble);
  const wanted = (): SawtoothRequest => ({
    n: n.value,
    form: form.value as SawtoothForm,
    deviation: deviation.value,
    part: part.value as PerturbedPart,
    seed: seed.value,
    own: weights.own,
  });
  const ask = () => counts.want(wanted());

  const weights = new WeightSliders(ask);
  const reshape = () => {
    weights.reshape(n.value, form.value as SawtoothForm);
    ask();
  };
  const renoise = () => {
    weights.forget();
    ask();
  };
  const n = slider("saw-n", reshape, (value) => `${value}: ${whole(2 ** value)} laps`);
  const deviation = slider("saw-deviation", renoise, (value) => `${(100 * value).toFixed(1)} %`);
  const seed = seedField("saw-seed", renoise);
  const form = choice("saw-form", reshape);
  const part = choice("saw-part", renoise);
  const zoom = slider("saw-zoom", show, (value) => `${Math.round(2 ** value)}×`);
  const place = slider("saw-place", show, (value) => value.toFixed(3));
  button("saw-shake", () => {
    seed.value = seed.value + 1;
    if (deviation.value === 0) deviation.value = 0.05;
    renoise();
  });
  button("saw-reset", () => {
    deviation.value = 0;
    zoom.value = 0;
    renoise();
  });
  button("saw-save", () => {
    const domain = { type: "box", lo: [0], hi: [1] } as const;
    saveJson("sawtooth.json", networkToJson(requestedSawtooth(wanted()), { domain }));
  });
  reshape();
}
