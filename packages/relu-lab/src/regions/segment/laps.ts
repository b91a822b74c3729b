/** Counts laps and flats from the signs of the slopes of neighbouring pieces, from left to right. */
export class LapCounter {
  /** Maximal runs of one strict direction; flat pieces do not interrupt a run. */
  laps = 0;
  /** Maximal runs of flat pieces. */
  flats = 0;
  /** The signs so far. */
  readonly directions: number[] = [];
  private direction = 0;
  private before = 1;

  add(sign: number): void {
    this.directions.push(sign);
    if (sign === 0 && this.before !== 0) this.flats++;
    if (sign !== 0 && sign !== this.direction) {
      this.laps++;
      this.direction = sign;
    }
    this.before = sign;
  }
}
