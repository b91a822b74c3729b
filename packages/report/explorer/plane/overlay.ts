import type { ReluNetwork } from "relu-lab/network";
import { drawn } from "../controls/elements";
import type { PointedAt } from "../picture/types";
import { footOf, lineOf } from "./lines";
import { shareAt, type View } from "./view";

/** More lines than these are no longer told apart, and none is drawn. */
export const mostLines = 16;
/** How far the handle that turns a line stands from the one that moves it, in shares of half the picture. */
const handleDistance = 0.4;

/** What is drawn over a picture. */
export interface Overlay {
  readonly view: View;
  /** With the lines of its first layer, one of them chosen. */
  readonly editable?: { readonly network: ReluNetwork; readonly chosen: number };
  readonly pointed?: PointedAt | null;
  /** Points with a name. */
  readonly marks?: readonly { readonly at: readonly [number, number]; readonly name: string }[];
}

const path = (view: View, points: readonly (readonly [number, number])[], closed = false) =>
  points
    .map(
      ([x, y], i) =>
        `${i ? "L" : "M"}${shareAt(view, x, y)
          .map((share) => share.toFixed(5))
          .join(" ")}`,
    )
    .join("") + (closed ? "Z" : "");

/** The handles of a chosen line: one moves it, one turns it. */
export function handlesOf(
  network: ReluNetwork,
  neuron: number,
  view: View,
): { move: [number, number]; turn: [number, number] } {
  const { foot, along } = footOf(lineOf(network, neuron), view.x, view.y);
  const away = handleDistance * view.half;
  return { move: foot, turn: [foot[0] + away * along[0], foot[1] + away * along[1]] };
}

function lines({ network, chosen }: Required<Overlay>["editable"], view: View): Element[] {
  const neurons = network.layers[0].outputs;
  const elements: Element[] = [];
  for (let k = 0; k < neurons; k++) {
    const neuron = (k + chosen + 1) % neurons; // the chosen one last, and so on top
    const { foot, along } = footOf(lineOf(network, neuron), view.x, view.y);
    const far = 4 * view.half;
    const ends = [-far, far].map((s) => [foot[0] + s * along[0], foot[1] + s * along[1]] as const);
    const d = path(view, ends);
    elements.push(drawn("path", { class: "line-below", d }));
    elements.push(drawn("path", { class: neuron === chosen ? "line chosen" : "line", d }));
  }
  const { move, turn } = handlesOf(network, chosen, view);
  for (const [name, at] of [
    ["move", move],
    ["turn", turn],
  ] as const)
    elements.push(
      drawn("path", { class: "handle", d: `${path(view, [at])}h0` }),
      ...(name === "turn" ? [drawn("path", { class: "handle turn", d: `${path(view, [at])}h0` })] : []),
    );
  return elements;
}

/** Draws what belongs over the picture. */
export function drawOverlay(svg: SVGSVGElement, { view, editable, pointed, marks = [] }: Overlay): void {
  const elements = editable ? lines(editable, view) : [];
  if (pointed) {
    const corners = Array.from(
      { length: pointed.corners.length / 2 },
      (_, i) => [pointed.corners[2 * i], pointed.corners[2 * i + 1]] as const,
    );
    const [x0, y0, x1, y1] = pointed.edge;
    elements.push(
      drawn("path", { class: "region", d: path(view, corners, true) }),
      drawn("path", {
        class: "nearest",
        d: path(view, [
          [x0, y0],
          [x1, y1],
        ]),
      }),
      drawn("path", { class: "pointer", d: `${path(view, [pointed.point])}h0` }),
    );
  }
  for (const { at, name } of marks) {
    const [x, y] = shareAt(view, ...at);
    for (const kind of ["mark-below", "mark"])
      elements.push(drawn("text", { class: kind, x, y, "text-anchor": "middle", dy: "0.35em" }, name));
  }
  svg.replaceChildren(...elements);
}
