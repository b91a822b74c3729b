// SPEC 6.1, six mirror maps, 200 trials: mean and deviation of laps, by variance; weights and biases: means only.
export const table: Record<
  string,
  { naive: [number, number]; weights: number; biases: number; merged: [number, number] }
> = {
  0.0001: { naive: [63.0, 1.4], weights: 63.2, biases: 63.9, merged: [62.6, 1.5] },
  0.001: { naive: [57.0, 5.8], weights: 57.7, biases: 62.4, merged: [53.8, 6.2] },
  0.0025: { naive: [50.1, 8.9], weights: 51.5, biases: 60.3, merged: [44.7, 9.5] },
  0.005: { naive: [42.9, 11.1], weights: 44.1, biases: 57.9, merged: [35.2, 11.3] },
  0.01: { naive: [34.6, 13.0], weights: 35.6, biases: 53.3, merged: [26.2, 10.1] },
  0.02: { naive: [25.5, 12.1], weights: 27.4, biases: 47.4, merged: [18.1, 8.6] },
  0.04: { naive: [18.0, 9.9], weights: 19.4, biases: 38.8, merged: [12.4, 6.2] },
  0.06: { naive: [14.3, 8.9], weights: 15.2, biases: 33.9, merged: [10.1, 5.1] },
  0.09: { naive: [11.2, 7.8], weights: 11.9, biases: 28.8, merged: [8.1, 4.6] },
  0.25: { naive: [5.1, 4.9], weights: 5.0, biases: 16.5, merged: [4.1, 3.3] },
  1: { naive: [0.4, 1.1], weights: 0.6, biases: 4.5, merged: [1.0, 1.8] },
};
