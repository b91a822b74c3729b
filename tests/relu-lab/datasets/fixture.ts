import { createHash } from "node:crypto";
import * as fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { datasets, random } from "relu-lab";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function idx(extents: number[], data: Uint8Array): Buffer {
  const head = Buffer.from([0, 0, 8, extents.length, ...extents.flatMap((n) => [0, 0, n >> 8, n & 255])]);
  return Buffer.concat([head, data]);
}

/** A data set of 2 x 2 images, large enough that its files come in several pieces, with the files' bytes. */
export function tinyDataset(trainCount = 3000, testCount = 50) {
  const g = random.generator("tiny");
  const part = (count: number) => [
    idx(
      [count, 2, 2],
      Uint8Array.from({ length: count * 4 }, () => g.integer(256)),
    ),
    idx(
      [count],
      Uint8Array.from({ length: count }, () => g.integer(3)),
    ),
  ];
  const contents = [...part(trainCount), ...part(testCount)];
  const names = ["train-images", "train-labels", "test-images", "test-labels"];
  const packed = contents.map((bytes) => gzipSync(bytes));
  const file = (i: number) => ({
    name: names[i],
    sha256: sha256(contents[i]),
    packedBytes: packed[i].length,
  });
  const dataset = (mirrors: string[]): datasets.IdxDataset => ({
    folder: "tiny",
    title: "Tiny",
    files: { trainImages: file(0), trainLabels: file(1), testImages: file(2), testLabels: file(3) },
    mirrors,
    rows: 2,
    columns: 2,
    classes: 3,
  });
  return { names, contents, packed, dataset };
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-datasets-"));
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** A server on this machine; `requests` notes what was asked for and from which byte. */
export async function serve(handler: Handler) {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    handler(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { address, requests, close };
}

/** Serves whole files and ranges of them, as a storage bucket does. */
export function bucket(names: string[], packed: Buffer[]): Handler {
  return (request, response) => {
    const bytes = packed[names.findIndex((name) => request.url === `/${name}.gz`)];
    if (!bytes) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416).end();
    const head = { "content-length": bytes.length - from };
    if (from > 0) {
      response.writeHead(206, {
        ...head,
        "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      });
    } else response.writeHead(200, head);
    response.end(bytes.subarray(from));
  };
}
