// Random graphs over all operators that are read, against ONNX Runtime itself.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as path from "node:path";
import { networkFromOnnx } from "relu-lab/formats";
import { generator, type Generator } from "relu-lab/random";
import { installedParts } from "../../parts";
import { randomGraph, steps, type RandomGraph } from "./random-graph";

const graphs = Number(process.env.RELU_LAB_GRAPHS ?? 10_000);
const tolerance = 1e-4;

/** What is used of ONNX Runtime. */
interface Runtime {
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{
      readonly outputNames: readonly string[];
      run(
        feeds: Record<string, unknown>,
      ): Promise<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
      release(): Promise<void>;
    }>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => unknown;
}

/** What is wrong with a graph's outputs at three points, or undefined. */
async function compared(
  { InferenceSession, Tensor }: Runtime,
  { file, inputs }: RandomGraph,
  random: Generator,
): Promise<string | undefined> {
  const { network, outputs } = networkFromOnnx(file);
  const session = await InferenceSession.create(file, {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
    graphOptimizationLevel: "disabled",
  });
  try {
    for (let k = 0; k < 3; k++) {
      const x = Float32Array.from({ length: network.inputs }, () => random.normal());
      const [answer] = Object.values(await session.run({ x: new Tensor("float32", x, inputs) }));
      const found = network.forward(x);
      if (answer.dims.join() !== outputs[0].shape.join())
        return `the shape is [${outputs[0].shape}], not [${answer.dims}]`;
      const scale = Math.max(1, ...Array.from(answer.data, Math.abs));
      const worst = Math.max(0, ...Array.from(answer.data, (v, j) => Math.abs(v - found[j])));
      if (!(worst <= tolerance * scale)) return `outputs of size ${scale} differ by ${worst}`;
    }
    return undefined;
  } finally {
    await session.release();
  }
}

const parts = installedParts(path.join(__dirname, "parts"), "onnxruntime");

if (parts)
  test(`${graphs} random graphs give ONNX Runtime's outputs`, async () => {
    const random = generator("onnx oracle");
    const seen = new Map<string, number>();
    const wrong: string[] = [];
    for (let i = 0; i < graphs; i++) {
      const own = random.split(i);
      let graph: RandomGraph;
      try {
        graph = randomGraph(own);
      } catch (error) {
        wrong.push(`graph ${i}: ${String(error)}`);
        continue;
      }
      for (const op of graph.used) seen.set(op, (seen.get(op) ?? 0) + 1);
      const fault = await compared(parts.require("onnxruntime-node") as Runtime, graph, own).catch(String);
      if (fault) wrong.push(`graph ${i} (${graph.used}): ${fault}`);
    }
    assert.equal(wrong, []);
    const missing = Object.keys(steps)
      .map((name) => name.replace(/(Constant|2)$/, ""))
      .filter((op) => !((seen.get(op) ?? 0) >= graphs / 1000));
    assert.equal(missing, [], "every operator must have been there");
  });

test.run();
