import { test } from "uvu";
import * as assert from "uvu/assert";
import { relief } from "@relu-lab/notebook";
import { pictureDigest, tiling } from "./tiling";

const regions = tiling();

test("the relief has its stored picture", () => {
  assert.is(pictureDigest(relief(regions)), "e982646f7861d6ac");
});

test("contours and the scale's interval change the picture; a second output is chosen by number", () => {
  const plain = pictureDigest(relief(regions, { contours: 0 }));
  assert.is.not(plain, pictureDigest(relief(regions)));
  assert.is.not(plain, pictureDigest(relief(regions, { contours: 0, domain: [-9, 9] })));
  const doubled = new Float64Array(2 * regions.maps.length);
  for (let r = 0; r < regions.maps.length / 3; r++)
    doubled.set(regions.maps.subarray(3 * r, 3 * r + 3), 6 * r + 3);
  assert.is(
    pictureDigest(relief({ ...regions, maps: doubled, outputs: 2 }, { contours: 0, output: 1 })),
    plain,
  );
});

test("a constant function is drawn, missing maps are named", () => {
  relief({ ...regions, maps: new Float64Array(regions.maps.length) });
  assert.throws(() => relief({ ...regions, maps: undefined }), /a relief needs regions\.maps/);
  assert.throws(() => relief(regions, { output: 2 }), /output is 2; the network has outputs 0 to 0/);
});

test.run();
