import { byId, drawn, whole } from "../controls/elements";

/** Regions of both networks at a step. */
export interface Moment {
  readonly step: number;
  readonly regions: readonly (number | undefined)[];
}

// Beside the plot there is room for "10,000" and "promoted" in the larger letters of a phone.
const [left, right, top, bottom] = [76, 532, 12, 172];
const words = ["alone", "promoted"];

/** A round number at or above a value: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10);
}

/** Draws the regions of both networks over the steps of the training. */
export function drawHistory(history: readonly Moment[]): void {
  const last = history[history.length - 1];
  const steps = Math.max(20, last.step);
  const most = roundUp(Math.max(10, ...history.flatMap(({ regions }) => regions.map((count) => count ?? 0))));
  const x = (step: number) => left + (step / steps) * (right - left);
  const y = (count: number) => bottom - (count / most) * (bottom - top);
  const line = (k: number) =>
    history
      .filter(({ regions }) => regions[k] !== undefined)
      .map(({ step, regions }, i) => `${i ? "L" : "M"}${x(step).toFixed(1)} ${y(regions[k] ?? 0).toFixed(1)}`)
      .join("");
  // The names stand at the lines' ends, kept apart where these meet.
  const ends = words.map((_, k) => y(last.regions[k] ?? 0) + 4);
  if (Math.abs(ends[0] - ends[1]) < 14) {
    const middle = Math.min(bottom - 4, (ends[0] + ends[1]) / 2);
    const above = ends[0] < ends[1] ? 0 : 1;
    [ends[above], ends[1 - above]] = [middle - 7, middle + 7];
  }
  byId("learn-chart", SVGSVGElement).replaceChildren(
    ...[0, most / 2, most].flatMap((count) => [
      drawn("path", { class: "grid", d: `M${left} ${y(count)}H${right}` }),
      drawn("text", { x: left - 8, y: y(count) + 4, "text-anchor": "end" }, whole(count)),
    ]),
    drawn("text", { x: left, y: bottom + 20 }, "0"),
    drawn("text", { x: right, y: bottom + 20, "text-anchor": "end" }, `${whole(steps)} steps`),
    drawn(
      "text",
      { x: (left + right) / 2, y: bottom + 20, "text-anchor": "middle" },
      "regions while training",
    ),
    drawn("path", { class: "plain", d: line(0) }),
    drawn("path", { class: "promoted", d: line(1) }),
    ...words.map((word, k) =>
      drawn("text", { class: ["plain", "promoted"][k], x: right + 8, y: ends[k] }, word),
    ),
  );
}
