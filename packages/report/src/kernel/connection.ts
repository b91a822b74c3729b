import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { writing } from "../notebook/write-whole";

/** What a kernel's connection file says. */
export interface ConnectionInfo {
  transport: "ipc" | "tcp";
  ip: string;
  key: string;
  signature_scheme: "hmac-sha256";
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

/** A connection whose file lies in a private folder; whoever ends the kernel removes the folder. */
export interface Connection {
  info: ConnectionInfo;
  file: string;
  folder: string;
}

// A socket's path may have 107 bytes on Linux and 103 on macOS, the port's digit and the colon included.
const longestSocketPath = 100;

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      await new Promise<void>((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

const inTemporary = <T>(work: () => T): T =>
  writing(path.join(os.tmpdir(), "the kernel's connection"), "set TMPDIR to another folder", work);

/**
 * Prepares a connection: sockets in a private folder where the system has them (no port can be taken by another
 * program, none is open to other users), ports of the loopback address elsewhere.
 */
export async function createConnection(): Promise<Connection> {
  const folder = inTemporary(() => fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-kernel-")));
  const ip = path.join(folder, "k");
  const ipc = process.platform !== "win32" && Buffer.byteLength(ip) <= longestSocketPath;
  const ports = ipc ? [1, 2, 3, 4, 5] : await freePorts(5);
  const info: ConnectionInfo = {
    transport: ipc ? "ipc" : "tcp",
    ip: ipc ? ip : "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    shell_port: ports[0],
    iopub_port: ports[1],
    stdin_port: ports[2],
    control_port: ports[3],
    hb_port: ports[4],
  };
  const file = path.join(folder, "connection.json");
  try {
    inTemporary(() => fs.writeFileSync(file, JSON.stringify(info), { mode: 0o600 }));
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { info, file, folder };
}

/** The address of one channel, spelled as tslab spells it. */
export function channelAddress(info: ConnectionInfo, channel: "shell" | "iopub" | "control"): string {
  return `${info.transport}://${info.ip}:${info[`${channel}_port`]}`;
}
