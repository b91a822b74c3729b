import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { removeAbandonedParts, removeQuietly } from "../files";
import { cacheFolder } from "./cache-folder";
import { downloadFile, type DownloadProgress } from "./download";
import { gunzipIfPacked, readIdx } from "./idx";
import {
  countByClass,
  partNames,
  type IdxDataset,
  type IdxFile,
  type ImageDataset,
  type LabelledImages,
  type PartName,
  type Provenance,
} from "./image-set";

/** How a data set is loaded. */
export interface LoadOptions {
  /** A folder with the four files, or with a folder of the data set's name that has them; packed by gzip or not. */
  readonly folder?: string;
  /** Called as a download goes on. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Where a line goes that says what happened; console.log when not given. */
  readonly log?: (line: string) => void;
  /** Where downloads are kept; {@link cacheFolder} when not given. */
  readonly cache?: string;
}

/** A part of a data set that came with the installation. */
export interface EmbeddedImages {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** A sentence that says which part it is. */
  readonly description: string;
}

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** The file `name` or `name.gz` in a folder, or undefined. */
function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => path.join(folder, file)).find((file) => fs.existsSync(file));
}

/** Reads a file, unpacks it and compares its digest. */
function readChecked(file: string, { sha256: digest }: IdxFile): Uint8Array {
  const bytes = gunzipIfPacked(fs.readFileSync(file), file);
  const found = sha256(bytes);
  if (found !== digest) {
    throw new Error(`${file} is not the published file: SHA-256 ${found} instead of ${digest}`);
  }
  return bytes;
}

type Parts = Record<PartName, Uint8Array>;

/** The four files in a folder given by the user; undefined when none of them is there. */
function readFolder(dataset: IdxDataset, folder: string): { parts: Parts; folder: string } | undefined {
  for (const place of [path.join(folder, dataset.folder), folder]) {
    const files = partNames.map((part) => findFile(place, dataset.files[part].name));
    if (files.every((file) => file === undefined)) continue;
    const parts: Partial<Parts> = {};
    for (const [i, part] of partNames.entries()) {
      const { name } = dataset.files[part];
      const file = files[i];
      if (file === undefined)
        throw new Error(`${place} has no ${name} (nor ${name}.gz), though it has others`);
      parts[part] = readChecked(file, dataset.files[part]);
    }
    return { parts: parts as Parts, folder: place };
  }
  return undefined;
}

function labelled(dataset: IdxDataset, parts: Parts, which: "train" | "test"): LabelledImages {
  const [imageFile, labelFile] = [dataset.files[`${which}Images`].name, dataset.files[`${which}Labels`].name];
  const images = readIdx(parts[`${which}Images`], imageFile, 3);
  const labels = readIdx(parts[`${which}Labels`], labelFile, 1);
  const [count, rows, columns] = images.dimensions;
  if (rows !== dataset.rows || columns !== dataset.columns) {
    throw new Error(
      `${imageFile} has images of ${rows} x ${columns}, not ${dataset.rows} x ${dataset.columns}`,
    );
  }
  if (labels.dimensions[0] !== count) {
    throw new Error(`${imageFile} has ${count} images, but ${labelFile} has ${labels.dimensions[0]} labels`);
  }
  const wrong = labels.data.findIndex((label) => label >= dataset.classes);
  if (wrong >= 0) {
    throw new Error(
      `${labelFile}: label ${wrong} is ${labels.data[wrong]}, but ${dataset.title} has classes 0 to ${dataset.classes - 1}`,
    );
  }
  return { images: images.data, labels: labels.data, count };
}

function assemble(
  dataset: IdxDataset,
  train: LabelledImages,
  test: LabelledImages,
  provenance: Pick<Provenance, "source" | "description" | "notes">,
  digests: readonly string[],
): ImageDataset {
  return {
    train,
    test,
    rows: dataset.rows,
    columns: dataset.columns,
    provenance: {
      ...provenance,
      counts: {
        train: train.count,
        test: test.count,
        trainByClass: countByClass(train.labels, dataset.classes),
        testByClass: countByClass(test.labels, dataset.classes),
      },
      digest: sha256(digests.join(" ")),
    },
  };
}

/** The cached files that are sound; a damaged one is reported, and removed where that is allowed. */
function readCache(dataset: IdxDataset, folder: string, note: (line: string) => void): Partial<Parts> {
  const parts: Partial<Parts> = {};
  for (const part of partNames) {
    const file = findFile(folder, dataset.files[part].name);
    if (file === undefined) continue;
    try {
      parts[part] = readChecked(file, dataset.files[part]);
      removeAbandonedParts(file);
    } catch (error) {
      note(`${(error as Error).message}; ${removeQuietly(file) ? "removed from the cache" : "passed over"}`);
    }
  }
  return parts;
}

/**
 * A data set in four IDX files, from the first of these that has it: the folder given, or `RELU_LAB_DATA`; the
 * cache; the mirrors (left out when `RELU_LAB_OFFLINE` is 1); what came with the installation.
 *
 * @param dataset names, digests and addresses
 * @param options see {@link LoadOptions}
 * @param embedded makes the smaller set that is used when there is nothing else
 * @returns the images with their provenance
 * @throws Error when a folder given by the caller has not got the files, a file there is not the published one, or no
 *   source has the data
 * @example
 * await loadIdxDataset(mnistDataset, { folder: "/data" });
 */
export async function loadIdxDataset(
  dataset: IdxDataset,
  options: LoadOptions = {},
  embedded?: () => EmbeddedImages,
): Promise<ImageDataset> {
  const log = options.log ?? ((line: string) => console.log(line));
  const notes: string[] = [];
  const note = (line: string) => {
    notes.push(line);
    log(line);
  };
  const full = (parts: Parts, source: Provenance["source"], where: string) =>
    assemble(
      dataset,
      labelled(dataset, parts, "train"),
      labelled(dataset, parts, "test"),
      { source, description: `the full ${dataset.title} set, ${where}, digests checked`, notes },
      partNames.map((part) => dataset.files[part].sha256),
    );

  const folder = options.folder ?? process.env.RELU_LAB_DATA;
  if (folder) {
    const found = readFolder(dataset, path.resolve(folder));
    if (found) return full(found.parts, "folder", "from a local folder");
    const missing = `${path.resolve(folder)} has no ${dataset.files.trainImages.name}(.gz), nor has its folder ${dataset.folder}`;
    if (options.folder !== undefined || !fs.existsSync(folder)) {
      throw new Error(
        `${missing}: name a folder that holds ${dataset.title}${options.folder ? "" : " in RELU_LAB_DATA"}`,
      );
    }
    note(`RELU_LAB_DATA: ${missing}`);
  }

  const cache = path.join(options.cache ?? cacheFolder(), dataset.folder);
  const parts = readCache(dataset, cache, note);
  const absent = partNames.filter((part) => parts[part] === undefined);
  if (absent.length === 0) return full(parts as Parts, "cache", "from the cache of an earlier download");

  let why = "RELU_LAB_OFFLINE is 1";
  if (process.env.RELU_LAB_OFFLINE !== "1") {
    const total = absent.reduce((sum, part) => sum + dataset.files[part].packedBytes, 0);
    try {
      let before = 0;
      for (const part of absent) {
        const file = dataset.files[part];
        parts[part] = await downloadFile(dataset.mirrors, file, cache, {
          log: note,
          onBytes: (bytes) =>
            options.onProgress?.({
              file: file.name,
              received: before + bytes,
              total: Math.max(total, before + bytes),
            }),
        });
        before += file.packedBytes;
      }
      return full(parts as Parts, "download", "downloaded from a public mirror");
    } catch (error) {
      why = (error as Error).message;
    }
  }
  if (!embedded) {
    throw new Error(
      `${dataset.title} is not here (${why}): set RELU_LAB_DATA to a folder with ${dataset.folder}/${dataset.files.trainImages.name}.gz and the other three files`,
    );
  }
  const { train, test, description } = embedded();
  note(`${dataset.title}: no full set (${why}); using ${description}`);
  return assemble(dataset, train, test, { source: "embedded", description, notes }, [
    sha256(train.images),
    sha256(train.labels),
    sha256(test.images),
    sha256(test.labels),
  ]);
}
