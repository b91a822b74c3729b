import { createHash } from "node:crypto";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { writeWhole } from "../files";
import { canonical, decode, encode } from "./plain";

/** What rows depend on: together they name an entry of the store. */
export interface EntryKey {
  readonly experiment: string;
  readonly version: string;
  readonly configuration: unknown;
  readonly data: unknown;
  readonly seed: number | string;
  readonly code: string;
}

/** What an entry says of itself, beside its trials. */
export interface About extends EntryKey {
  /** The experiment's module, relative to the checkout: to see whether the entry is of today's code. */
  readonly module: string;
  readonly node: string;
  readonly created: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const aboutFile = "about.json";
const partName = /^part-[0-9a-f]{16}\.trials$/;
/** Unfinished files of this or another process: never read, removed by `prune` when they are old. */
export const unfinished = /^\.unfinished-/;
let written = 0;

/** Digest of what rows depend on, 16 hexadecimal digits. */
function keyDigest({ experiment, version, configuration, data, seed, code }: EntryKey): string {
  return sha256(canonical({ experiment, version, configuration, data, seed, code })).slice(0, 16);
}

/** A name that no other process gives, on no machine that shares the file system. */
const unfinishedName = () => `.unfinished-${os.hostname()}-${process.pid}-${++written}`;

/** Writes a file of an entry, whoever else writes it too. */
function write(file: string, text: string): void {
  const folder = path.dirname(file);
  const attempt = () => writeWhole(file, text, { part: path.join(folder, unfinishedName()) });
  try {
    attempt();
  } catch (error) {
    // Another process may have cleared the entry in between.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    attempt();
  }
}

const line = (trial: number, rows: string) => `${sha256(`${trial} ${rows}`).slice(0, 32)} ${trial} ${rows}\n`;

/** The trial and its rows' text, or undefined when the line is not what was written. */
function readLine(text: string): [number, string] | undefined {
  const match = /^[0-9a-f]{32} (\d+) (.*)$/s.exec(text);
  if (!match || line(Number(match[1]), match[2]) !== `${text}\n`) return undefined;
  return [Number(match[1]), match[2]];
}

/** What was found in an entry: the text of each trial's rows, and what had to be dropped. */
export interface Kept {
  readonly trials: Map<number, string>;
  /** Lines that were damaged; their trials have to be made again. */
  readonly damaged: number;
}

/**
 * One entry of the store: a folder with `about.json` and any number of files of finished trials.
 *
 * Files are only ever added whole and named by their content, so several processes may write to one entry at once, on
 * one machine or on a shared file system: they can at worst do the same work twice.
 */
export class Entry {
  constructor(readonly folder: string) {}

  static of(store: string, key: EntryKey): Entry {
    return new Entry(path.join(store, key.experiment, keyDigest(key)));
  }

  /** What the entry says of itself, or undefined when that is missing, damaged or of another entry. */
  about(): About | undefined {
    try {
      const about = decode(fs.readFileSync(path.join(this.folder, aboutFile), "utf8")) as About;
      return keyDigest(about) === path.basename(this.folder) ? about : undefined;
    } catch {
      return undefined;
    }
  }

  private parts(): string[] {
    try {
      return fs
        .readdirSync(this.folder)
        .filter((name) => partName.test(name))
        .sort();
    } catch {
      return []; // there is no such entry yet
    }
  }

  /** All trials that are kept and whole. With `repair`, damaged files are replaced by what is whole in them. */
  read({ repair = false } = {}): Kept {
    const trials = new Map<number, string>();
    let damaged = 0;
    for (const name of this.parts()) {
      const file = path.join(this.folder, name);
      let text: string;
      try {
        text = fs.readFileSync(file, "utf8");
      } catch {
        continue; // repaired or cleared by another process in between
      }
      const lines = text.split("\n");
      const whole = lines.slice(0, -1).map(readLine);
      // What follows the last line's end is the rest of a file cut short; an empty file lost everything.
      const lost = whole.filter((l) => !l).length + (lines.at(-1) !== "" || text === "" ? 1 : 0);
      const good = whole.flatMap((l) => (l ? [l] : []));
      for (const [trial, rows] of good) if (!trials.has(trial)) trials.set(trial, rows);
      damaged += lost;
      if (lost === 0 || !repair) continue;
      try {
        const repaired = good.length > 0 ? this.add(good, { over: true }) : "";
        if (repaired !== file) fs.rmSync(file, { force: true });
      } catch {
        // a store that cannot be written is told elsewhere
      }
    }
    return { trials, damaged };
  }

  /** Keeps finished trials, `over` a file of that name too; the file. Throws what the file system throws. */
  add(trials: readonly (readonly [number, string])[], { over = false } = {}): string {
    const text = trials.map(([trial, rows]) => line(trial, rows)).join("");
    const file = path.join(this.folder, `part-${sha256(text).slice(0, 16)}.trials`);
    if (over || !fs.existsSync(file)) write(file, text);
    return file;
  }

  /** Writes what the entry says of itself, unless that stands there already. */
  describe(about: About): void {
    if (!this.about()) write(path.join(this.folder, aboutFile), `${encode(about)}\n`);
  }

  /** Forgets everything: out of sight at once, then removed. */
  clear(): void {
    const aside = path.join(path.dirname(this.folder), unfinishedName());
    try {
      fs.renameSync(this.folder, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    fs.rmSync(aside, { recursive: true, force: true });
  }
}
