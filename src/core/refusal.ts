/**
 * Our no, by name, in order of precedence (ladder.md §4, rules.md §3, ladder.md §5). A code is forever: journals hold it.
 */
export const ADDITION_GATES = [
  'halted',
  'state-unknown',
  'price-stale',
  'order-in-flight',
  'no-position',
  'opposite-side',
  'additions-exhausted',
  'interval-too-short',
  'loss-too-deep',
  'profit-too-small',
  'leverage-unknown',
  'rung-too-small',
  'position-too-large',
  'margin-not-free',
  'position-margin-too-large',
  'positions-at-limit',
  'liquidation-too-near',
  'exposure-too-large',
] as const;

/** Asked after the eighteen, in a running bot only; `decide` knows neither funding nor costs nor where a trend points. */
export const RUNNING_ADDITION_GATES = ['funding-near', 'edge-below-cost', 'trend-against'] as const;

export const ENTRY_GATES = [
  'halted',
  'state-unknown',
  'price-stale',
  'order-in-flight',
  'reentry-wait',
  'funding-near',
  'edge-below-cost',
  'entry-too-small',
  'position-too-large',
  'margin-not-free',
  'position-margin-too-large',
  'positions-at-limit',
  'liquidation-too-near',
  'exposure-too-large',
  'worst-case-too-large',
  'trend-against',
] as const;

export const PARTIAL_GUARDS = [
  'position-below-min-value',
  'partial-below-min-size',
  'partial-below-min-value',
  'remainder-below-min-size',
  'partial-unprofitable',
] as const;

/** Codes of the gates of an addition; the last three are asked in the running bot only. */
export type AdditionGate = (typeof ADDITION_GATES)[number] | (typeof RUNNING_ADDITION_GATES)[number];
/** Codes of the gates of an entry. */
export type EntryGate = (typeof ENTRY_GATES)[number];
export type PartialGuard = (typeof PARTIAL_GUARDS)[number];

/** `decision-failed`: something threw while deciding, and what throws refuses (ladder.md §4). */
export type RefusalCode = AdditionGate | EntryGate | PartialGuard | 'decision-failed';

/** One gate as it was read. `ok` null: could not be evaluated. Numbers as plain decimals, floored for show: at 8 places, a tiny distance of prices at its fifth digit. */
export interface GateReading {
  readonly code: RefusalCode;
  readonly ok: boolean | null;
  readonly value: string | null;
  readonly limit: string | null;
  /** Of a gate that weighs one of two: which it was. Every other code has one unit; journals of older versions do not name it. */
  readonly unit?: 'ms' | 'percent' | 'lots' | 'usdt';
}
