// node child.ts PARSER RUNS JOURNAL: one parser under damaged inputs; each input stands in the journal before it is read.
import * as fs from "node:fs";
import { serialize } from "node:v8";
import { culprits } from "./culprits";
import { fuzz, parsers, prepare } from "./parsers";

const [name, runs, journal] = process.argv.slice(2);
const parser = [...parsers, ...culprits].find((one) => one.name === name);
if (!parser) throw new Error(`there is no parser "${name}"`);

async function main(): Promise<void> {
  await prepare();
  const handle = fs.openSync(journal, "w");
  const head = Buffer.alloc(8);
  let count = 0;
  fuzz(parser!, Number(runs), (input) => {
    const bytes = serialize(input);
    head.writeUInt32LE(++count, 0);
    head.writeUInt32LE(bytes.length, 4);
    fs.writevSync(handle, [head, bytes], 0);
  });
}

void main();
