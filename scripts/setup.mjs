// Installs and builds whatever is missing or out of date. Needs nothing but Node itself: every import is built in.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { slim } from "./slim.mjs";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const stampFile = path.join(modules, ".relu-lab-setup");

const say = (text) => process.stderr.write(`relu-lab: ${text}\n`);
const readJson = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

/**
 * The manifests' digest: `overrides` and workspaces do not stand in the lock file, so it alone is not enough. Scripts are
 * left out: a new one installs nothing.
 */
function manifestDigest() {
  const hash = createHash("sha256").update(fs.readFileSync(path.join(root, "package-lock.json")));
  const folders = fs.readdirSync(path.join(root, "packages")).sort();
  for (const file of ["package.json", ...folders.map((folder) => `packages/${folder}/package.json`)]) {
    if (!fs.existsSync(path.join(root, file))) continue;
    const manifest = { ...readJson(path.join(root, file)), scripts: undefined };
    hash.update(file).update(JSON.stringify(manifest));
  }
  return hash.digest("hex");
}

/** Why an installation is needed, or "" when what is installed is what the lock file says. */
function whyInstall() {
  const installedLock = path.join(modules, ".package-lock.json");
  if (!fs.existsSync(installedLock)) return "nothing is installed yet";
  let wanted, have;
  try {
    wanted = readJson(path.join(root, "package-lock.json")).packages;
    have = readJson(installedLock).packages;
  } catch (error) {
    return `a lock file cannot be read (${error.message})`;
  }
  for (const [place, entry] of Object.entries(wanted)) {
    if (!place.startsWith("node_modules/") && !place.includes("/node_modules/")) continue;
    const there = have[place];
    if (!there || !fs.existsSync(path.join(root, place))) {
      if (entry.optional || entry.peer) continue;
      return `${place} is missing`;
    }
    for (const key of ["version", "integrity", "link"]) {
      if (there[key] !== entry[key]) return `${place}: ${key} differs from package-lock.json`;
    }
  }
  if (!fs.existsSync(stampFile)) return "the last installation did not finish";
  if (fs.readFileSync(stampFile, "utf8") !== manifestDigest()) return "a package.json has changed";
  return "";
}

/** npm hands its own settings to what it starts; these would leave an incomplete tree with exit code 0. */
function cleanEnvironment() {
  const env = { ...process.env };
  const harmful =
    /^npm_config_(omit|include|production|dev|optional|only|also|dry_run|global|location|prefix|local_prefix|package_lock|package_lock_only|workspace|workspaces|include_workspace_root|ignore_scripts)$/i;
  for (const key of Object.keys(env)) if (harmful.test(key)) delete env[key];
  delete env.NODE_ENV;
  return env;
}

function npm(args) {
  // Through npm's own script where we know it, so that no other npm on the PATH (or npm.cmd) comes between.
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith(".js") ? [process.execPath, [script]] : ["npm", []];
  return spawnSync(command, [...first, ...args], {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ["ignore", 2, 2],
    shell: command === "npm" && process.platform === "win32",
  });
}

/** True while the process with that number exists. */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Holds a lock file while `work` runs, so that two commands at once do not install or build over each other. */
async function locked(work) {
  const lock = path.join(root, ".setup.lock");
  for (let told = false, empty = 0; ;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") {
        fs.rmSync(lock, { force: true }); // a full disk lets it be made, but not be written
        const help = error.code === "ENOSPC" ? "make room there" : "make it writable";
        throw new Error(`cannot write to ${root} (${error.code}): ${help}, or work on a copy elsewhere`);
      }
      let owner = NaN;
      try {
        owner = Number(fs.readFileSync(lock, "utf8"));
      } catch {
        continue; // released in between
      }
      // Its owner was killed; an empty one is about to get its number, unless that takes ten seconds (counted, as a clock
      // may be set back).
      if (owner ? !alive(owner) : ++empty > 40) {
        fs.rmSync(lock, { force: true });
        continue;
      }
      if (!told) say(`waiting for another setup (process ${owner}) to finish`);
      told = true;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function install() {
  const reason = whyInstall();
  if (!reason) return;
  say(`installing packages, because ${reason} (about a minute)`);
  const start = Date.now();
  const result = npm([
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  if (result.status !== 0) {
    throw new Error(
      `npm ci failed with ${result.status ?? result.signal ?? result.error}; see its lines above`,
    );
  }
  slim(modules);
  fs.writeFileSync(stampFile, manifestDigest());
  const still = whyInstall();
  if (still) {
    fs.rmSync(stampFile, { force: true });
    throw new Error(`npm ci ended without an error, yet ${still}. Remove node_modules and try again.`);
  }
  say(`installed in ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

/**
 * Makes the checkout ready: packages installed, TypeScript compiled.
 * @param {{ build?: boolean }} options build: false installs only
 */
export async function setup({ build = true } = {}) {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20)
    throw new Error(`Node ${process.versions.node} is too old: relu-lab needs Node 20 or later`);
  await locked(async () => {
    install();
    if (build) (await import("./build.mjs")).build();
  });
}

/** Runs a script's main function: a failure prints one line and ends with code 1. */
export async function run(main) {
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") process.exit(0); // whoever read the output, such as head, has enough
    throw error;
  });
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.stderr.write(`${process.env.DEBUG ? error.stack : `relu-lab: ${error.message}`}\n`);
    process.exitCode = 1;
  }
}
