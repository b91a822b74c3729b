// Regions in three to eight dimensions and on the whole space, on one core: W ~ N(0, 2 / fan_in), b ~ N(0, 0.1^2), boxes
// [-1, 1]^d.
import { createRequire } from "node:module";

const { network, random, regions } = createRequire(import.meta.url)("relu-lab");

const shapes = [
  [3, 64, 1],
  [3, 64, 64, 1],
  [3, 16, 16, 16, 1],
  [4, 16, 1],
  [4, 64, 1],
  [4, 128, 1],
  [4, 16, 16, 1],
  [4, 32, 32, 1],
  [5, 16, 16, 1],
  [6, 16, 1],
  [6, 32, 1],
  [6, 16, 16, 1],
  [7, 16, 1],
  [8, 16, 1],
];
/** Regions a second that were asked for, on one thread. */
const targets = { "4-32-32-1": 1e6, "5-16-16-1": 6e5 };
const onWhole = new Set(["4-16-16-1", "4-32-32-1", "5-16-16-1"]);

/** The fastest of three counts: what else runs on the machine only adds to it. */
function fastest(count) {
  const found = [0, 1, 2].map(count);
  return found.sort((p, q) => p.seconds - q.seconds)[0];
}

export default async function bench() {
  const rows = [];
  for (const sizes of shapes) {
    const name = sizes.join("-");
    const net = network.heNetwork(sizes, random.generator(0), 0.1);
    const box = { lo: new Array(sizes[0]).fill(-1), hi: new Array(sizes[0]).fill(1) };
    const add = (what, { regions: count, seconds }, target) => {
      const value = count / seconds;
      rows.push({
        name: `${what} ${name} (${count} regions)`,
        value,
        unit: "regions/s",
        against: target,
        ratio: target && value / target,
      });
      return value;
    };
    const old =
      sizes[0] === 3 ? fastest(() => regions.countSpaceSync(net, box)) : { regions: 1, seconds: NaN };
    const target = sizes[0] === 3 ? old.regions / old.seconds : targets[name];
    const inBox = add(
      "count",
      fastest(() => regions.countCellsSync(net, box)),
      target,
    );
    if (!onWhole.has(name)) continue;
    add(
      "whole space",
      fastest(() => regions.countCellsSync(net, { type: "whole" })),
      inBox,
    );
  }
  return rows;
}
