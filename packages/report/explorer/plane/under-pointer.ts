import { brief, byId } from "../controls/elements";
import type { PointedAt } from "../picture/types";

const pair = (values: readonly number[]) => `(${values.map(brief).join(", ")})`;

/** Says what lies under the pointer; dashes when nothing does. */
export function tellPoint(pointed: PointedAt | null, sides = 1): void {
  const say = (name: string, text: string) => (byId(`point-${name}`, HTMLElement).textContent = text);
  if (!pointed) {
    for (const name of ["place", "area", "gradient", "output", "next", "pattern"]) say(name, "–");
    return;
  }
  const { point, area, gradient, outputs, separating, pattern } = pointed;
  say("place", pair(point));
  say("area", `${brief(area)}, ${brief((100 * area) / (sides * sides))} % of the picture`);
  say("gradient", `${pair(gradient)}, length ${brief(Math.hypot(...gradient))}`);
  const best = outputs.indexOf(Math.max(...outputs));
  say("output", outputs.length === 1 ? brief(outputs[0]) : `digit ${best}, at ${brief(outputs[best])}`);
  say(
    "next",
    separating
      ? `across neuron ${separating.neuron} of layer ${separating.layer}, the red edge`
      : "none: the nearest edge is the picture's",
  );
  const lines = pattern.map((layer, l) => {
    const on = layer.filter(Boolean).length;
    const line = document.createElement("span");
    line.textContent = `layer ${l + 1}, ${on} of ${layer.length} on: ${layer.map((bit) => (bit ? 1 : 0)).join("")}`;
    return line;
  });
  byId("point-pattern", HTMLElement).replaceChildren(...lines);
}
