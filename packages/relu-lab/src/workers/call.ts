// The program of a pool's worker threads: calls what a module exports.
import { createRequire } from "node:module";
import { serve } from "./serve";

/** What a pool's worker is asked for. */
export interface ModuleCall {
  /** Absolute path of a compiled module. */
  readonly module: string;
  /** The function that it exports. */
  readonly name: string;
  readonly task: unknown;
}

const load = createRequire(__filename);
type Functions = Record<string, ((task: unknown) => unknown) | undefined>;

serve<ModuleCall>(async ({ module, name, task }) => {
  const wanted = (load(module) as Functions)[name];
  if (!wanted) throw new Error(`${module} exports no function "${name}"`);
  return { answer: await wanted(task) };
});
