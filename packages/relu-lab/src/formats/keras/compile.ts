import { compile, type Compiled } from "../graph/compile";
import { graphOf } from "./graph";
import type { KerasModel } from "./model";
import { kerasOperators } from "./operators";

/** How a model of Keras is read. */
export interface KerasOptions {
  /** The layer whose output is wanted, where a model has several; the first when not given. */
  readonly output?: string;
}

/** The network of a model, whichever file its layers come from. */
export function compileKeras(format: string, model: KerasModel, { output }: KerasOptions = {}): Compiled {
  return compile(graphOf(format, model), kerasOperators, output);
}
