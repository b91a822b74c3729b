// Writes one network of ACAS Xu as safetensors, from the public .nnet file:
//   npm run build && node data/networks/make-acas-xu.mjs ACASXU_experimental_v2a_1_1.nnet
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { formats } = require("relu-lab");

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("say which file: node data/networks/make-acas-xu.mjs FILE.nnet");
// The header's normalisation is folded into the first and the last layer: feet and radians go in, scores come out.
const { network } = await formats.readNetwork(source);

const header = {
  __metadata__: {
    source:
      "ACASXU_experimental_v2a_1_1.nnet, Kyle Julian, Stanford 2016; normalisation folded into the layers",
    licence: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
  },
};
const parts = [];
let end = 0;
network.layers.forEach(({ inputs, outputs, weights, biases }, l) => {
  for (const [name, shape, values] of [
    [`${l}.weight`, [outputs, inputs], weights],
    [`${l}.bias`, [outputs], biases],
  ]) {
    header[name] = { dtype: "F64", shape, data_offsets: [end, (end += 8 * values.length)] };
    parts.push(Buffer.from(values.slice().buffer));
  }
});
const text = Buffer.from(JSON.stringify(header));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(text.length));
const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "acas-xu-1-1.safetensors");
fs.writeFileSync(file, Buffer.concat([length, text, ...parts]));
