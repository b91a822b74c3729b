import type { Engine } from "./engine";
import type { Plan } from "./plan";
import { ScalarEngine } from "./scalar-engine";
import { SimdEngine } from "./simd-engine";

/** The engine a plan asks for. */
export function engineFor({ code, optimiser, engine }: Pick<Plan, "code" | "optimiser" | "engine">): Engine {
  return engine === "simd" ? new SimdEngine(code, optimiser) : new ScalarEngine(code, optimiser);
}
