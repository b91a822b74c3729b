/** Labelled grey images: image i is bytes [i * pixels, (i + 1) * pixels) of `images`, rows first, 0 black. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Where data came from, so that every table made from it can say so. */
export interface Provenance {
  /** The kind of source. */
  readonly source: "folder" | "cache" | "download" | "embedded";
  /** One sentence for a report: which images these are and where they were read. */
  readonly description: string;
  /** Numbers of images, all together and by class. */
  readonly counts: {
    readonly train: number;
    readonly test: number;
    readonly trainByClass: readonly number[];
    readonly testByClass: readonly number[];
  };
  /** SHA-256 of the four uncompressed parts' SHA-256 digests, in the order of `partNames`, joined by spaces. */
  readonly digest: string;
  /** What was tried before, one line each. */
  readonly notes: readonly string[];
}

/** A data set of labelled images with its training and its test part. */
export interface ImageDataset {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  readonly rows: number;
  readonly columns: number;
  readonly provenance: Provenance;
}

/** The four parts of a data set in IDX files. */
export const partNames = ["trainImages", "trainLabels", "testImages", "testLabels"] as const;
/** One of the four files of an image set. */
export type PartName = (typeof partNames)[number];

/** One published file. */
export interface IdxFile {
  /** Its name, uncompressed; `.gz` is appended for the packed one. */
  readonly name: string;
  /** SHA-256 of the uncompressed bytes. */
  readonly sha256: string;
  /** Size of the published .gz in bytes: for the progress of a download, which stops at twice as much. */
  readonly packedBytes: number;
}

/** All there is to know about a data set that is published as four IDX files. */
export interface IdxDataset {
  /** Name of its folder below the data folder and below the cache. */
  readonly folder: string;
  /** What reports call it. */
  readonly title: string;
  readonly files: Readonly<Record<PartName, IdxFile>>;
  /** Addresses that end with a slash; `NAME.gz` is appended. */
  readonly mirrors: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

function requireCount(who: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${who}(${count}): the number of images must be a positive integer`);
}

/**
 * The first images of a set (views, nothing is copied).
 *
 * @param set labelled images
 * @param count at most so many; all of them when the set has fewer
 * @returns the first images and their labels
 * @throws RangeError when count is not a positive integer
 * @example
 * const few = first(mnist.train, 1000);
 */
export function first(set: LabelledImages, count: number): LabelledImages {
  requireCount("first", count);
  const kept = Math.min(count, set.count);
  const pixels = set.images.length / set.count;
  return { images: set.images.subarray(0, kept * pixels), labels: set.labels.subarray(0, kept), count: kept };
}

/** One image of a set. */
export interface Example {
  /** Its place in the set. */
  readonly index: number;
  readonly label: number;
  /** Its bytes, rows first. */
  readonly pixels: Uint8Array;
}

/**
 * The first images of each class: something to look at.
 *
 * @param set labelled images
 * @param count how many of each class
 * @returns class after class, in the order of the set within a class (views, nothing is copied)
 * @throws RangeError when count is not a positive integer
 * @example
 * firstOfEachClass(mnist.test, 8).length; // 80
 */
export function firstOfEachClass(set: LabelledImages, count: number): Example[] {
  requireCount("firstOfEachClass", count);
  const size = set.images.length / set.count;
  const found = new Map<number, Example[]>();
  for (const [index, label] of set.labels.entries()) {
    const own = found.get(label) ?? found.set(label, []).get(label)!;
    if (own.length < count) {
      own.push({ index, label, pixels: set.images.subarray(index * size, (index + 1) * size) });
    }
  }
  return [...found.keys()].sort((a, b) => a - b).flatMap((label) => found.get(label)!);
}

/** Counts how many labels there are of each class. */
export function countByClass(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}
