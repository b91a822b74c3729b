import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments } from "relu-lab";

const square = { vertices: Float64Array.of(0, 0, 2, 0, 2, 2, 0, 2), offsets: Uint32Array.of(0, 4), count: 1 };

test("corners move towards their mean by the share given", () => {
  assert.equal([...experiments.insetPolygon(square, 0, 0.5)], [0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5]);
  assert.equal([...experiments.insetPolygon(square, 0, 0)], [...square.vertices]);
});

test("a region that is not there is named", () => {
  assert.throws(() => experiments.insetPolygon(square, 1, 0.5), /no region 1/);
});

test.run();
