import * as fs from "node:fs";
import type { IncomingMessage } from "node:http";
import * as path from "node:path";

/** The names under which this machine reaches itself. */
const names = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Why a request is refused, as a status code, or null when it may be answered. A page of another site that the
 * browser has open can send requests to this machine too: under its own name (a foreign Host, when its name has been
 * made to point here) or from its own place (a foreign Origin).
 */
export function refusal({ method, headers }: IncomingMessage, port: number): 403 | 405 | null {
  const own = names.map((name) => `${name}:${port}`);
  if (!own.includes(headers.host ?? "")) return 403;
  if (headers.origin !== undefined && !own.some((host) => headers.origin === `http://${host}`)) return 403;
  const site = headers["sec-fetch-site"];
  if (site === "cross-site" && headers["sec-fetch-mode"] !== "navigate") return 403;
  return method === "GET" || method === "HEAD" ? null : 405;
}

/** What of the folder is served, and as what. */
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json",
  ".ipynb": "application/x-ipynb+json",
};

/** The file that an address names, with its media type; null when there is none inside of the folder. */
export function servedFile(folder: string, address: string): { file: string; type: string } | null {
  let name: string;
  try {
    name = decodeURIComponent(address.replace(/[?#].*$/s, ""));
  } catch {
    return null;
  }
  if (name === "/") name = "/index.html";
  const type = types[path.extname(name)];
  if (!type || !/^(?:\/[\w][\w .-]*)+$/.test(name)) return null; // no "..", no hidden file, no backslash
  try {
    const file = fs.realpathSync(path.join(folder, name));
    const inside = file.startsWith(fs.realpathSync(folder) + path.sep); // a link may lead out
    return inside && fs.statSync(file).isFile() ? { file, type } : null;
  } catch {
    return null;
  }
}
