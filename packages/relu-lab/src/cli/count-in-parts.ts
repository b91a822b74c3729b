import * as fs from "node:fs";
import path from "node:path";
import { writeWhole } from "../files";
import { countPlaneShard, type PlaneDomain } from "../regions";
import type { Arguments } from "./arguments";
import { countDigest, parseRecord, type CountRecord } from "./count-record";
import type { NetworkDocument } from "./document";
import { costs, type Report } from "./report";
import { UserError } from "./user-error";

/** Parts of a count that is to be resumed: each is lost when the process is killed within it. */
const RESUMED_PARTS = 64;
const TELL_MILLISECONDS = 2000;

/** A part of a count (`--shard`), all parts added up (`--merge`), or all of them one after the other (`--resume`). */
export async function countInParts(
  document: NetworkDocument,
  domain: PlaneDomain,
  options: Arguments,
): Promise<Report> {
  const start = performance.now();
  const of = countDigest(document.network, domain);
  const count = async (part: number, parts: number): Promise<CountRecord> => {
    const shard = { index: part - 1, of: parts };
    const found = await countPlaneShard(document.network, domain, shard, { workers: options.workers });
    return {
      record: "relu-lab count",
      of,
      shard: [part, parts],
      activation_regions: found.regions,
      cells_after_each_hidden_layer: found.cellsAfterEachLayer,
      certified: found.certified,
      seconds: found.seconds,
    };
  };
  if (options.shard !== undefined) return oneShard(document, options, count);
  const records =
    options.merge !== undefined
      ? recordsIn(options.merge, of, document.file)
      : await resumed(options.resume!, of, count);
  return { ...summed(records), ...costs(total(records), start, options.workers ?? 1) };
}

async function oneShard(
  { file }: NetworkDocument,
  { shard, into }: Arguments,
  count: (part: number, parts: number) => Promise<CountRecord>,
): Promise<Report> {
  const [, part, parts] = (/^(\d+)\/(\d+)$/.exec(shard!) ?? []).map(Number);
  if (!(part >= 1 && part <= parts && parts <= 4096))
    throw new UserError(`--shard ${shard}: part and number of parts are needed, as in 3/64 (4096 at most)`);
  const record = await count(part, parts);
  const name = `${path.basename(file)}.part-${part}-of-${parts}.json`;
  fs.mkdirSync(into, { recursive: true });
  writeWhole(path.join(into, name), `${JSON.stringify(record)}\n`);
  return {
    activation_regions: record.activation_regions,
    cells_after_each_hidden_layer: record.cells_after_each_hidden_layer,
    certified: record.certified,
    seconds: record.seconds,
    part,
    parts,
    written: path.join(into, name),
  };
}

/** The records in a folder: of this count, each part once. */
function recordsIn(folder: string, of: string, file: string): CountRecord[] {
  if (!fs.existsSync(folder)) throw new UserError(`--merge ${folder}: there is no such folder`);
  const records: CountRecord[] = [];
  const names = new Map<number, string>();
  for (const name of fs.readdirSync(folder).sort()) {
    if (!/\.part-\d+-of-\d+\.json$/.test(name)) continue;
    const record = parseRecord(fs.readFileSync(path.join(folder, name), "utf8"));
    if (!record)
      throw new UserError(`${path.join(folder, name)}: this is no record of a part: count it again`);
    if (record.of !== of)
      throw new UserError(
        `${path.join(folder, name)}: a part of another count: not of ${file} on this domain`,
      );
    const [part, parts] = record.shard;
    if (records.length > 0 && parts !== records[0].shard[1])
      throw new UserError(
        `${path.join(folder, name)}: part ${part} of ${parts}, but others are of ${records[0].shard[1]}`,
      );
    if (names.has(part))
      throw new UserError(
        `${path.join(folder, name)}: part ${part} stands in ${names.get(part)} too: remove one`,
      );
    names.set(part, name);
    records.push(record);
  }
  if (records.length === 0) throw new UserError(`--merge ${folder}: there are no records of parts in it`);
  const parts = records[0].shard[1];
  const missing = Array.from({ length: parts }, (_, i) => i + 1).filter((part) => !names.has(part));
  if (missing.length > 0) {
    const shown = missing.slice(0, 8).join(", ") + (missing.length > 8 ? ", ..." : "");
    throw new UserError(`--merge ${folder}: ${missing.length} of ${parts} parts are missing: ${shown}`);
  }
  return records;
}

/** Counts what a file does not hold yet, part by part; a line behind which nothing was written is counted again. */
async function resumed(
  file: string,
  of: string,
  count: (part: number, parts: number) => Promise<CountRecord>,
): Promise<CountRecord[]> {
  const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
  const records = lines.flatMap((line) => parseRecord(line) ?? []);
  const foreign = records.find((record) => record.of !== of || record.shard[1] !== RESUMED_PARTS);
  if (foreign || (records.length === 0 && lines.some((line) => line.trim().length > 0)))
    throw new UserError(
      `--resume ${file}: the file holds something else: another network or domain, or no count`,
    );
  const done = new Map(records.map((record) => [record.shard[0], record]));
  fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  // What was written last may lack its end.
  writeWhole(file, [...done.values()].map((record) => `${JSON.stringify(record)}\n`).join(""));
  const started = performance.now();
  const before = done.size;
  let told = started;
  for (let part = 1; part <= RESUMED_PARTS; part++) {
    if (done.has(part)) continue;
    const record = await count(part, RESUMED_PARTS);
    fs.appendFileSync(file, `${JSON.stringify(record)}\n`);
    done.set(part, record);
    const now = performance.now();
    if (now - told < TELL_MILLISECONDS || done.size === RESUMED_PARTS) continue;
    told = now;
    const left = ((now - started) / 1000 / (done.size - before)) * (RESUMED_PARTS - done.size);
    process.stderr.write(
      `relu-lab: ${done.size} of ${RESUMED_PARTS} parts, ${total([...done.values()]).toLocaleString("en")} regions, about ${left.toFixed(0)} s left\n`,
    );
  }
  return [...done.values()];
}

const total = (records: readonly CountRecord[]): number =>
  records.reduce((sum, record) => sum + record.activation_regions, 0);

function summed(records: readonly CountRecord[]): Report {
  const cells = records[0].cells_after_each_hidden_layer.map((_, l) =>
    records.reduce((sum, record) => sum + record.cells_after_each_hidden_layer[l], 0),
  );
  return {
    activation_regions: total(records),
    cells_after_each_hidden_layer: cells,
    certified: records.every(({ certified }) => certified),
    parts: records.length,
  };
}
