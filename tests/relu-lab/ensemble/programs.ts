import { ensemble, network, random } from "relu-lab";

/** A program with a trial that it can start from. */
export interface Case {
  readonly name: string;
  readonly program: ensemble.Program;
  readonly trial: (seed: number) => ensemble.Trial;
}

const scaled = (parameters: number, deviation: number) => (seed: number) => {
  const own = random.generator(seed).split("start");
  return {
    parameters: Float64Array.from({ length: parameters }, () => deviation * own.normal()),
    random: random.generator(seed),
  };
};

/** x -> sin(pi x0) sin(pi x1) by a network of dense layers. */
export function plane(sizes: readonly number[], batch: number): Case & { net: ensemble.Model } {
  const tape = new ensemble.Tape();
  const x = tape.uniform(2, batch, -1, 1);
  const net = ensemble.dense(tape, sizes);
  const target = x
    .rowsAt([0])
    .sinPi()
    .mul(x.rowsAt([1]).sinPi());
  const program = tape.compile(tape.meanSquare(net.apply(x).output, target), { x });
  const trial = (seed: number) => {
    const own = random.generator(seed);
    return { parameters: net.parameters(network.heNetwork(sizes, own.split("weights"), 0.3)), random: own };
  };
  return { name: `plane ${sizes.join("-")}`, program, trial, net };
}

/** A chain of blocks with a depth-graded loss. */
export function graded(
  blocks: number,
  width: number,
  batch: number,
  options: { outerRelu?: boolean; residual?: boolean; watchHidden?: boolean } = {},
): Case & { net: ensemble.Model } {
  const tape = new ensemble.Tape();
  const x = tape.uniform(1, batch);
  const net = ensemble.chain(tape, blocks, width, options);
  const applied = net.apply(x);
  const levels = ensemble.blockOutputs(applied);
  const u = options.residual ? levels.map((level, l) => level.add(l > 0 ? levels[l - 1] : x)) : levels;
  const loss = tape.depthGraded(
    u,
    u.map((_, l) => x.tents(l + 1)),
  );
  const program = tape.compile(loss, options.watchHidden ? { x, hidden: applied.layers[0] } : { x });
  return { name: `graded ${blocks} x 1-${width}-1`, program, trial: breakpoints(blocks, width), net };
}

/** SPEC 8.1: w = +-1, b = -w t with t uniform in [0, 1], v ~ N(0, 2 / width), d = 1/2. */
const breakpoints = (blocks: number, width: number) => (seed: number) => {
  const own = random.generator(seed).split("breakpoints");
  const parameters: number[] = [];
  for (let block = 0; block < blocks; block++) {
    const w = Array.from({ length: width }, () => (own.uniform() < 0.5 ? -1 : 1));
    const b = w.map((sign) => -sign * own.uniform());
    const v = w.map(() => Math.sqrt(2 / width) * own.normal());
    parameters.push(...w, ...b, ...v, 0.5);
  }
  return { parameters, random: random.generator(seed) };
};

/** Every operation of the tape at least once. */
export function everything(): Case {
  const tape = new ensemble.Tape();
  const end = tape.scheduled((step) => 0.5 + 0.01 * step);
  const table = tape.constant(3, 5, [0, 1, 2, 3, 4, 1, 0, 1, 0, 1, 0.1, 0.2, 0.3, 0.4, 0.5]);
  const drawn = tape.draw(table, 7);
  const x = tape.concatColumns([tape.uniform(2, 4, [-1, 0], end), tape.uniform(2, 3)]);
  const W = tape.parameter(5, 2);
  const b = tape.parameter(5, 1, { group: "biases" });
  const V = tape.parameter(3, 5);
  const frozen = tape.parameter(3, 1, { frozen: true });
  const hidden = tape.dense(x, W, b, "relu"); // [5, 7]
  const y = tape.dense(hidden, V, frozen); // [3, 7]
  const positive = y.square().add(0.1);
  const mask = hidden.step();
  const slope = tape.product(V, mask.mul(W.columnsAt([0]))); // [3, 7]
  const other = tape.product(V, mask.mul(W.columnsAt([1])));
  const length = slope.square().add(other.square()).add(1e-12).sqrt();
  const near = y.div(length).square().mul(-2).exp();
  const crossing = tape.crossings(near, slope.div(length), other.div(length)); // [1, 7]
  const felt = tape.boundaries(y, slope, other, 0.4, 1e-3); // [9, 7]
  // Lines are the columns of W and b; their region is that of each sample.
  const lines = tape.concatRows([W.columnsAt([0]), W.columnsAt([1]), b]);
  const outside = tape.outsideRegion(y, lines, mask.mul(2).sub(x.rowsAt([0]).step()), 0.05, 1e-5); // [1, 7]
  const hot = tape.smallest(y.abs().detach());
  const terms = [
    tape.meanSquare(y, drawn),
    positive.log().mean().abs(),
    positive.sqrt().sumRows().mean().mul(0.1),
    y.max(hidden.rowsAt([4, 0, 0])).mean(),
    y.min(drawn).sumColumns().square().sum().mul(0.01),
    y.neg().sinPi().tent().mean(),
    drawn.sub(0.3).relu().mul(y).mean(),
    crossing.sum().add(1e-12).log().mul(-0.03),
    tape.boundaryCrossings(felt).mean().mul(0.1),
    felt.rowsAt([0, 1, 2]).sum().add(1e-12).log().mul(-0.03),
    hot
      .mul(y)
      .sumRows()
      .sign()
      .mul(y.rowsAt([1]))
      .mean(),
    tape
      .product(V, W)
      .transpose()
      .columnsAt([2, 0, 0])
      .div(tape.concatRows([b, frozen]).sumRows().square().add(1))
      .mean(),
    end.mul(b).mean(),
    outside.mean(),
  ];
  const loss = terms.reduce((sum, term) => sum.add(term));
  return {
    name: "every operation",
    program: tape.compile(loss, { y, near, x, drawn, hot }),
    trial: scaled(tape.parameterCount, 0.8),
  };
}
