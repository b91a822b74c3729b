import { byId, drawn, whole } from "../controls/elements";
import type { SawtoothFound } from "./types";

/** The part of the interval that is seen. */
interface Window {
  readonly n: number;
  /** How many times larger than the whole interval. */
  readonly zoom: number;
  readonly middle: number;
}

const [left, right, top, bottom] = [34, 632, 10, 312];
/** More knots than these would hide the curve. */
const mostKnots = 300;

/** Draws the function with its knots, over the sawtooth that it was. */
export function drawCurve({ knots, values, laps, pieces }: SawtoothFound, { n, zoom, middle }: Window): void {
  const svg = byId("saw-curve", SVGSVGElement);
  const width = 1 / zoom;
  const from = Math.max(0, Math.min(1 - width, middle - width / 2));
  const [first, last] = seen(knots, from, from + width);
  let [low, high] = [0, 1];
  for (let i = first; i <= last; i++) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  const x = (t: number) => left + ((t - from) / width) * (right - left);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const line = (points: readonly (readonly [number, number])[]) =>
    points.map(([t, v], i) => `${i ? "L" : "M"}${x(t).toFixed(2)} ${y(v).toFixed(2)}`).join("");

  const points = Array.from(
    { length: last - first + 1 },
    (_, i) => [knots[first + i], values[first + i]] as const,
  );
  const inside = points.filter(([t]) => t > 0 && t < 1 && t >= from && t <= from + width);
  const step = 2 ** -n;
  const ideal: [number, number][] = [];
  for (let k = Math.floor(from / step); k <= Math.ceil((from + width) / step); k++)
    ideal.push([k * step, k % 2]);

  const clip = drawn("clipPath", { id: "saw-clip" });
  clip.append(drawn("rect", { x: left, y: 0, width: right - left, height: 330 }));
  const curves = drawn("g", { "clip-path": "url(#saw-clip)" });
  curves.append(
    drawn("path", { class: "ideal", d: line(ideal) }),
    drawn("path", { class: "curve", d: line(points) }),
  );
  if (inside.length <= mostKnots)
    curves.append(
      drawn("path", {
        class: "knots",
        d: inside.map(([t, v]) => `M${x(t).toFixed(2)} ${y(v).toFixed(2)}h0`).join(""),
      }),
    );
  const tick = (value: number) => String(Number(value.toPrecision(4)));
  svg.replaceChildren(
    clip,
    ...[0, 1].flatMap((value) => [
      drawn("path", { class: "grid", d: `M${left} ${y(value)}H${right}` }),
      drawn("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, String(value)),
    ]),
    drawn("path", { class: "axis", d: `M${left} ${bottom}H${right}` }),
    ...[from, from + width / 2, from + width].map((t, i) =>
      drawn("text", { x: x(t), y: bottom + 20, "text-anchor": ["start", "middle", "end"][i] }, tick(t)),
    ),
    curves,
  );
  svg.setAttribute(
    "aria-label",
    `The function on the interval from ${tick(from)} to ${tick(from + width)}: ${whole(laps)} laps and ${whole(pieces)} pieces on all of it`,
  );
}

/** The first and last knot that are needed for a part of the interval: one beyond each of its ends. */
function seen(knots: Float64Array, from: number, to: number): [number, number] {
  let [first, last] = [0, knots.length - 1];
  while (first + 1 < knots.length && knots[first + 1] <= from) first++;
  while (last > 0 && knots[last - 1] >= to) last--;
  return [first, Math.max(first, last)];
}
