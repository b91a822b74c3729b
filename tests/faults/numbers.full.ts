// What the engines' own full tests leave of 100,000 networks: RELU_LAB_NUMBERS (40,000) with seeds beyond theirs.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareExtreme } from "../relu-lab/regions/extreme";
import { compareDegenerate as degeneratePlanes } from "../relu-lab/regions/plane/against-oracle";
import { compareDegenerate, compareRandom } from "../relu-lab/regions/segment/against-oracle";

const networks = Number(process.env.RELU_LAB_NUMBERS ?? 40_000);
const part = Math.ceil(networks / 4);

test(`${part} random networks on segments equal rational arithmetic`, () => compareRandom(10_000, part));

test(`${part} degenerate networks on segments equal rational arithmetic`, () =>
  compareDegenerate(10_000, part));

test(`${part} degenerate and nearly concurrent networks on planes equal rational arithmetic`, () => {
  assert.is(degeneratePlanes(10_000, 10_000 + part).networks, part);
});

test(`${part} networks with weights from 1e-308 to 1e308 are counted right or refused by name`, () => {
  const { counted, refused } = compareExtreme(10_000, Math.ceil(part / 3));
  console.log(`note: extreme networks: ${counted} counted, ${refused} refused`);
  assert.ok(counted > refused);
});

test.run();
