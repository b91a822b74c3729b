import type { Engine } from "./engine";
import type { Plan } from "./plan";
import { ScalarEngine } from "./scalar-engine";

/** The engine a plan asks for. */
export function engineFor({ code, optimiser }: Pick<Plan, "code" | "optimiser" | "engine">): Engine {
  return new ScalarEngine(code, optimiser);
}
