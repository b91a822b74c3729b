import type { OptimiserDescription, OptimiserNumbers } from "./optimiser-description";
import { own, tfjs, type Variable } from "./tensors";

type Optimiser =
  InstanceType<ReturnType<typeof own>["FusedAdam"]> | InstanceType<ReturnType<typeof own>["FusedMomentum"]>;

/**
 * The optimiser a description asks for.
 *
 * @throws RangeError when the name is unknown or the rate is not positive
 */
export function makeOptimiser(description: OptimiserDescription): Optimiser {
  const { adam, momentum } = own();
  const { name, rate } = description;
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new RangeError(`the optimiser's rate is ${rate}, but must be positive`);
  if (name === "adam") return adam(rate);
  if (name === "momentum") {
    if (!(description.momentum >= 0 && description.momentum < 1)) {
      throw new RangeError(`the momentum is ${description.momentum}, but must be from 0 to below 1`);
    }
    return momentum(rate, description.momentum);
  }
  throw new RangeError(`the optimiser "${String(name)}" is not one of "adam", "momentum"`);
}

/** What an optimiser remembers, free of the names that its variables have in this process. */
export async function optimiserState(
  optimiser: Optimiser,
  variables: readonly Variable[],
): Promise<OptimiserNumbers> {
  const weights = await optimiser.getWeights();
  const steps = weights[0].tensor.dataSync()[0];
  weights[0].tensor.dispose(); // made for this call; the others are the optimiser's own
  const moments = variables.map(({ name }) =>
    weights
      .filter((weight) => weight.name.startsWith(`${name}/moment`))
      .map(({ tensor }) => Float32Array.from(tensor.dataSync())),
  );
  return { steps, moments };
}

/** Gives an optimiser its memory back. */
export async function loadOptimiser(
  optimiser: Optimiser,
  variables: readonly Variable[],
  { steps, moments }: OptimiserNumbers,
): Promise<void> {
  const tf = tfjs();
  const weights = [
    { name: "iter", tensor: tf.scalar(steps, "int32") as import("@tensorflow/tfjs").Tensor },
    ...variables.flatMap(({ name, shape }, v) =>
      moments[v].map((values, i) => ({ name: `${name}/moment${i}`, tensor: tf.tensor(values, shape) })),
    ),
  ];
  await optimiser.setWeights(weights);
  tf.dispose(weights.map(({ tensor }) => tensor));
}
