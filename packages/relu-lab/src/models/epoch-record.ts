/** One finished epoch. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss over the epoch's batches, while the weights changed. */
  readonly loss: number;
  /** Share of right answers over the same batches. */
  readonly accuracy: number;
  /** On the validation set after the epoch; absent without one. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Seconds the epoch took, without its evaluation. */
  readonly seconds: number;
}
