/** What a gate read, as people and scripts read it: with its unit, sizes in contracts. Source: ladder.md §4–5, rules.md §3. */
import { contractsText, type Instrument } from '../../core/instrument/instrument.ts';
import { lots } from '../../core/numbers/units.ts';
import type { GateReading, RefusalCode } from '../../core/refusal.ts';

/**
 * `share` is of the price, 0.01 is 1 %; `usdt-of-price` is a distance between two prices; `fact` is one that holds or not, and is no number.
 * `lots` only where the instrument is not known.
 */
export type GateUnit =
  | 'percent'
  | 'share'
  | 'ms'
  | 'usdt'
  | 'usdt-of-price'
  | 'lots'
  | 'contracts'
  | 'orders'
  | 'rungs'
  | 'positions'
  | 'fact';

/** A reading with the unit of its value and its limit; without one where nothing was weighed, or an older journal does not tell. */
export interface ShownReading extends Omit<GateReading, 'unit'> {
  readonly unit?: GateUnit;
}

/** @param instrument undefined: sizes stay in lots */
export function shownReading(reading: GateReading | ShownReading, instrument: Instrument | undefined): ShownReading {
  const { code, ok, value, limit } = reading;
  if (value === null || limit === null) return { code, ok, value, limit };
  const unit = reading.unit ?? unitOf(code, limit);
  if (unit !== 'lots' || instrument === undefined)
    return { code, ok, value, limit, ...(unit === undefined ? {} : { unit }) };
  const size = (text: string) => contractsText(instrument, lots(Number(text)));
  return { code, ok, value: size(value), limit: size(limit), unit: 'contracts' };
}

/** A percentage in the configuration goes up to 100. */
const PERCENT_MAX = 100;

/** Of a gate that weighs always the same; of one that weighs one of two only as far as a journal that does not name it (core/refusal.ts) shows. */
function unitOf(code: RefusalCode, limit: string): GateUnit | undefined {
  switch (code) {
    case 'price-stale':
    case 'funding-near':
      return Number(limit) > PERCENT_MAX ? 'ms' : 'percent';
    case 'rung-too-small':
    case 'entry-too-small':
      return undefined;
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
    case 'exposure-too-large':
    case 'worst-case-too-large':
    case 'position-below-min-value':
    case 'partial-below-min-value':
    case 'partial-unprofitable':
      return 'usdt';
    case 'liquidation-too-near':
      return 'usdt-of-price';
    case 'partial-below-min-size':
    case 'remainder-below-min-size':
      return 'lots';
    case 'order-in-flight':
      return 'orders';
    case 'additions-exhausted':
      return 'rungs';
    case 'positions-at-limit':
      return 'positions';
    case 'halted':
    case 'state-unknown':
    case 'no-position':
    case 'opposite-side':
    case 'leverage-unknown':
    case 'trend-against':
    case 'decision-failed':
      return 'fact';
  }
}
