// Parsers that do what none may, to see that the watch notices each.
import * as fs from "node:fs";
import * as path from "node:path";
import { mutatedText } from "./mutations";
import { fuzzed, type Fuzzed } from "./parsers";

const held: Buffer[] = [];
let read = 0;

export const culprits: readonly Fuzzed[] = [
  fuzzed("one that never returns", mutatedText([{ a: 1 }]), () => {
    while (++read >= 10);
  }),
  fuzzed("one that ends the process", mutatedText([{ a: 1 }]), () => {
    if (++read === 10) process.kill(process.pid, "SIGSEGV");
  }),
  fuzzed("one that takes all memory", mutatedText([{ a: 1 }]), () => {
    held.push(Buffer.alloc(64 * 2 ** 20, 1));
  }),
  fuzzed("one that writes where it stands", mutatedText([{ a: 1 }]), () => fs.writeFileSync("left", "")),
  fuzzed("one that writes above", mutatedText([{ a: 1 }]), () =>
    fs.writeFileSync(path.join("..", "..", "left"), ""),
  ),
];
