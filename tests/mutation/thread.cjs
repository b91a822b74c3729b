// Loaded first in every thread of a testing process: the shared memory that the compiled code reads, and the two names
// that mean something else here.
const { getEnvironmentData, isMainThread, setEnvironmentData } = require("node:worker_threads");
const Module = require("node:module");
const fs = require("node:fs");
const path = require("node:path");

const home = process.env.RELU_LAB_MUTATION; // sandbox/compiled/cover or sandbox/compiled/mutate
if (isMainThread) {
  const mutantsOf = JSON.parse(fs.readFileSync(path.join(home, "../mutants.json"), "utf8"));
  const mutants = Math.max(...Object.values(mutantsOf).flat()) + 1;
  // The active mutant, how often it was met, and how often it may be.
  setEnvironmentData("strykerActive", new Float64Array(new SharedArrayBuffer(24)));
  setEnvironmentData("strykerHits", new Float64Array(new SharedArrayBuffer(8 * mutants)));
}
const active = (globalThis.strykerActive = getEnvironmentData("strykerActive"));
if (isMainThread) active[0] = -1;
globalThis.strykerHits = getEnvironmentData("strykerHits");
globalThis.strykerHit = () => {
  if (++active[1] > active[2]) throw new Error("Stryker: the limit of hits is reached");
  return true;
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  const [, folder = ""] = /^relu-lab(?:\/(.*))?$/.exec(name) ?? [null, undefined];
  if (name === "relu-lab" || name.startsWith("relu-lab/"))
    return resolve.call(this, path.join(home, "packages/relu-lab/src", folder), ...rest);
  if (name === "uvu") return path.join(__dirname, "collect.cjs");
  if (name === "uvu/assert" && rest[0]?.filename !== path.join(__dirname, "assert.cjs"))
    return path.join(__dirname, "assert.cjs");
  return resolve.call(this, name, ...rest);
};
