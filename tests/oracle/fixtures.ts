// The networks with exact counts: copies of the small ones, and the large ones where the shared folder is at hand.
import * as fs from "node:fs";
import * as path from "node:path";
import { network } from "relu-lab";

export interface CountedNetwork {
  name: string;
  net: network.ReluNetwork;
  document: {
    sizes: number[];
    domain: { type: "box" | "slice"; lo: number[]; hi: number[]; c: number[]; u: number[]; v: number[] };
    expected: {
      activation_regions?: number;
      linear_components?: number;
      distinct_affine_maps?: number;
      cells_after_each_hidden_layer?: number[];
      affine_pieces?: number;
      activation_intervals?: number;
    };
    line?: { p: number[]; d: number[]; t: number[]; affine_pieces: number; activation_intervals: number };
    distance_to_boundary?: { x: number[]; distance: number; neuron: number }[];
  };
}

const copies = path.join(__dirname, "../fixtures/regions");
const shared = process.env.RELU_LAB_SHARED
  ? path.join(process.env.RELU_LAB_SHARED, "regions")
  : "/work/shared/regions";

function load(folder: string, file: string): CountedNetwork {
  const document = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  return { name: file.slice(0, -".json".length), net: network.networkFromJson(document), document };
}

/** All networks with known counts; prints a `skipped:` line for the large ones where the shared folder is missing. */
export function countedNetworks(): CountedNetwork[] {
  const found = fs
    .readdirSync(copies)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => load(copies, file));
  for (const file of ["deep_64x8_s3.json", "slice784_64x64_s0.json"]) {
    if (fs.existsSync(path.join(shared, file))) found.push(load(shared, file));
    else
      console.log(`skipped: ${file} is too large for tests/fixtures and not in ${shared} (RELU_LAB_SHARED)`);
  }
  return found;
}
