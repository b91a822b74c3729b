import { ensemble, random } from "relu-lab";
import type { Case } from "./programs";

type Step = (
  g: random.Generator,
  tape: ensemble.Tape,
  values: ensemble.Value[],
) => ensemble.Value | undefined;

const pick = <T>(g: random.Generator, list: readonly T[]): T => list[g.integer(list.length)];
const indices = (g: random.Generator, size: number) =>
  Array.from({ length: 1 + g.integer(4) }, () => g.integer(size));
const fits = (a: number, b: number) => a === b || a === 1 || b === 1;

/** Ways to make a new value; undefined when none of the values fits. */
const steps: readonly Step[] = [
  (g, _tape, values) => {
    const a = pick(g, values);
    const kind = pick(g, [
      "relu",
      "step",
      "abs",
      "neg",
      "square",
      "sinPi",
      "tent",
      "sign",
      "detach",
    ] as const);
    return a[kind]();
  },
  (g, _tape, values) => pick(g, values).square().add(0.3)[pick(g, ["sqrt", "log"] as const)](),
  (g, _tape, values) => pick(g, values).square().neg().exp(),
  (g, _tape, values) => {
    const a = pick(g, values);
    const b = values.filter((v) => fits(a.rows, v.rows) && fits(a.columns, v.columns));
    return a[pick(g, ["add", "sub", "mul", "max", "min"] as const)](pick(g, b));
  },
  (g, _tape, values) => {
    const a = pick(g, values);
    const b = values.filter((v) => fits(a.rows, v.rows) && fits(a.columns, v.columns));
    return a.div(pick(g, b).square().add(0.5));
  },
  (g, _tape, values) =>
    pick(g, values)[pick(g, ["sum", "mean", "sumRows", "sumColumns", "transpose"] as const)](),
  (g, _tape, values) => {
    const a = pick(g, values);
    return g.integer(2) ? a.rowsAt(indices(g, a.rows)) : a.columnsAt(indices(g, a.columns));
  },
  (g, tape, values) => {
    const x = pick(g, values);
    const outputs = 1 + g.integer(6);
    const W = tape.parameter(outputs, x.rows, { group: pick(g, ["all", "biases"]) });
    const b = g.integer(3) ? tape.parameter(outputs, 1, { frozen: g.integer(4) === 0 }) : null;
    return tape.dense(x, W, b, pick(g, ["relu", "linear"] as const));
  },
  (g, tape, values) => {
    const b = pick(g, values);
    const a = values.filter((v) => v.columns === b.rows);
    return a.length ? tape.product(pick(g, a), b) : undefined;
  },
  (g, tape, values) => {
    const a = pick(g, values);
    const below = values.filter((v) => v.columns === a.columns);
    const beside = values.filter((v) => v.rows === a.rows);
    return g.integer(2)
      ? tape.concatRows([a, pick(g, below), pick(g, below)])
      : tape.concatColumns([a, pick(g, beside), pick(g, beside)]);
  },
  (g, tape, values) => {
    const a = pick(g, values);
    const alike = values.filter((v) => v.rows === a.rows && v.columns === a.columns);
    if (g.integer(2)) return tape.meanSquare(a, pick(g, alike));
    return tape.crossings(a, pick(g, alike), pick(g, alike));
  },
  (g, tape, values) => {
    const a = pick(g, values);
    const points = tape.concatRows([a, a, a.mul(-0.7)]).mul(tape.scheduled((step) => 1 - step / 7));
    const shared = values.filter((v) => v.columns === 1);
    const line = pick(g, shared);
    const signs = tape
      .uniform(line.rows, a.columns, -1, 1)
      .sub(tape.uniform(1, 1, -0.5, 0.5))
      .sign();
    return tape.outsideRegion(points, tape.concatRows([line, line.square(), line]), signs, 0.3, 0.2);
  },
  (g, tape, values) => {
    const a = pick(g, values);
    const alike = values.filter((v) => v.rows === a.rows && v.columns === a.columns);
    const felt = tape.boundaries(a, pick(g, alike), pick(g, alike), 0.5, 0.1);
    return g.integer(2) ? tape.boundaryCrossings(felt) : felt;
  },
  (g, tape, values) => tape.smallest(pick(g, values)),
  (g, tape, values) => {
    // A chain of blocks, which is fused.
    const lines = values.filter((v) => v.rows === 1);
    if (lines.length === 0) return undefined;
    const sizes = [1, 1 + g.integer(5), 1, 1 + g.integer(5), 1];
    const activations = ["relu", pick(g, ["relu", "linear"] as const), "relu", "linear"] as const;
    return ensemble.dense(tape, sizes, { activations }).apply(pick(g, lines)).output;
  },
];

/** A tape of random operations, all their values watched (by chance) or only used. */
export function randomCase(g: random.Generator): Case {
  const tape = new ensemble.Tape();
  const columns = 1 + g.integer(11);
  const table = tape.constant(
    2,
    6,
    Array.from({ length: 12 }, () => g.normal()),
  );
  const values = [
    tape.uniform(1 + g.integer(3), columns, -1, 1),
    tape.uniform(1, columns),
    tape.draw(table, columns),
    tape.parameter(1 + g.integer(3), columns),
    tape.parameter(1 + g.integer(3), 1),
    tape.scheduled((step) => 1 / (1 + step)),
  ];
  for (let i = 0; i < 14; i++) {
    const made = pick(g, steps)(g, tape, values);
    if (made && made.rows * made.columns < 400) values.push(made);
  }
  const terms = values.slice(3).map((value) => value.mean());
  const loss = terms.reduce((sum, term) => sum.add(term));
  const watches = values.filter(() => g.integer(3) === 0).map((value, i) => [`v${i}`, value] as const);
  const { parameterCount } = tape;
  return {
    name: "random",
    program: tape.compile(loss, Object.fromEntries(watches)),
    trial: (seed) => {
      const own = random.generator(seed).split("start");
      return {
        parameters: Float64Array.from({ length: parameterCount }, () => own.normal()),
        random: random.generator(seed),
      };
    },
  };
}
