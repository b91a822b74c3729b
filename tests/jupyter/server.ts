import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { eventually, temporaryFolder } from "../report/fixtures";

const root = path.join(__dirname, "../..");

/** Where Jupyter keeps what it keeps: a folder of its own, with the kernel that `npm run kernel` installs. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const home = temporaryFolder();
  const script = path.join(root, "scripts/kernel.mjs");
  const installed = spawnSync(process.execPath, [script, "--prefix", home], { encoding: "utf8" });
  if (installed.status !== 0) throw new Error(`npm run kernel failed: ${installed.stderr}`);
  return {
    ...process.env,
    HOME: home,
    JUPYTER_CONFIG_DIR: path.join(home, "config"),
    JUPYTER_DATA_DIR: path.join(home, "data"),
    JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
    JUPYTER_PATH: path.join(home, "share/jupyter"),
  };
}

/** A Jupyter server that runs. */
export interface Server {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

/** Starts Debian's Jupyter server, or its classic notebook, on a free port of this machine. */
export async function startServer(
  program: "jupyter-server" | "jupyter-notebook",
  folder: string,
): Promise<Server> {
  const token = "tests";
  const app = program === "jupyter-server" ? "ServerApp" : "NotebookApp";
  const where = program === "jupyter-server" ? "root_dir" : "notebook_dir";
  const options = ["ip=127.0.0.1", `port=${await freePort()}`, `token=${token}`, `${where}=${folder}`];
  const words = ["--allow-root", "--no-browser", ...options.map((option) => `--${app}.${option}`)];
  const child: ChildProcess = spawn(program, words, {
    env: jupyterEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => child.kill("SIGTERM")); // it then ends its kernels too
  let log = "";
  child.stdout?.on("data", (data) => (log += data));
  child.stderr?.on("data", (data) => (log += data));
  const url = await eventually(`${program}: its address`, () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${log}`);
    return /(http:\/\/127\.0\.0\.1:\d+\/)\?token/.exec(log)?.[1];
  });
  return {
    url,
    token,
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.once("exit", () => done());
        child.kill("SIGTERM");
      }),
  };
}

/** A folder from which the repository's packages are found, with copies of notebooks: Jupyter may write into it. */
export function folderOfNotebooks(...names: string[]): string {
  fs.mkdirSync(path.join(root, "node_modules/.cache"), { recursive: true });
  const folder = fs.mkdtempSync(path.join(root, "node_modules/.cache/notebooks-"));
  process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  for (const name of names)
    fs.copyFileSync(path.join(root, "notebooks", `${name}.ipynb`), path.join(folder, `${name}.ipynb`));
  return folder;
}
