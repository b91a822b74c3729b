/**
 * All sets of `size` numbers below `count`, each ascending, as columns.
 *
 * @returns by place the numbers of all sets: `combinations(3, 2)` is [[0, 0, 1], [1, 2, 2]]
 */
export function combinations(count: number, size: number): number[][] {
  let sets: number[][] = [[]];
  for (let place = 0; place < size; place++) {
    sets = sets.flatMap((set) => {
      const from = place === 0 ? 0 : set[place - 1] + 1;
      return Array.from({ length: Math.max(0, count - from) }, (_, i) => [...set, from + i]);
    });
  }
  return Array.from({ length: size }, (_, place) => sets.map((set) => set[place]));
}
