// Runs test files one after the other in this process, so that the packages are loaded once a folder; `scripts/test.mjs`
// starts it with tsx. A line before and after each file tells the output of one from the next.
//   node --import tsx tests/process.cjs FILE ...
const { relative, resolve } = require("node:path");
const process = require("node:process");

globalThis.UVU_DEFER = 1; // `test.run()` queues the tests, and `exec` runs them
const { exec } = require("uvu");

const root = resolve(__dirname, "..");
const told = (text) => process.stdout.write(`\n\u0002 ${text}\n`);

async function main(files) {
  const environment = { ...process.env };
  for (const file of files) {
    told(`begin ${relative(root, file)}`);
    const start = performance.now();
    globalThis.UVU_QUEUE = [[null]];
    globalThis.UVU_INDEX = 0;
    try {
      require(file);
      await exec();
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    }
    told(`end ${process.exitCode ?? 0} ${((performance.now() - start) / 1000).toFixed(2)}`);
    process.exitCode = 0;
    process.chdir(root);
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
  }
}

void main(process.argv.slice(2).map((file) => resolve(file)));
