import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-runtime-"));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

/**
 * Runs a script in a process of its own, where `tfjs-node-native` is the module given, whether the real one is
 * installed or not.
 */
function run(script: string, options: { native?: string; backend?: string } = {}) {
  const native = path.join(folder, "native.cjs");
  fs.writeFileSync(native, options.native ?? "");
  const preload = path.join(folder, "preload.cjs");
  fs.writeFileSync(
    preload,
    `const Module = require("node:module");
     const resolve = Module._resolveFilename;
     Module._resolveFilename = function (request, ...rest) {
       if (request !== "tfjs-node-native") return resolve.call(this, request, ...rest);
       if (${options.native === undefined}) throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
       return ${JSON.stringify(native)};
     };`,
  );
  const env: NodeJS.ProcessEnv = { ...process.env, RELU_LAB_BACKEND: options.backend };
  if (options.backend === undefined) delete env.RELU_LAB_BACKEND;
  const child = spawnSync(process.execPath, ["--require", preload, "--eval", script], {
    encoding: "utf8",
    env,
    cwd: path.resolve(__dirname, "../../.."),
  });
  return { status: child.status, out: child.stdout.trim(), err: child.stderr.trim() };
}

const report = `
  const { runtime } = require("relu-lab");
  runtime.ready().then((state) => console.log(JSON.stringify(state)), (error) => console.log("refused: " + error.message));
`;

test("without the addon WebAssembly runs, and the reason says so", () => {
  const { out, err } = run(report);
  assert.equal(JSON.parse(out), {
    backend: "wasm",
    why: "the native addon is not installed",
    version: "4.22.0",
  });
  assert.is(err, "");
});

test("an addon that does not load falls through to WebAssembly", () => {
  const { out } = run(report, { native: 'throw new Error("libtensorflow.so.2: cannot open\\nmore");' });
  const state = JSON.parse(out);
  assert.is(state.backend, "wasm");
  assert.is(state.why, "the native addon does not load (libtensorflow.so.2: cannot open)");
});

test("an addon that computes nonsense falls through to WebAssembly", () => {
  const { out } = run(report, {
    native: `module.exports = { version_core: "0", tidy: (f) => f(),
      tensor2d: () => ({ matMul: () => ({ relu: () => ({ dataSync: () => [1, 2, 3, 4] }) }) }) };`,
  });
  const state = JSON.parse(out);
  assert.is(state.backend, "wasm");
  assert.match(state.why, /the native addon does not work \(its smoke test gave \[1, 2, 3, 4\] instead of/);
});

test("an addon that works is used, at once and by everybody", () => {
  const native = `
    const tf = require("${path.resolve(__dirname, "../../../node_modules/@tensorflow/tfjs").replaceAll("\\", "/")}");
    if (!require("node:util").isNullOrUndefined(null)) throw new Error("no polyfill");
    tf.setBackend("cpu"); tf.findBackend("cpu").firstUse = false;
    module.exports = { ...tf, version_core: "native" };`;
  const script = `const { runtime } = require("relu-lab");
    const tf = runtime.tensorflow();
    console.log(tf.version_core, require("danfojs-node").tensorflow === tf, runtime.describe());`;
  assert.is(
    run(script, { native }).out,
    "native true TensorFlow.js native, backend native: the native addon works",
  );
});

test("RELU_LAB_BACKEND chooses; what does not work or exist is refused, never replaced", () => {
  assert.is(JSON.parse(run(report, { backend: "cpu" }).out).backend, "cpu");
  assert.is(JSON.parse(run(report, { backend: "wasm" }).out).why, "RELU_LAB_BACKEND asks for it");
  assert.is(
    run(report, { backend: "native" }).out,
    "refused: RELU_LAB_BACKEND asks for native, but the native addon is not installed. Unset it to let relu-lab choose.",
  );
  assert.match(
    run(report, { backend: "webgl" }).out,
    /refused: RELU_LAB_BACKEND is "webgl": it must be one of native, wasm, cpu/,
  );
});

test("WebAssembly that cannot start leaves plain JavaScript, with the reason", () => {
  const broken = `const Module = require("node:module"); const load = Module._load;
    Module._load = function (request, ...rest) {
      if (request === "@tensorflow/tfjs-backend-wasm") throw new Error("no WebAssembly here");
      return load.call(this, request, ...rest);
    };`;
  const state = JSON.parse(run(broken + report).out);
  assert.is(state.backend, "cpu");
  assert.match(state.why, /not installed; the WebAssembly backend does not work \(no WebAssembly here\)/);
  assert.match(
    run(broken + report, { backend: "wasm" }).out,
    /refused: RELU_LAB_BACKEND asks for wasm, but .*no WebAssembly here/,
  );
});

test("nothing is loaded before it is asked for", () => {
  const script = `const { runtime } = require("relu-lab");
    console.log(runtime.describe());
    console.log(Object.keys(require.cache).filter((file) => /@tensorflow|piscina/.test(file)).length);`;
  assert.is(run(script).out, "TensorFlow.js: none loaded\n0");
});

test("danfojs-node shares the one TensorFlow.js and works offline, before and after the switch to WebAssembly", () => {
  const script = `
    const danfo = require("danfojs-node");
    const { runtime } = require("relu-lab");
    const frame = new danfo.DataFrame([{ a: 1, b: 3 }, { a: 5, b: 2 }]);
    const product = () => danfo.tensorflow.matMul(frame.tensor, frame.tensor).arraySync();
    console.log(danfo.tensorflow === runtime.tensorflow(), danfo.tensorflow.getBackend(), JSON.stringify(product()));
    console.log(runtime.describe());
    runtime.ready().then(() => {
      console.log(danfo.tensorflow.getBackend(), JSON.stringify(product()), JSON.stringify(frame.mean().values));
      console.log(process.listenerCount("unhandledRejection"), process.listenerCount("uncaughtException"));
    });`;
  const { out, err } = run(script);
  const unasked = "none was asked for (TensorFlow.js 4.22.0 is loaded)";
  assert.is(out, `true cpu [[16,9],[15,19]]\n${unasked}\nwasm [[16,9],[15,19]] [2,3.5]\n0 0`);
  assert.is(err, "", "no banner, no warning");
});

test.run();
