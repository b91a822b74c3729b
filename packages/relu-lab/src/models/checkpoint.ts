import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type { LabelledImages } from "../datasets";
import { writeWhole } from "../files";
import type { OptimiserNumbers } from "./optimiser-description";
import type { EpochRecord } from "./epoch-record";

/** The state of training after an epoch. */
export interface Checkpoint {
  readonly weights: Float32Array[];
  readonly optimiser: OptimiserNumbers;
  readonly history: readonly EpochRecord[];
}

const format = "relu-lab checkpoint 2";

/** Of everything else in the file: one flipped bit of a weight would otherwise be trained on. */
const digestOf = (content: object) => createHash("sha256").update(JSON.stringify(content)).digest("hex");

const encode = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float32Array(bytes.buffer);
}

/** Tells data sets apart: a digest of all labels and the first images. */
function fingerprint({ images, labels }: LabelledImages): string {
  return createHash("sha256").update(labels).update(images.subarray(0, 1e6)).digest("hex").slice(0, 16);
}

/**
 * Writes a checkpoint. The file is put in place by renaming, so that an interrupted write leaves the one before.
 *
 * @param file where; its folder is made when missing
 * @param identity what must be the same for training to go on
 * @param set the images trained on
 * @param state what to keep
 * @throws Error that names the folder when it cannot be written
 */
export function writeCheckpoint(
  file: string,
  identity: object,
  set: LabelledImages,
  state: Checkpoint,
): void {
  const content = {
    format,
    identity: { ...identity, data: fingerprint(set) },
    history: state.history,
    weights: state.weights.map(encode),
    optimiser: {
      steps: state.optimiser.steps,
      moments: state.optimiser.moments.map((each) => each.map(encode)),
    },
  };
  const text = JSON.stringify({ ...content, digest: digestOf(content) });
  writeWhole(file, text, { remedy: "name another file for the checkpoint" });
}

/**
 * Reads a checkpoint.
 *
 * @returns the state, or undefined when there is no file
 * @throws Error when the file is no checkpoint, or one of another model, optimiser or data set
 */
export function readCheckpoint(file: string, identity: object, set: LabelledImages): Checkpoint | undefined {
  if (!fs.existsSync(file)) return undefined;
  let content: {
    format?: string;
    digest?: string;
    identity: Record<string, unknown>;
    history: EpochRecord[];
    weights: string[];
    optimiser: { steps: number; moments: string[][] };
  };
  try {
    content = JSON.parse(fs.readFileSync(file, "utf8")) as typeof content;
    if (content.format !== format) throw new Error(`its format is ${JSON.stringify(content.format)}`);
    const { digest, ...rest } = content;
    if (digest !== digestOf(rest)) throw new Error("it is damaged: its digest does not fit what it holds");
  } catch (error) {
    throw new Error(`${file} is no checkpoint (${(error as Error).message}): remove it to start anew`, {
      cause: error,
    });
  }
  for (const [key, value] of Object.entries({ ...identity, data: fingerprint(set) })) {
    const [here, there] = [JSON.stringify(value), JSON.stringify(content.identity[key])];
    if (here !== there) {
      throw new Error(
        `${file} is the checkpoint of another training: its ${key} is ${there}, not ${here}. Remove it or name another file.`,
      );
    }
  }
  return {
    history: content.history,
    weights: content.weights.map(decode),
    optimiser: {
      steps: content.optimiser.steps,
      moments: content.optimiser.moments.map((each) => each.map(decode)),
    },
  };
}
