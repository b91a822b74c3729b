import * as fs from "node:fs";

/** A row of `npm run bench -- --json`. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  against: number | null;
  ratio: number | null;
}

/** The rows of one suite and how they were measured. */
export interface BenchSuite {
  machine: { cpu: string; cores: number; node: string };
  /** Mean number of processes that ran or waited while it began. */
  load: number;
  date: string;
  commit: string | null;
  rows: BenchRow[];
}

/** What `npm run bench -- --save` has kept, by suite. */
export type BenchRecord = Record<string, BenchSuite>;

/** Reads the record; an empty one where none is. */
export function readBench(file: string): BenchRecord {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as BenchRecord) : {};
}
