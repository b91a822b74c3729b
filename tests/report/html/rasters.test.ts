import { test } from "uvu";
import * as assert from "uvu/assert";
import { takeRasters } from "../../../packages/report/src/html/rasters";

test("pictures leave a specification, each once; everything else stays", () => {
  const [a, b] = ["data:image/png;base64,AAAA", "data:image/jpeg;base64,BBBB"];
  const spec = {
    data: { values: [{ url: a, n: 1 }, { url: b }, { url: a }] },
    datasets: { d: [a, null, 2, true] },
    title: "no data:image/png;base64, of its own",
  };
  const copy = JSON.stringify(spec);
  const { spec: left, rasters } = takeRasters(spec);
  assert.equal(rasters, [a, b]);
  assert.equal(left, {
    data: { values: [{ url: "raster:0", n: 1 }, { url: "raster:1" }, { url: "raster:0" }] },
    datasets: { d: ["raster:0", null, 2, true] },
    title: spec.title,
  });
  assert.is(JSON.stringify(spec), copy, "the specification itself was changed");
});

test("without pictures nothing changes", () => {
  const spec = { mark: "line", data: { values: [] } };
  assert.equal(takeRasters(spec), { spec, rasters: [] });
});

test.run();
