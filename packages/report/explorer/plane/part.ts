import { networkToJson, type ReluNetwork } from "relu-lab/network";
import { byId, settled, tellTrouble, whole } from "../controls/elements";
import { button, choice, offer, seedField } from "../controls/inputs";
import { saveJson } from "../controls/save";
import { putPixels } from "../picture/put-pixels";
import type { Colouring, Picture, PointedAt } from "../picture/types";
import type { SliceDomain } from "relu-lab/regions/plane";
import type { WorkerClient } from "../worker-client";
import { drawDigit, readDigits } from "./digits";
import { Frames } from "../frames";
import { listen } from "./gestures";
import { LineEditor } from "./line-editor";
import { offers } from "./networks";
import { drawOverlay } from "./overlay";
import { digitScene, flatScene, type Scene } from "./scene";
import { tellPoint } from "./under-pointer";
import { boxOf, panned, placeAt, zoomed, type View } from "./view";

/** How fast weights move, in radians a second. */
const pace = 0.12;

/** Pixels of a picture in motion in each direction, at most. */
const largest = 640;

/** The part with the plane: a network, where it is looked at, and what lies under the pointer. */
export function startPlane(worker: WorkerClient): void {
  const canvas = byId("plane-canvas", HTMLCanvasElement);
  const overlay = byId("plane-overlay", SVGSVGElement);
  const digits = readDigits(document.getElementById("explorer-digits")?.textContent ?? "");
  const say = (id: string, text: string) => (byId(id, HTMLElement).textContent = text);

  let scene: Scene;
  let view: View;
  /** The network that the worker has, and the memory of the last picture. */
  let sent: ReluNetwork | undefined;
  let spare: ArrayBuffer | undefined;
  /** Pixels of the screen that the picture takes in each direction. */
  let sharp = 560;
  let cursor: readonly [number, number] | undefined;
  let pointed: PointedAt | null = null;
  /** Whether every decision of the last picture's count is certain. */
  let certain = true;
  /** The beginning of the movement, and when it was; undefined while all stands still. */
  let moving: { readonly from: Scene; readonly since: number } | undefined;

  const tell = settled(() => {
    const { offer: shown } = scene;
    const about = shown.trained
      ? ` Trained: ${digits.about}; ${digits.data}; ${(100 * digits.accuracy).toFixed(1)} % of the test images right.`
      : "";
    say(
      "plane-says",
      `${byId("plane-regions", HTMLElement).textContent} activation regions in view, ${certain ? "every decision certain" : "some decisions uncertain"}.${about}`,
    );
  });

  const tellCounts = ({ regions, linearRegions, cellsAfterEachLayer, counting, drawing }: Picture) => {
    say("plane-regions", whole(regions));
    say("plane-linear", linearRegions === undefined ? "…" : whole(linearRegions));
    say("plane-layers", cellsAfterEachLayer.map(whole).join(" → "));
    say(
      "plane-rate",
      moving
        ? `${frames.rate.toFixed(0)} pictures a second`
        : `counted in ${counting.toFixed(1)} ms, drawn in ${drawing.toFixed(1)} ms`,
    );
  };
  const drawOver = () => drawOverlay(overlay, { view, editable: editor.shown, pointed, marks: scene.marks });

  const frames = new Frames<{ scene: Scene; view: View; fine: boolean }>(async (wish) => {
    const moved = spare ? [spare] : [];
    const { network: wished } = wish.scene;
    const layers = wished === sent ? undefined : wished.specs();
    sent = wished;
    const request = {
      layers,
      domain: wish.scene.domain(wish.view),
      view: boxOf(wish.view),
      size: wish.fine ? sharp : Math.min(largest, sharp),
      fine: wish.fine,
      colouring: colour.value as Colouring,
      pixels: spare,
    };
    spare = undefined;
    const picture = await worker.ask("picture", request, moved);
    putPixels(canvas, picture.pixels, picture.size);
    certain = picture.certified;
    spare = picture.pixels;
    tellCounts(picture);
    drawOver();
    canvas.dataset.fine = String(wish.fine);
    canvas.dataset.milliseconds = (picture.counting + picture.drawing).toFixed(2);
    tell();
  }, tellTrouble);

  const refine = settled(() => {
    frames.want({ scene, view, fine: true });
    point();
  }, 160);
  /** A picture at once, and a finer one when nothing has changed for a while. */
  const draw = () => {
    pointed = null;
    canvas.dataset.fine = "false";
    frames.want({ scene, view, fine: false });
    if (!moving) refine();
  };

  const point = () => {
    const at = cursor;
    if (!at || moving) {
      pointed = null;
      tellPoint(null);
      return;
    }
    void worker.ask("point", { column: at[0] * canvas.width, row: at[1] * canvas.width }).then((found) => {
      if (at !== cursor) return;
      pointed = found;
      tellPoint(found, 2 * view.half);
      drawOver();
    }, tellTrouble);
  };

  const editor = new LineEditor((network) => {
    scene = flatScene(scene.offer, seed.value, network);
    stop();
    draw();
  });

  const build = () => {
    const chosen = offers[network.selectedIndex];
    const flat = chosen.sizes[0] === 2;
    const through = selects.map((select) => Number(select.value)) as [number, number, number];
    scene = flat ? flatScene(chosen, seed.value) : digitScene(chosen, seed.value, digits, through);
    view = scene.whole;
    byId("plane-digits", HTMLElement).hidden = flat;
    byId("plane-seed", HTMLInputElement).disabled = chosen.trained === true;
    say("plane-move", flat ? "Move the weights" : "Move the plane");
    canvases.forEach((small, k) => {
      drawDigit(small, digits.images[through[k]]);
      small.setAttribute("aria-label", `The digit ${through[k]}`);
    });
    editor.edit(flat ? scene.network : undefined);
    if (moving) moving = { from: scene, since: performance.now() };
    draw();
  };

  const step = () => {
    if (!moving) return;
    scene = moving.from.at((pace * (performance.now() - moving.since)) / 1000);
    if (moving.from.offer.sizes[0] !== 2) view = scene.whole;
    editor.follow(scene.network);
    draw();
    requestAnimationFrame(step);
  };
  const move = button("plane-move", () => {
    if (moving) {
      stop();
      draw();
    } else {
      moving = { from: scene, since: performance.now() };
      move.setAttribute("aria-pressed", "true");
      requestAnimationFrame(step);
    }
  });
  function stop() {
    moving = undefined;
    move.setAttribute("aria-pressed", "false");
  }

  const selects = [0, 1, 2].map((k) => {
    const select = document.querySelectorAll<HTMLSelectElement>("#plane-digits select")[k];
    offer(
      select,
      digits.images.map((_, d) => [String(d), String(d)]),
    );
    select.selectedIndex = [3, 5, 8][k];
    select.addEventListener("change", () => {
      // Three digits on a line span no plane: the one that was chosen before gives way.
      for (const other of selects)
        if (other !== select && other.value === select.value)
          other.selectedIndex =
            [...Array(10).keys()].find((d) => selects.every((s) => s.selectedIndex !== d)) ?? 0;
      build();
    });
    return select;
  });
  const canvases = [0, 1, 2].map((k) => byId(`plane-digit-${k}`, HTMLCanvasElement));
  const network = choice("plane-network", build);
  offer(
    network,
    offers.map(({ id, words }) => [id, words]),
  );
  network.selectedIndex = 1;
  const seed = seedField("plane-seed", build);
  const colour = choice("plane-colour", draw);

  const look = (next: View) => {
    view = next;
    draw();
  };
  const home = () => look(scene.whole);
  listen(canvas, {
    grab: (u, v) => editor.grab(placeAt(view, u, v), view),
    drag: (u, v) => editor.drag(placeAt(view, u, v), view),
    pan: (right, down) => look(panned(view, right, -down)),
    zoom: (factor, u, v) => look(zoomed(view, factor, [u, v], scene.whole)),
    point(at) {
      cursor = at;
      point();
      if (!at) drawOver();
    },
    home,
  });
  button("plane-in", () => look(zoomed(view, 1 / 1.5, [0.5, 0.5], scene.whole)));
  button("plane-out", () => look(zoomed(view, 1.5, [0.5, 0.5], scene.whole)));
  button("plane-home", home);
  button("plane-save", () => {
    const domain = scene.domain(view);
    const stored =
      "origin" in domain
        ? { type: "slice" as const, ...plain(domain), ...boxOf(view) }
        : { type: "box" as const, ...boxOf(view) };
    saveJson("network.json", networkToJson(scene.network, { domain: stored }));
  });
  new ResizeObserver(([{ contentRect }]) => {
    sharp = Math.max(
      200,
      Math.min(2 * largest, Math.round(contentRect.width * Math.min(2, devicePixelRatio))),
    );
    draw();
  }).observe(canvas);
  build();
}

/** A plane as `relu-lab regions` reads it. */
function plain({ origin, directions: [u, v] }: SliceDomain): object {
  return { c: Array.from(origin), u: Array.from(u), v: Array.from(v) };
}
