// Archives and HDF5 files, as the tests make them.
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../packages/relu-lab/src/formats/archive/zip";

export interface ZipOptions {
  readonly deflated?: boolean;
  /** Changes sizes and check sums as the directory claims them. */
  readonly claim?: (entry: { size: number; packed: number; crc: number }) => void;
}

/** A zip archive of these files. */
export function zipFile(
  files: Readonly<Record<string, Uint8Array | string>>,
  { deflated = false, claim = () => {} }: ZipOptions = {},
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const data = deflated ? deflateRawSync(bytes) : bytes;
    const entry = { size: bytes.length, packed: data.length, crc: crc32(bytes) };
    claim(entry);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(entry.crc, 10);
    common.writeUInt32LE(entry.packed, 14);
    common.writeUInt32LE(entry.size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, rest, Buffer.from(name)]),
    );
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

export interface Hdf5Content {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly arrays: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
  >;
  readonly compression?: number;
}

/** An HDF5 file of these arrays, by their paths. */
export async function hdf5File({ attributes = {}, arrays, compression }: Hdf5Content): Promise<Buffer> {
  const h5 = (await import("h5wasm")) as any; // eslint-disable-line @typescript-eslint/no-explicit-any
  const { FS } = await h5.ready;
  const file = new h5.File("written.h5", "w");
  for (const [name, text] of Object.entries(attributes)) file.create_attribute(name, text);
  for (const [path, { shape, values }] of Object.entries(arrays)) {
    const parts = path.split("/");
    let group = file;
    for (const part of parts.slice(0, -1))
      group = group.keys().includes(part) ? group.get(part) : group.create_group(part);
    const chunks = compression === undefined ? {} : { chunks: shape, compression };
    group.create_dataset({ name: parts.at(-1), data: values, shape: [...shape], dtype: "<f4", ...chunks });
  }
  file.close();
  const bytes = Buffer.from(FS.readFile("written.h5") as Uint8Array);
  FS.unlink("written.h5");
  return bytes;
}
