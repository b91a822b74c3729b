// Layers of small networks, written down.
export const relu = (W: number[][], b: number[]) => ({ W, b, activation: "relu" as const });
export const linear = (W: number[][], b: number[]) => ({ W, b, activation: "linear" as const });
