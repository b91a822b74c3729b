import { test } from "uvu";
import * as assert from "uvu/assert";
import { models } from "relu-lab";

const { bestColumns, confusionRows, fitSvd } = models;

test("the best number of columns, its standard error and the plateau", () => {
  const corrects = [60, 80, 88, 90, 85, 90, 87, 70];
  const rows = corrects.map((correct, i) => ({ columns: i + 1, correct, accuracy: correct / 100 }));
  const best = bestColumns(rows);
  assert.is(best.columns, 4, "the smallest of equals");
  assert.is(best.accuracy, 0.9);
  assert.ok(Math.abs(best.standardError - 0.03) < 1e-12); // sqrt(.9 * .1 / 100)
  assert.equal(best.plateau, [3, 7]);
  assert.equal(bestColumns([{ columns: 1, correct: 0, accuracy: 0 }]).plateau, [1, 1]);
  assert.throws(() => bestColumns([]), /no accuracies/);
});

test("a confusion matrix as rows", () => {
  const rows = confusionRows([
    [3, 1],
    [0, 0],
  ]);
  assert.equal(rows[1], { truth: 0, predicted: 1, count: 1, share: 0.25, wrong: true });
  assert.equal(rows[2], { truth: 1, predicted: 0, count: 0, share: 0, wrong: true });
  assert.is(rows.length, 4);
});

test("mistakes are the images on the wrong side, the clearest first", async () => {
  const svd = await fitSvd(Uint8Array.of(7, 0, 0, 9), Uint8Array.of(0, 1), { columns: 1 });
  const images = Uint8Array.of(3, 1, 1, 2, 9, 1, 0, 5);
  const mistakes = await svd.mistakes(images, Uint8Array.of(1, 0, 1, 1));
  assert.equal(
    mistakes.map(({ index, label, predicted, margin }) => [
      index,
      label,
      predicted,
      Math.round(margin * 1e9) / 1e9,
    ]),
    [
      [2, 1, 0, 8],
      [0, 1, 0, 2],
      [1, 0, 1, 1],
    ],
  );
  assert.equal([...mistakes[0].pixels], [9, 1]);
});

test.run();
