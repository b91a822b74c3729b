// Networks with weights near the ends of the doubles: counted right or refused, never counted wrong.
import * as assert from "uvu/assert";
import { random, regions } from "relu-lab";
import { countLine, countPlane, countSpace, extremeNetwork } from "../../oracle";

const square = { lo: [-1, -1], hi: [1, 1] };
const cube = { lo: [-1, -1, -1], hi: [1, 1, 1] };

/** What `work` gives, or undefined where it refuses the weights by name. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    assert.match((error as Error).message, /layer \d+: its weights differ too much in size/);
    return undefined;
  }
}

/** Compares so many networks of one, two and three inputs; returns how many were counted and how many refused. */
export function compareExtreme(first: number, count: number): { counted: number; refused: number } {
  let [counted, refused] = [0, 0];
  for (let i = first; i < first + count; i++) {
    const r = random.generator("extreme").split(i);
    const name = `extreme ${i}`;
    const line = extremeNetwork(1, r.split(1));
    const onLine = countLine(line, [-1], [1]);
    const intervals = regions.segment(line, [-1], [1]);
    assert.equal([intervals.acts, intervals.pieces], [onLine.intervals, onLine.pieces], `${name}: line`);
    assert.ok(intervals.certified);
    counted++;

    const plane = extremeNetwork(2, r.split(2));
    const found = unlessRefused(() => regions.planeSync(plane, square));
    if (found) {
      const expected = countPlane(plane, { type: "box", ...square });
      assert.equal(
        [found.regions, found.linearRegions, found.distinctMaps, found.cellsAfterEachLayer],
        [
          expected.activationRegions,
          expected.linearComponents,
          expected.distinctMaps,
          expected.cellsAfterEachLayer,
        ],
        `${name}: plane`,
      );
      assert.is(regions.countPlaneSync(plane, square).regions, expected.activationRegions, name);
      const area = found.areas.reduce((sum, a) => sum + a, 0);
      assert.ok(Math.abs(area - 4) < 1e-9, `${name}: areas sum to ${area}`);
      counted++;
    } else refused++;

    const space = extremeNetwork(3, r.split(3));
    const cells = unlessRefused(() => regions.spaceSync(space, cube, { linear: true }));
    if (cells && cells.regions <= 400) {
      const expected = countSpace(space, cube, true);
      assert.equal(
        [cells.regions, cells.linearRegions, cells.distinctMaps],
        [expected.activationRegions, expected.linearComponents, expected.distinctMaps],
        `${name}: space`,
      );
      counted++;
    } else if (!cells) refused++;
  }
  return { counted, refused };
}
