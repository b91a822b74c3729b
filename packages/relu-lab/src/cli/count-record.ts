import { createHash } from "node:crypto";
import type { ReluNetwork } from "../network";
import type { PlaneDomain } from "../regions";

/** What a part of a count has found, and of what it is a part. */
export interface CountRecord {
  readonly record: "relu-lab count";
  /** Digest of network and domain: parts of one count have the same. */
  readonly of: string;
  /** The part, from 1, and how many there are. */
  readonly shard: readonly [part: number, parts: number];
  readonly activation_regions: number;
  readonly cells_after_each_hidden_layer: readonly number[];
  readonly certified: boolean;
  readonly seconds: number;
}

/** A digest of all that a count depends on: the network's numbers, and the domain's. */
export function countDigest(network: ReluNetwork, domain: PlaneDomain): string {
  const hash = createHash("sha256").update(JSON.stringify(domain, plain));
  for (const { inputs, outputs, activation, biases, rows, identities, ...layer } of network.layers) {
    hash.update(JSON.stringify([inputs, outputs, activation]));
    for (const array of [biases, identities, rows?.starts, rows?.columns, rows?.values ?? layer.weights])
      if (array) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)).update("|");
  }
  return hash.digest("hex").slice(0, 32);
}

/** Typed arrays as lists, so that a domain's digest does not depend on how it is held. */
const plain = (_name: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;

const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The record in a text, or undefined where it is none, or half of one. */
export function parseRecord(text: string): CountRecord | undefined {
  let raw: Partial<CountRecord>;
  try {
    raw = JSON.parse(text) as Partial<CountRecord>;
  } catch {
    return undefined;
  }
  const { record, of, shard, activation_regions: regions, cells_after_each_hidden_layer: cells } = raw ?? {};
  const isRecord =
    record === "relu-lab count" && typeof of === "string" && typeof raw.certified === "boolean";
  const [part, parts] = Array.isArray(shard) ? shard : [];
  if (!isRecord || !whole(regions) || !Array.isArray(cells) || !cells.every(whole)) return undefined;
  return whole(part) && whole(parts) && part >= 1 && part <= parts ? (raw as CountRecord) : undefined;
}
