// Trains two trials of one program at once. Use: lay memory out from heapBase() on, call configure() with the places, fill heap,
// records, tables and ranges, start(), then run() or differentiate().
// The codes and operands of records stand in src/ensemble/instructions.ts.
import { block, blockGradient } from "./block";
import { boundaries, boundariesGradient } from "./boundaries";
import { crossings, crossingsGradient } from "./crossings";
import { binary, binaryGradient, unary, unaryGradient } from "./elementwise";
import { dense, denseInput, mask } from "./matrix";
import { optimise } from "./optimise";
import { outsideRegion, outsideRegionGradient } from "./outside-region";
import {
  accumulate, copy, gather, meanSquare, meanSquareGradient, scatter, smallest, spread, sumColumns, sumRows,
} from "./reduce";
import { draw, fillUniform, seed, uniform } from "./samples";
import { address, put, setHeap } from "./vector";
import { denseBiases, denseWeights } from "./weight-gradients";

export { setOptimiser } from "./optimise";

/** Bytes of a record. */
const recordBytes: usize = 20 * 4;

let records: usize = 0;
let recordsEnd: usize = 0;
let tables: usize = 0;
let slots: usize = 0;
let slotCount: i32 = 0;

export function heapBase(): usize {
  return __heap_base;
}

/** Where everything stands: addresses, and counts of records and scheduled values. */
export function configure(
  heap: usize,
  recordsAt: usize,
  recordCount: i32,
  tablesAt: usize,
  slotsAt: usize,
  slotNumber: i32,
): void {
  setHeap(heap);
  records = recordsAt;
  recordsEnd = recordsAt + <usize>recordCount * recordBytes;
  tables = tablesAt;
  slots = slotsAt;
  slotCount = slotNumber;
}

/** Takes the generators' state and warms them up. */
export function start(state: usize, warmUp: i32): void {
  seed(state);
  for (let i = 0; i < warmUp; i++) uniform();
}

// @ts-ignore: decorator
@inline
function at(p: usize, operand: i32): i32 {
  return load<i32>(p + (<usize>operand << 2));
}

function execute(code: i32, p: usize): void {
  switch (code) {
    case 0: return fillUniform(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6));
    case 1: return draw(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4));
    case 2: return unary(at(p, 0), at(p, 1), at(p, 2), at(p, 3));
    case 3: return unaryGradient(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6));
    case 4:
      return binary(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8), at(p, 9),
      );
    case 5: return binaryGradient(p);
    case 6: return sumColumns(at(p, 0), at(p, 1), at(p, 2), at(p, 3));
    case 7: return sumRows(at(p, 0), at(p, 1), at(p, 2), at(p, 3));
    case 8: return spread(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6));
    case 9: return gather(at(p, 0), at(p, 1), tables + (<usize>at(p, 2) << 2), at(p, 3), at(p, 4));
    case 10:
      return scatter(
        at(p, 0), at(p, 1), at(p, 2), tables + (<usize>at(p, 3) << 2), at(p, 4), at(p, 5), at(p, 6),
      );
    case 11: return copy(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5));
    case 12: return accumulate(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5));
    case 13: return dense(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7));
    case 14: return mask(at(p, 0), at(p, 1), at(p, 2));
    case 15: return denseInput(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6));
    case 16: return denseWeights(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6));
    case 17: return denseBiases(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4));
    case 18:
      return block(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8),
      );
    case 19:
      return blockGradient(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8), at(p, 9),
        at(p, 10), at(p, 11), at(p, 12), at(p, 13), at(p, 14), at(p, 15), at(p, 16), at(p, 17), at(p, 18),
      );
    case 20: return meanSquare(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4));
    case 21:
      return meanSquareGradient(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8),
      );
    case 22: return crossings(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5));
    case 23:
      return crossingsGradient(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8), at(p, 9),
      );
    case 24: return smallest(at(p, 0), at(p, 1), at(p, 2), at(p, 3));
    case 25: return boundaries(at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7));
    case 26:
      return boundariesGradient(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8), at(p, 9),
        at(p, 10), at(p, 11), at(p, 12), at(p, 13),
      );
    case 27:
      return outsideRegion(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8),
      );
    case 28:
      return outsideRegionGradient(
        at(p, 0), at(p, 1), at(p, 2), at(p, 3), at(p, 4), at(p, 5), at(p, 6), at(p, 7), at(p, 8), at(p, 9),
        at(p, 10), at(p, 11), at(p, 12),
      );
    default: unreachable();
  }
}

/** One pass forward and backward with the scheduled values at `table`. */
export function differentiate(table: usize): void {
  for (let i = 0; i < slotCount; i++) {
    put(address(load<i32>(slots + (<usize>i << 2))), v128.load64_splat(table + (<usize>i << 3)));
  }
  for (let p = records; p < recordsEnd; p += recordBytes) execute(load<i32>(p), p + 4);
}

/**
 * Takes steps, a row of the table each.
 *
 * @param failures receives for each trial the first step after which something was not finite, else -1
 */
export function run(table: usize, steps: i32, rowBytes: usize, failures: usize): void {
  store<i32>(failures, -1, 0);
  store<i32>(failures, -1, 4);
  for (let step = 0; step < steps; step++, table += rowBytes) {
    differentiate(table);
    const failed = optimise(table + (<usize>slotCount << 3));
    if (failed == 0) continue;
    if ((failed & 1) != 0 && load<i32>(failures, 0) < 0) store<i32>(failures, step, 0);
    if ((failed & 2) != 0 && load<i32>(failures, 4) < 0) store<i32>(failures, step, 4);
  }
}
