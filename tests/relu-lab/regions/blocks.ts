// Leaky ReLU, identity skips, convolutions and pools, lowered to dense layers: every engine against rational arithmetic.
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countLine, countPlane, countSpace } from "../../oracle";
import { compareLinearDistance } from "./distance/linear";

type Block = network.Block;
type Shape = [number, number, number];

/** One value at a time, straight from the definitions: independent of the lowering. */
function evaluate(blocks: readonly Block[], input: readonly number[], shape: Shape | null): number[] {
  let x = [...input];
  let image = shape;
  const activate = (z: number, how: network.BlockActivation) =>
    how === "linear" || z > 0 ? z : how === "relu" ? 0 : how.leaky * z;
  for (const block of blocks) {
    if (block.type === "dense") {
      const rows = block.W as number[][];
      x = rows.map((row, i) =>
        activate(
          row.reduce((s, w, k) => s + w * x[k], block.b[i]),
          block.activation,
        ),
      );
      image = null;
    } else if (block.type === "residual") {
      const inner = evaluate(block.blocks, x, image);
      x = x.map((v, i) => v + inner[i]);
    } else if (block.type === "convolution") {
      const [h, w, c] = image!;
      const [kh, kw] = block.size;
      const out: number[] = [];
      for (let p = 0; p + kh <= h; p++)
        for (let q = 0; q + kw <= w; q++)
          for (let f = 0; f < block.b.length; f++) {
            let z = block.b[f];
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++)
                for (let k = 0; k < c; k++)
                  z +=
                    block.kernel[((i * kw + j) * c + k) * block.b.length + f] *
                    x[((p + i) * w + q + j) * c + k];
            out.push(activate(z, block.activation));
          }
      image = [h - kh + 1, w - kw + 1, block.b.length];
      x = out;
    } else if (block.type === "max-pool" || block.type === "average-pool") {
      const [h, w, c] = image!;
      const n = block.size;
      const [oh, ow] = [Math.floor(h / n), Math.floor(w / n)];
      const out: number[] = [];
      for (let p = 0; p < oh; p++)
        for (let q = 0; q < ow; q++)
          for (let k = 0; k < c; k++) {
            const window: number[] = [];
            for (let i = 0; i < n; i++)
              for (let j = 0; j < n; j++) window.push(x[((p * n + i) * w + q * n + j) * c + k]);
            out.push(
              block.type === "max-pool" ? Math.max(...window) : window.reduce((a, b) => a + b, 0) / (n * n),
            );
          }
      image = [oh, ow, c];
      x = out;
    } else throw new Error(`no ${block.type} among these samples`);
  }
  return x;
}

interface Sample {
  blocks: Block[];
  shape: Shape | null;
  inputs: number;
}

/** A few blocks for so many inputs; weights Gaussian, or small integers for coincidences. */
function sample(inputs: number, r: random.Generator): Sample {
  const degenerate = r.integer(2) === 0;
  const weight = () => (degenerate ? (r.integer(5) - 2) / 2 : r.normal());
  const bias = () => (degenerate ? (r.integer(2) * (r.integer(5) - 2)) / 4 : 0.4 * r.normal());
  const leaky = () => ({ leaky: [0.1, 0.25, -0.5, 1 / 3][r.integer(4)] });
  const dense = (rows: number, columns: number, activation: network.BlockActivation): Block => ({
    type: "dense",
    W: Array.from({ length: rows }, () => Array.from({ length: columns }, weight)),
    b: Array.from({ length: rows }, bias),
    activation,
  });
  const convolution = (
    size: [number, number],
    from: number,
    to: number,
    activation: network.BlockActivation,
  ): Block => ({
    type: "convolution",
    size,
    kernel: Array.from({ length: size[0] * size[1] * from * to }, weight),
    b: Array.from({ length: to }, bias),
    activation,
  });
  const side = Math.sqrt(inputs);
  if (Number.isInteger(side) && inputs > 1) {
    // An image of side x side: a convolution of 1 x 1 keeps the shape, then a pool.
    const pool: Block = { type: r.integer(2) ? "max-pool" : "average-pool", size: 2 };
    const first = convolution([1, 1], 1, 1 + r.integer(2), "relu");
    const channels = (first as { b: ArrayLike<number> }).b.length;
    const last = dense(1 + r.integer(2), channels * Math.floor(side / 2) ** 2, "linear");
    return { blocks: [first, pool, last], shape: [side, side, 1], inputs };
  }
  const width = 2 + r.integer(3);
  const kind = r.integer(3);
  if (kind === 0 && inputs > 1) {
    // A row of `inputs` pixels.
    const first = convolution([1, 2], 1, 2, r.integer(2) ? leaky() : "relu");
    return {
      blocks: [first, dense(2, 2 * (inputs - 1), leaky()), dense(1, 2, "linear")],
      shape: [1, inputs, 1],
      inputs,
    };
  }
  if (kind === 1)
    return {
      blocks: [dense(width, inputs, leaky()), dense(3, width, leaky()), dense(1, 3, "linear")],
      shape: null,
      inputs,
    };
  const inner = [dense(2, width, r.integer(2) ? "relu" : leaky()), dense(width, 2, "relu")];
  return {
    blocks: [dense(width, inputs, "relu"), { type: "residual", blocks: inner }, dense(1, width, "linear")],
    shape: null,
    inputs,
  };
}

/** Compares networks of seeds `first` to `first + count - 1` in all engines. */
export function compareBlocks(first: number, count: number): void {
  for (let seed = first; seed < first + count; seed++) {
    const r = random.generator("blocks").split(seed);
    const { blocks, shape, inputs } = sample([1, 2, 2, 3, 4, 2, 9][seed % 7], r);
    const net = network.fromBlocks(blocks, shape ?? inputs);
    const name = `blocks ${seed}: ${blocks.map(({ type }) => type).join(", ")} of ${inputs} inputs`;
    const point = () => Array.from({ length: inputs }, () => r.normal());
    for (let k = 0; k < 5; k++) {
      const x = point();
      const y = evaluate(blocks, x, shape);
      net.forward(x).forEach((v, i) => assert.ok(Math.abs(v - y[i]) <= 1e-12 * (1 + Math.abs(y[i])), name));
    }

    const [from, to] = [point(), point()];
    const line = countLine(net, from, to);
    const along = regions.segment(net, from, to);
    assert.equal(
      [along.acts, along.pieces, along.laps, along.flats, along.distinctMaps],
      [line.intervals, line.pieces, line.laps, line.flats, line.distinctMaps],
      `${name}: segment`,
    );

    if (inputs > 1) {
      const [c, u, v] = [point(), point(), point()];
      const bounds = { lo: [-1, -1], hi: [1, 1] };
      const expected = countPlane(
        net,
        inputs === 2 ? { type: "box", ...bounds } : { type: "slice", c, u, v, ...bounds },
      );
      const found = regions.planeSync(net, inputs === 2 ? bounds : { origin: c, directions: [u, v], bounds });
      assert.ok(found.certified, name);
      assert.equal(
        [found.regions, found.cellsAfterEachLayer, found.linearRegions, found.distinctMaps],
        [
          expected.activationRegions,
          expected.cellsAfterEachLayer,
          expected.linearComponents,
          expected.distinctMaps,
        ],
        `${name}: plane`,
      );
      // The maps are those of the blocks, not only of what they were lowered to.
      for (let q = 0; q < found.count; q += 5) {
        const n = found.offsets[q + 1] - found.offsets[q];
        const p = [0, 0];
        for (let e = found.offsets[q]; e < found.offsets[q + 1]; e++)
          for (const k of [0, 1]) p[k] += found.vertices[2 * e + k] / n;
        const x = inputs === 2 ? p : c.map((o, i) => o + p[0] * u[i] + p[1] * v[i]);
        evaluate(blocks, x, shape).forEach((y, o) => {
          const m = 3 * (q * net.outputs + o);
          const value = found.maps[m] * p[0] + found.maps[m + 1] * p[1] + found.maps[m + 2];
          assert.ok(Math.abs(value - y) <= 1e-9 * (1 + Math.abs(y)), `${name}: map of region ${q}`);
        });
      }
    }
    if (inputs === 3) {
      const cube = { lo: [-1, -1, -1], hi: [1, 1, 1] };
      const expected = countSpace(net, cube, true);
      const found = regions.spaceSync(net, cube, { linear: true });
      assert.equal(
        [
          found.regions,
          found.cellsAfterEachLayer,
          found.neighbours?.neurons.length,
          found.linearRegions,
          found.distinctMaps,
        ],
        [
          expected.activationRegions,
          expected.cellsAfterEachLayer,
          expected.adjacentPairs,
          expected.linearComponents,
          expected.distinctMaps,
        ],
        `${name}: space`,
      );
    }
    if (inputs <= 2) compareLinearDistance(net, point(), `${name}: distance`);
  }
}
