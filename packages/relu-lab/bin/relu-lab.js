#!/usr/bin/env node
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const main = path.join(__dirname, "../dist/cli/index.js");
if (!fs.existsSync(main)) {
  console.error("relu-lab is not built yet: run `npm run build` in the repository first");
  process.exit(1);
}
void require(main)
  .main(process.argv.slice(2))
  .then((code) => (process.exitCode = code));
