/** Rows as they came, into candles in order: turned round, sorted, doubles taken out, gaps found; each with its line. */
import { CANDLE_COLUMNS, type Candles, emptyCandles } from '../../core/market/candle.ts';
import type { OrderProblem } from '../problem.ts';
import { List } from './import-report.ts';

type Of<C extends OrderProblem['code']> = Extract<OrderProblem, { readonly code: C }>;

interface Arranged {
  readonly candles: Candles;
  /** The rows that became candles. */
  readonly kept: Uint32Array;
  readonly gaps: List<Of<'gap'>>;
  readonly missingMinutes: number;
  readonly duplicates: List<Of<'duplicate'>>;
  readonly conflicts: List<Of<'conflict'>>;
  readonly disorder: List<Of<'disorder'>>;
  readonly isDescending: boolean;
  /** The smallest step between two candles; 1 where there are fewer than three. */
  readonly stepMinutes: number;
}

/** `lineOf[i]` is the line of row `i`. Of rows of one minute the first in the file stays. */
export function arranged(rows: Candles, lineOf: Uint32Array): Arranged {
  const { openMinute, length } = rows;
  const disorder = new List<Of<'disorder'>>();
  const isDescending = runsBackwards(openMinute, length);
  if (!isDescending) findDisorder(openMinute, length, lineOf, disorder);
  const order = isDescending || disorder.count > 0 ? orderOf(openMinute, length) : undefined;

  const duplicates = new List<Of<'duplicate'>>();
  const conflicts = new List<Of<'conflict'>>();
  const gaps = new List<Of<'gap'>>();
  let missingMinutes = 0;
  let stepMinutes = Number.POSITIVE_INFINITY;
  const kept = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const row = order === undefined ? i : (order[i] as number);
    const minute = openMinute[row] as number;
    const line = lineOf[row] as number;
    if (count > 0) {
      const last = kept[count - 1] as number;
      const step = minute - (openMinute[last] as number);
      if (step === 0) {
        const firstLine = lineOf[last] as number;
        if (isSame(rows, row, last)) duplicates.add(() => ({ code: 'duplicate', line, firstLine, minute }));
        else conflicts.add(() => ({ code: 'conflict', line, firstLine, minute }));
        continue;
      }
      stepMinutes = Math.min(stepMinutes, step);
      if (step > 1) {
        missingMinutes += step - 1;
        gaps.add(() => ({ code: 'gap', line, afterMinute: minute - step, minutes: step - 1 }));
      }
    }
    kept[count++] = row;
  }
  return {
    candles: picked(rows, kept.subarray(0, count)),
    kept: kept.subarray(0, count),
    gaps,
    missingMinutes,
    duplicates,
    conflicts,
    disorder,
    isDescending,
    stepMinutes: count < 3 ? 1 : stepMinutes,
  };
}

function runsBackwards(minutes: Uint32Array, length: number): boolean {
  if (length < 2 || (minutes[0] as number) <= (minutes[length - 1] as number)) return false;
  for (let i = 1; i < length; i++) if ((minutes[i] as number) > (minutes[i - 1] as number)) return false;
  return true;
}

function findDisorder(minutes: Uint32Array, length: number, lineOf: Uint32Array, disorder: List<Of<'disorder'>>): void {
  let latest = 0;
  for (let i = 0; i < length; i++) {
    const minute = minutes[i] as number;
    const afterMinute = latest;
    if (minute < latest) disorder.add(() => ({ code: 'disorder', line: lineOf[i] as number, minute, afterMinute }));
    else latest = minute;
  }
}

/** Row numbers by minute, and within a minute as they came: sorting is stable. */
function orderOf(minutes: Uint32Array, length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  return order.sort((a, b) => (minutes[a] as number) - (minutes[b] as number));
}

function isSame(rows: Candles, a: number, b: number): boolean {
  return (
    rows.openTicks[a] === rows.openTicks[b] &&
    rows.highTicks[a] === rows.highTicks[b] &&
    rows.lowTicks[a] === rows.lowTicks[b] &&
    rows.closeTicks[a] === rows.closeTicks[b] &&
    rows.volumeLots[a] === rows.volumeLots[b]
  );
}

function picked(rows: Candles, kept: Uint32Array): Candles {
  const candles = emptyCandles(rows.instId, kept.length);
  for (const column of CANDLE_COLUMNS)
    for (let i = 0; i < kept.length; i++) candles[column][i] = rows[column][kept[i] as number] as number;
  return candles;
}
