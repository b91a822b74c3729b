import process from "node:process";

/**
 * Whether outputs shall be the same bytes at every run, as those that are committed (`RELU_LAB_STEADY=1`): without
 * times and rates, and without the version of Node, which is the one version that nothing here pins.
 */
export const steady = (): boolean => process.env.RELU_LAB_STEADY === "1";
