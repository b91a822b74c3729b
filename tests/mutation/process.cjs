// A testing process: loads the compiled tests once and runs them again and again, warm, with one mutant active or with
// none. `runner.mjs` starts it, tells it what to run, and ends it when a test takes too long.
const fs = require("node:fs");
const path = require("node:path");
const { allow, hasEnded } = require("./assert.cjs");
const { take } = require("./collect.cjs");

require("fast-check").configureGlobal({ endOnFailure: true }); // a failure is enough, nobody reads the example

const home = process.env.RELU_LAB_MUTATION;
const { strykerActive: active, strykerHits: hits } = globalThis;
const FOLDERS = ["regions", "network", "sawtooth", "losses"];
const TESTS = process.env.RELU_LAB_MUTANTS_TESTS?.split(",") ?? FOLDERS; // whose tests
const LEFT_OUT = /browser\.test\.js$/; // bundles the sources itself: it would test the unmutated ones
/** What a test may use, in seconds of the processor: a survivor has to pass every test that reaches it. */
const TIME = Number(process.env.RELU_LAB_MUTANTS_TIME ?? 0.2);

const workers = new Set();
process.on("worker", (worker) => {
  workers.add(worker);
  worker.on("exit", () => workers.delete(worker));
});

let failLate = () => undefined;
process.on("uncaughtException", (error) => failLate(error));
process.on("unhandledRejection", (error) => failLate(error));

/** The files below a folder whose name fits. */
function filesOf(folder, fits) {
  return fs
    .readdirSync(path.join(home, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && fits.test(entry.name))
    .map((entry) => path.relative(home, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** The tests of each loaded file. */
let loaded = new Map();

async function load(file) {
  let tests = loaded.get(file);
  if (!tests) {
    require(path.join(home, file));
    const suite = take();
    for (const before of suite.before) await before();
    const seen = new Map();
    tests = suite.tests.map(({ name, run }) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { id: `${file}: ${name}${count > 1 ? ` (${count})` : ""}`, file, name, run };
    });
    loaded.set(file, tests);
  }
  return tests;
}

/** Forgets every module of ours, and ends the threads. */
async function reload() {
  loaded = new Map();
  for (const key of Object.keys(require.cache)) if (key.startsWith(home)) delete require.cache[key];
  await Promise.all([...workers].map((worker) => worker.terminate()));
}

/** Why the test failed, or undefined. */
async function failureOf(run) {
  allow(TIME);
  try {
    await Promise.race([run(), new Promise((_, reject) => (failLate = reject))]);
    return undefined;
  } catch (error) {
    return hasEnded() ? undefined : String(error?.message ?? error) || "failed";
  }
}

/** How often each mutant was reached since the last call. */
function takeHits() {
  const reached = {};
  hits.forEach((count, id) => {
    if (count > 0) reached[id] = count;
  });
  hits.fill(0);
  return reached;
}

/** Runs every test without a mutant: what it reaches, how long it takes (of the processor, and by the clock). */
async function cover() {
  for (const file of FOLDERS.flatMap((name) => filesOf(`packages/relu-lab/src/${name}`, /\.js$/))) {
    try {
      require(path.join(home, file));
    } catch {
      // The program of a worker thread.
    }
  }
  const atStart = takeHits();
  const tests = [];
  for (const file of TESTS.flatMap((name) => filesOf(`tests/relu-lab/${name}`, /\.test\.js$/))) {
    if (LEFT_OUT.test(file)) continue;
    const suite = await load(file);
    const atLoad = takeHits();
    for (const { id, name, run } of suite) {
      const [cpu, wall] = [process.cpuUsage(), performance.now()];
      const failure = await failureOf(run);
      const { user, system } = process.cpuUsage(cpu);
      const times = { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000 };
      tests.push({ id, file, name, failure, ...times, atLoad, hits: takeHits() });
    }
  }
  return { atStart, tests };
}

let clean = true;

/** Runs tests with a mutant until one fails. */
async function run({ mutant, tests, hitLimit, isStatic }) {
  let fresh = false; // whether nothing can be left from an earlier mutant
  const renew = async () => {
    await reload();
    fresh = clean = true;
  };
  if (!clean || isStatic) await renew();
  for (let i = 0; i < tests.length; i++) {
    const { id, file } = tests[i];
    active.set([isStatic ? mutant : -1, 0, hitLimit ?? Infinity]);
    let failure = "";
    let test;
    try {
      test = (await load(file)).find((other) => other.id === id);
    } catch (error) {
      failure = `${file} does not load: ${error.message}`;
    }
    process.send({ start: id });
    active[0] = mutant;
    failure ||= test ? await failureOf(test.run) : `${id} is gone`;
    active[0] = -1;
    if (!failure) continue;
    const endless = active[1] > active[2];
    if (isStatic || workers.size > 0) clean = false;
    else if (!fresh && (await failureOf(test.run))) {
      // It fails without the mutant too: an earlier one has left something behind.
      await renew();
      i = -1;
      continue;
    }
    return { failure, endless, killedBy: id, count: i + 1 };
  }
  if (isStatic) clean = false;
  return { count: tests.length };
}

process.on("message", async (request) => {
  try {
    process.send({ done: request === "cover" ? await cover() : await run(request) });
  } catch (error) {
    process.send({ broken: String(error?.stack ?? error) });
  }
});
