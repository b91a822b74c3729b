// The compiled engine in a world without Node: no `process`, no `require` of anything but its own files, no shared memory.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import * as vm from "node:vm";
import type * as Ensemble from "relu-lab/ensemble";
import { ensemble, random } from "relu-lab";

const entry = createRequire(__filename).resolve("relu-lab/ensemble");

/** Loads a compiled module and what it requires inside a context. */
function load<Module>(
  file: string,
  context: vm.Context,
  loaded = new Map<string, { exports: object }>(),
): Module {
  const known = loaded.get(file);
  if (known) return known.exports as Module;
  const module = { exports: {} };
  loaded.set(file, module);
  const own = (name: string) => {
    if (!name.startsWith(".")) throw new Error(`${path.basename(file)} requires ${name}`);
    const at = path.resolve(path.dirname(file), name);
    return load(fs.existsSync(`${at}.js`) ? `${at}.js` : path.join(at, "index.js"), context, loaded);
  };
  const wrapped = `(function (module, exports, require) {${fs.readFileSync(file, "utf8")}\n})`;
  vm.runInContext(wrapped, context, { filename: file })(module, module.exports, own);
  return module.exports as Module;
}

function results(
  of: typeof Ensemble,
  generator: random.Generator,
  options: Partial<Ensemble.TrainThreads & Ensemble.TrainOptions>,
) {
  const tape = new of.Tape();
  const x = tape.uniform(1, 12);
  const net = of.chain(tape, 2, 4);
  const levels = of.blockOutputs(net.apply(x));
  const program = tape.compile(tape.depthGraded(levels, [x.tents(1), x.tents(2)]));
  const parameters = Array.from({ length: tape.parameterCount }, () => generator.normal());
  const trials = [0, 1, 2].map((trial) => ({ parameters, random: generator.split(trial) }));
  const steps = 3000;
  const optimiser = of.adam({ rate: of.cosine(1e-2, 1e-4, steps) });
  return of.train(program, { trials, steps, optimiser, readOuts: [100], ...options });
}

test("it trains in a page, gives the same bits, and stops when told to", async () => {
  const page = vm.createContext({ performance, setTimeout, atob, WebAssembly, console });
  const there = load<typeof Ensemble>(entry, page);
  let reports = 0;
  const inPage = await results(there, random.generator(3), { onProgress: () => reports++ });
  const here = await results(ensemble, random.generator(3), {});
  assert.ok(reports > 1);
  here.forEach((result, trial) => {
    assert.equal([...inPage[trial].parameters], [...result.parameters]);
    assert.is(inPage[trial].readOuts.length, 1);
  });
  const stop = new AbortController();
  let message = "";
  const steps = 200_000;
  const onProgress = () => stop.abort(new Error("enough"));
  await results(there, random.generator(3), { steps, signal: stop.signal, onProgress }).catch(
    (error: Error) => (message = error.message),
  );
  assert.is(message, "enough");
});

test.run();
