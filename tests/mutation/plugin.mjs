// What Stryker is given beside its own parts.
import { createHash } from "node:crypto";
import path from "node:path";
import process from "node:process";
import { Runner } from "./runner.mjs";

/**
 * Leaves mutants of `regions` out by chance, because there are too many of them: RELU_LAB_MUTANTS=0.2 keeps a fifth,
 * always the same ones for the same sources and RELU_LAB_MUTANTS_SEED (1 when not given).
 */
class Sample {
  share = Number(process.env.RELU_LAB_MUTANTS ?? 0.15);
  seed = process.env.RELU_LAB_MUTANTS_SEED ?? "1";

  async init() {}

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, this.verdict(mutant)]));
  }

  verdict({ fileName, location, mutatorName, replacement }) {
    const file = path.relative(process.cwd(), fileName);
    if (!file.includes("/regions/")) return { status: "passed" };
    const { start, end } = location;
    const key = [file, start.line, start.column, end.line, end.column, mutatorName, replacement].join();
    const chance =
      createHash("sha256").update(`relu-lab ${this.seed} ${key}`).digest().readUInt32LE() / 2 ** 32;
    return chance < this.share
      ? { status: "passed" }
      : { status: "compileError", reason: "not in the sample" };
  }
}

/** An error's text: tests look for its value and place, the wording around them is free. */
const wording = {
  shouldIgnore(node) {
    const text = node.isStringLiteral() || node.isTemplateLiteral();
    const inError = (parent) => parent.isNewExpression() && /Error$/.test(parent.node.callee.name);
    return text && node.findParent(inError) ? "the wording of an error" : undefined;
  },
};

export const strykerPlugins = [
  { kind: "TestRunner", name: "relu-lab", injectableClass: Runner },
  { kind: "Checker", name: "sample", injectableClass: Sample },
  { kind: "Ignore", name: "wording", value: wording },
];
