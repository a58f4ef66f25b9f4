/** What an import did, as a value: nothing that was left out or changed goes unsaid. */

import { DataError } from '../data-error.ts';
import type { DataProblem, EndProblem, OrderProblem, RowProblem } from '../problem.ts';
import type { Layout } from './csv-layout.ts';
import type { TimeUnit } from './field.ts';

/** How many of a kind are listed one by one; all are counted. */
export const LISTED_MAX = 20;

export interface Listed<P> {
  readonly count: number;
  /** The first LISTED_MAX of them. */
  readonly first: readonly P[];
}

type RowCode = RowProblem['code'];

export interface ImportReport {
  readonly source: string;
  readonly instId: string;
  readonly layout: Layout;
  readonly timeUnits: readonly TimeUnit[];
  readonly isGzip: boolean;
  /** All lines, header and empty ones included. */
  readonly lines: number;
  /** Lines before the header that are neither names nor data, and lines that begin with #. */
  readonly skippedLines: number;
  readonly emptyLines: number;
  /** Lines that were read as data: candles + bad rows + unconfirmed + duplicates + conflicts. */
  readonly rows: number;
  readonly candles: number;
  /** Undefined where there is no candle. */
  readonly firstMinute: number | undefined;
  readonly lastMinute: number | undefined;
  /** Of all candles, on the instrument's grid: a coin, or a decimal sign, that is not what somebody thought shows here. */
  readonly lowestPrice: string;
  readonly highestPrice: string;
  /** Candles whose prices, whose volume were off the instrument's grid and were mapped onto it. */
  readonly mappedPrices: number;
  readonly mappedVolumes: number;
  readonly badRows: Listed<RowProblem>;
  readonly badRowsByCode: Readonly<Partial<Record<RowCode, number>>>;
  /** Candles that the exchange had not closed yet: left out. */
  readonly unconfirmed: Listed<Extract<RowProblem, { code: 'unconfirmed' }>>;
  readonly gaps: Listed<Extract<OrderProblem, { code: 'gap' }>>;
  readonly missingMinutes: number;
  readonly duplicates: Listed<Extract<OrderProblem, { code: 'duplicate' }>>;
  readonly conflicts: Listed<Extract<OrderProblem, { code: 'conflict' }>>;
  readonly disorder: Listed<Extract<OrderProblem, { code: 'disorder' }>>;
  /** The whole file runs from the newest to the oldest; it was turned round. */
  readonly isDescending: boolean;
  /** The last line has no line end, and nothing tells whether its last number is whole. */
  readonly openEnd: EndProblem | undefined;
}

/** Whether the file was perfect but for gaps, unclosed candles, a missing last line end and foreign grids, which are no faults of a file. */
export function isFaultless(report: ImportReport): boolean {
  return firstFault(report) === undefined;
}

/**
 * For who wants no file mended: the first fault in order of its line.
 * @throws {DataError} where a row was left out, doubled or out of order.
 */
export function refuseFaults(report: ImportReport): void {
  const fault = firstFault(report);
  if (fault !== undefined) throw new DataError(report.source, fault);
}

function firstFault(report: ImportReport): DataProblem | undefined {
  const faults: readonly (RowProblem | OrderProblem)[] = [
    ...report.badRows.first,
    ...report.duplicates.first,
    ...report.conflicts.first,
    ...report.disorder.first,
  ];
  let earliest: RowProblem | OrderProblem | undefined = report.isDescending ? { code: 'descending' } : undefined;
  for (const fault of faults) if (earliest === undefined || lineOf(fault) < lineOf(earliest)) earliest = fault;
  return earliest;
}

function lineOf(problem: RowProblem | OrderProblem): number {
  return problem.code === 'descending' ? Number.POSITIVE_INFINITY : problem.line;
}

/** Collects problems: counts all, keeps the first. */
export class List<P> {
  count = 0;
  readonly first: P[] = [];

  /** The problem is only made where it is kept. */
  add(problem: () => P): void {
    this.count++;
    if (this.first.length < LISTED_MAX) this.first.push(problem());
  }
}
