import { gunzipSync } from "node:zlib";

/** The contents of an IDX file of unsigned bytes (LeCun's format). */
export interface IdxArray {
  /** Extent of each dimension, outermost first. */
  readonly dimensions: readonly number[];
  /** The numbers, row-major. */
  readonly data: Uint8Array;
}

/** 256 MiB, five times what MNIST's largest file unpacks to: a thousandth of that can claim a terabyte. */
const mostUnpacked = 2 ** 28;

/** Unpacks gzip data when it is such, else returns the bytes as they are. */
export function gunzipIfPacked(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length < 2 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpacked });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new Error(
        `${name}: the gzip data unpacks to more than ${mostUnpacked} bytes, which no data set here has: unpack it and check it by hand`,
        { cause: error },
      );
    }
    throw new Error(`${name}: the gzip data is damaged (${(error as Error).message})`, { cause: error });
  }
}

/**
 * Reads an IDX file of unsigned bytes: a magic number 0 0 8 d, d big-endian extents, then the numbers.
 *
 * @param bytes the uncompressed file
 * @param name what errors call the file
 * @param expectedDimensions how many dimensions it must have: 3 for images, 1 for labels
 * @returns the extents and a view of the numbers
 * @throws Error that names the file and the byte where it is not what it should be
 * @example
 * const { dimensions, data } = readIdx(fs.readFileSync(file), file, 3);
 */
export function readIdx(bytes: Uint8Array, name: string, expectedDimensions: number): IdxArray {
  const header = 4 + 4 * expectedDimensions;
  if (bytes.length < header) {
    throw new Error(
      `${name} is truncated at byte ${bytes.length}: an IDX header of ${expectedDimensions} dimensions has ${header} bytes`,
    );
  }
  const magic = [0, 0, 8, expectedDimensions];
  for (const [at, right] of magic.entries()) {
    if (bytes[at] !== right) {
      const meaning = ["zero", "zero", "the type: unsigned bytes", "the number of dimensions"][at];
      throw new Error(
        `${name} is no such IDX file: byte ${at} (${meaning}) is ${bytes[at]} instead of ${right}`,
      );
    }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const dimensions = Array.from({ length: expectedDimensions }, (_, d) => view.getUint32(4 + 4 * d));
  const size = dimensions.reduce((product, extent) => product * extent, 1);
  const shape = dimensions.join(" x ");
  if (bytes.length < header + size) {
    throw new Error(`${name} is truncated at byte ${bytes.length}: ${shape} needs ${header + size} bytes`);
  }
  if (bytes.length > header + size) {
    throw new Error(
      `${name} is oversized: ${shape} ends at byte ${header + size}, but the file has ${bytes.length} bytes`,
    );
  }
  return { dimensions, data: bytes.subarray(header) };
}
