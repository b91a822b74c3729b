import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { notWritten, removeAbandonedParts, removeQuietly } from "../files";
import { gunzipIfPacked } from "./idx";
import type { IdxFile } from "./image-set";
import { claimPartFile } from "./part-file";

/** How far a download is, over all files that are missing. */
export interface DownloadProgress {
  /** Which file is on its way. */
  readonly file: string;
  /** Bytes here so far. */
  readonly received: number;
  /** Bytes expected. */
  readonly total: number;
}

/** How a file is downloaded; the times are for tests. */
export interface DownloadOptions {
  readonly log: (line: string) => void;
  /** Called with the number of bytes that are here. */
  readonly onBytes?: (bytes: number) => void;
  /** How long a mirror may take to answer, in ms. */
  readonly answerWithin?: number;
  /** How long a transfer may stand still, in ms. */
  readonly stallAfter?: number;
}

/** Why no mirror can be reached; asked once a process, so that a machine without a network waits once. */
let unreachable: string | undefined;

class NoAnswer extends Error {}
class WrongContent extends Error {}
class NotWritten extends Error {}

/** Mirrors may have packed a file otherwise than it was published; twice its size is something else. */
const mostBytes = ({ packedBytes }: IdxFile) => 2 * packedBytes;

/** The reason inside fetch's "fetch failed". */
function reason(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}

async function request(
  url: string,
  from: number,
  answerWithin: number,
  abort: AbortController,
): Promise<Response> {
  const timer = setTimeout(() => abort.abort(), answerWithin);
  try {
    // Packed files must arrive as they are; a transparently unpacked one could not be resumed.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (from > 0) headers.range = `bytes=${from}-`;
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    throw new NoAnswer(`${new URL(url).host} answers ${response.status}`);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    const why = abort.signal.aborted ? `no answer within ${answerWithin / 1000} s` : reason(error);
    throw new NoAnswer(`${new URL(url).host}: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a writing to the cache; what fails there is not the mirror's fault. */
function written<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const remedy = "set RELU_LAB_CACHE to another folder";
    throw new NotWritten(notWritten(error, file, remedy).message, { cause: error });
  }
}

/** Appends to the part file what it still lacks. */
async function fetchRest(
  url: string,
  part: string,
  file: IdxFile,
  options: Required<DownloadOptions>,
): Promise<void> {
  const have = fs.existsSync(part) ? fs.statSync(part).size : 0;
  const abort = new AbortController();
  const response = await request(url, have, options.answerWithin, abort);
  if (response.status === 416) {
    await response.body?.cancel();
    return; // nothing is missing; the digest decides
  }
  const target = path.join(path.dirname(part), `${file.name}.gz`);
  const resumed = response.status === 206;
  let bytes = resumed ? have : 0;
  const handle = written(target, () => fs.openSync(part, resumed ? "a" : "w"));
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), options.stallAfter);
  };
  try {
    watch();
    for await (const chunk of response.body ?? []) {
      watch();
      bytes += (chunk as Uint8Array).length;
      if (bytes > mostBytes(file))
        throw new WrongContent(
          `${file.name} arrived with more than ${mostBytes(file)} bytes instead of ${file.packedBytes}`,
        );
      // writeSync may stop short of a chunk's end when the disk is nearly full.
      written(target, () => fs.writeFileSync(handle, chunk as Uint8Array));
      options.onBytes(bytes);
    }
  } finally {
    clearTimeout(timer);
    fs.closeSync(handle);
    abort.abort(); // what else a mirror would send is not wanted
  }
}

/** The part file's contents, unpacked, when they are the published ones. */
function checked(part: string, file: IdxFile): Uint8Array {
  const packed = fs.readFileSync(part);
  let bytes: Uint8Array;
  try {
    bytes = gunzipIfPacked(packed, file.name);
  } catch (error) {
    throw new WrongContent((error as Error).message);
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== file.sha256) {
    throw new WrongContent(`${file.name} arrived with SHA-256 ${digest} instead of ${file.sha256}`);
  }
  return bytes;
}

/**
 * Downloads one packed file into a folder: continued where an earlier run stopped, checked by digest, and put in
 * place by renaming, so that a file in the folder is always a whole one.
 *
 * @param mirrors addresses that end with a slash, tried in order
 * @param file name and digest
 * @param folder where NAME.gz goes; made when missing
 * @param options callbacks and times
 * @returns the unpacked bytes
 * @throws Error when the folder cannot be written, and when no mirror delivers; at once when none could be reached
 *   earlier in this process
 */
export async function downloadFile(
  mirrors: readonly string[],
  file: IdxFile,
  folder: string,
  options: DownloadOptions,
): Promise<Uint8Array> {
  if (unreachable !== undefined) throw new Error(unreachable);
  const settings = { onBytes: () => {}, answerWithin: 2500, stallAfter: 15_000, ...options };
  const target = path.join(folder, `${file.name}.gz`);
  written(target, () => fs.mkdirSync(folder, { recursive: true }));
  const part = claimPartFile(target);
  const problems: string[] = [];
  let answered = false;
  try {
    for (const mirror of mirrors) {
      // As long as an attempt makes progress, or throws away what was wrong, the next one is worth its while.
      for (let attempt = 0; attempt < 5; attempt++) {
        const before = fs.existsSync(part.path) ? fs.statSync(part.path).size : 0;
        try {
          await fetchRest(`${mirror}${file.name}.gz`, part.path, file, settings);
          const bytes = checked(part.path, file);
          written(target, () => fs.renameSync(part.path, target));
          removeAbandonedParts(target);
          return bytes;
        } catch (error) {
          if (error instanceof NotWritten) {
            removeQuietly(part.path); // its half would keep the disk full
            throw error;
          } else if (error instanceof WrongContent) {
            answered = true;
            fs.rmSync(part.path, { force: true });
            settings.log(`${error.message}, from ${new URL(mirror).host}; thrown away`);
            problems.push(error.message);
            if (before === 0) break; // this mirror has something else
          } else if (error instanceof NoAnswer) {
            problems.push(error.message);
            break;
          } else {
            const now = fs.existsSync(part.path) ? fs.statSync(part.path).size : 0;
            answered = true;
            problems.push(`${new URL(mirror).host} broke off after ${now} bytes (${reason(error)})`);
            if (now <= before) break;
          }
        }
      }
    }
  } finally {
    part.release();
  }
  const message = `no mirror delivers ${file.name}: ${[...new Set(problems)].join("; ")}`;
  if (!answered) unreachable = message;
  throw new Error(message);
}
