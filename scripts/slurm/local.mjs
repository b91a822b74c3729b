// A Slurm cluster of one node, this machine, without systemd: started, used and shut down again.
//   node scripts/slurm/local.mjs -- COMMAND [ARGUMENT ...]     runs a command in it (sbatch, squeue, ... work inside)
// Needs root, and Debian's packages slurmctld, slurmd, slurm-client and munge; --install installs them.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { run } from "../setup.mjs";

const programs = ["munged", "slurmctld", "slurmd", "sbatch", "sinfo", "scontrol"];
const packages = ["slurmctld", "slurmd", "slurm-client", "munge"];
const searchPath = `${process.env.PATH}:/usr/sbin:/sbin`;

const missing = () =>
  programs.filter((name) => !searchPath.split(":").some((folder) => fs.existsSync(path.join(folder, name))));

/**
 * Whether a cluster can be started here.
 * @param {{ install?: boolean }} options install: tries to install what is missing
 * @returns {string} "" or the reason why not
 */
export function whyNoSlurm({ install = false } = {}) {
  if (process.platform !== "linux") return `Slurm runs on Linux, and this is ${process.platform}`;
  if (process.getuid() !== 0) return "a private Slurm needs root, and this user is not";
  if (missing().length > 0 && install) {
    const apt = (...args) =>
      spawnSync("apt-get", args, {
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        encoding: "utf8",
        timeout: 300_000,
      });
    // Debian's scripts want to start the services; there may be no one to start them.
    const install = () => apt("install", "-y", "--no-install-recommends", ...packages);
    if (install().status !== 0) {
      apt("update");
      const { status, error, stderr } = install();
      if (status !== 0) {
        const last = (error?.message ?? stderr ?? "").trim().split("\n").at(-1);
        return `Slurm cannot be installed: ${last || `apt-get ended with ${status}`}`;
      }
    }
  }
  return missing().length > 0 ? `${missing().join(", ")} not installed` : "";
}

const delay = (ms) => new Promise((done) => setTimeout(done, ms));

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((done) => server.listen(0, "127.0.0.1", done))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function configuration(folder, name, [controllerPort, nodePort], cpus) {
  const memory = Math.floor(os.totalmem() / 2 ** 20 / 2);
  return `ClusterName=local
SlurmctldHost=${name}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
MailProg=/bin/true
MinJobAge=300
SchedulerParameters=batch_sched_delay=0,sched_interval=1
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
NodeName=${name} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=${memory}
PartitionName=all Nodes=${name} Default=YES MaxTime=INFINITE State=UP
`;
}

/**
 * Starts munge and Slurm in a folder of their own.
 * @returns {Promise<{ env: NodeJS.ProcessEnv, folder: string, stop: () => Promise<void> }>} env: for sbatch and its like
 */
export async function startSlurm({ cpus = os.availableParallelism() } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-slurm-"));
  const name = os.hostname().split(".")[0];
  for (const sub of ["munge", "state", "spool"]) fs.mkdirSync(path.join(folder, sub), { mode: 0o700 });
  const key = path.join(folder, "munge/key");
  fs.writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const conf = path.join(folder, "slurm.conf");
  fs.writeFileSync(conf, configuration(folder, name, await freePorts(2), cpus));
  const env = { ...process.env, PATH: searchPath, SLURM_CONF: conf };
  // Inside somebody else's job these would lead to that cluster.
  for (const variable of Object.keys(env))
    if (/^(SLURM_(?!CONF)|SLURMD_|SBATCH_)/.test(variable)) delete env[variable];

  const children = [];
  const start = (command, ...args) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    const said = [];
    child.stderr.on("data", (data) => said.push(String(data)));
    const ended = new Promise((done) => child.on("close", done));
    children.push({ command, child, ended, said });
  };
  const stop = async () => {
    for (const { child, ended } of children.reverse()) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const munge = path.join(folder, "munge");
    const file = (option, name) => `--${option}=${path.join(munge, name)}`;
    start(
      "munged",
      "--force",
      "--foreground",
      file("socket", "socket"),
      file("key-file", "key"),
      file("pid-file", "pid"),
      file("log-file", "log"),
      file("seed-file", "seed"),
    );
    while (!fs.existsSync(path.join(munge, "socket"))) await alive(children);
    start("slurmctld", "-D", "-f", conf);
    start("slurmd", "-D", "-f", conf);
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { stdout } = spawnSync("sinfo", ["-h", "-o", "%T"], { env, encoding: "utf8", timeout: 10_000 });
      if (stdout?.trim() === "idle") break;
      await alive(children);
      if (Date.now() > deadline)
        throw new Error(`Slurm's node is not idle after a minute, but "${stdout?.trim()}"`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, folder, stop };
}

async function alive(children) {
  await delay(100);
  for (const { command, child, said } of children) {
    if (child.exitCode !== null)
      throw new Error(`${command} ended with ${child.exitCode}: ${said.join("").trim()}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run(async (args) => {
    const at = args.indexOf("--");
    const command = at < 0 ? [] : args.slice(at + 1);
    if (command.length === 0)
      throw new Error("node scripts/slurm/local.mjs [--install] -- COMMAND [ARGUMENT ...]");
    const reason = whyNoSlurm({ install: args.slice(0, at).includes("--install") });
    if (reason) throw new Error(reason);
    const cluster = await startSlurm();
    try {
      const child = spawn(command[0], command.slice(1), { env: cluster.env, stdio: "inherit" });
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
      return await new Promise((done, failed) => {
        child.on("error", failed);
        child.on("close", (code, signal) => done(code ?? 128 + os.constants.signals[signal]));
      });
    } finally {
      await cluster.stop();
    }
  });
}
