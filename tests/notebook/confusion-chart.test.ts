import { test } from "uvu";
import * as assert from "uvu/assert";
import { chartMessage, confusionChart } from "@relu-lab/notebook";

test("a confusion matrix is a chart: classes in order, errors coloured on their own scale", () => {
  const cells = [0, 1, 2].flatMap((truth) =>
    [0, 1, 2].map((predicted) => ({
      truth,
      predicted,
      count: truth === predicted ? 900 : truth + 2 * predicted,
    })),
  );
  const spec = confusionChart(cells, "digit") as {
    encoding: { x: { sort: unknown } };
    layer: { encoding?: object }[];
  };
  assert.equal(spec.encoding.x.sort, [0, 1, 2]);
  assert.match(JSON.stringify(spec.layer[0].encoding), /"domain":\[0,5\]/);
  assert.ok(chartMessage(spec, { alt: "x" }).data["image/png"]);
  assert.throws(() => confusionChart([]), /no cells/);
});

test.run();
