// Makes assets/explorer/digits.json, the trained network and the digits that the explorer shows. Run it by hand:
//   RELU_LAB_DATA=FOLDER_OF_MNIST node packages/report/explorer/digits/make.mjs
import { createRequire } from "node:module";
import * as fs from "node:fs";

const { datasets, experiments, random } = createRequire(import.meta.url)("relu-lab");
const [widths, epochs, seed] = [[32, 32], 6, 0];

const mnist = await datasets.loadMnist();
const config = { widths, epochs, digits: [0, 1, 2] };
const { network, accuracy } = await experiments.trainOnThreeDigits(mnist, config, random.generator(seed));

const numbers = network.layers.flatMap(({ weights, biases }) => [...weights, ...biases]);
const weights = Float32Array.from(numbers);
if (weights.some((value, i) => value !== numbers[i])) throw new Error("the weights are not single precision");
const images = datasets
  .firstOfEachClass(mnist.test, 1)
  .sort((a, b) => a.label - b.label)
  .map(({ pixels }) => Buffer.from(pixels).toString("base64"));
const made = {
  about: `${network.sizes.join("-")}, Adam, ${epochs} epochs, seed ${seed}; the first test image of each digit`,
  data: mnist.provenance.description,
  accuracy,
  sizes: network.sizes,
  images,
  weights: Buffer.from(weights.buffer).toString("base64"),
};
const file = new URL("../../assets/explorer/digits.json", import.meta.url);
fs.writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`);
console.log(`${made.about}; accuracy ${accuracy}; ${made.data}`);
