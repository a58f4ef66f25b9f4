/** In which unit a gate reads its value and its limit. Source: ladder.md §4, rules.md §3. */
import type { RefusalCode } from '../../core/refusal.ts';

/** `share` is of the price, 0.01 is 1 %; `none` is a number of something, or no number at all. */
export type GateUnit = 'percent' | 'share' | 'ms' | 'usdt' | 'none';

/** A percentage in the configuration goes up to 100. */
const PERCENT_MAX = 100;

/** `limit` as it was read: two gates compare a time first, then a percentage, and the one that said no is told. */
export function gateUnit(code: RefusalCode, limit: string): GateUnit {
  switch (code) {
    case 'price-stale':
    case 'funding-near':
      return Number(limit) > PERCENT_MAX ? 'ms' : 'percent';
    case 'loss-too-deep':
    case 'profit-too-small':
      return 'percent';
    case 'edge-below-cost':
      return 'share';
    case 'interval-too-short':
    case 'reentry-wait':
      return 'ms';
    case 'position-too-large':
    case 'margin-not-free':
    case 'position-margin-too-large':
    case 'liquidation-too-near':
    case 'exposure-too-large':
    case 'worst-case-too-large':
    case 'position-below-min-value':
    case 'partial-below-min-value':
    case 'partial-unprofitable':
      return 'usdt';
    // Of the two below the first reading is in lots, the second in USDT, and nothing tells them apart.
    case 'rung-too-small':
    case 'entry-too-small':
    case 'halted':
    case 'state-unknown':
    case 'order-in-flight':
    case 'no-position':
    case 'opposite-side':
    case 'additions-exhausted':
    case 'leverage-unknown':
    case 'positions-at-limit':
    case 'partial-below-min-size':
    case 'remainder-below-min-size':
    case 'trend-against':
    case 'decision-failed':
      return 'none';
  }
}
