/** A minute as OKX writes it. Source: okx-v5.md §1.6. */
import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_ROUNDING, MINUTE_MS } from '../../core/market/candle.ts';
import { decimal, inStepsOf } from '../../core/numbers/decimal.ts';
import { lots, ticks } from '../../core/numbers/units.ts';
import { PayloadError } from '../payload-fault.ts';
import type { Candle } from '../wire/candle.ts';

/** A closed candle on today's grid, and what of it lay between two steps. */
interface CandleOnGrid {
  readonly closed: CandleClosed;
  readonly isPriceMapped: boolean;
  readonly isVolumeMapped: boolean;
}

/**
 * A closed candle; undefined while it forms. Volume in contracts. Minutes of before a tick or a lot grew are off today's grid and go onto it as those
 * of a file do (`CANDLE_ROUNDING`): a bot that starts then asks for a day of them, a download for years.
 */
export function candleOf(
  [openMs, open, high, low, close, volume, , , confirm]: Candle,
  of: Instrument,
): CandleOnGrid | undefined {
  if (confirm === '0') return undefined;
  const { instId } = of;
  const openMinute = Number(openMs) / MINUTE_MS;
  if (!Number.isSafeInteger(openMinute)) throw new PayloadError(`${instId}: a minute's candle opens at ${openMs}`);
  let isPriceMapped = false;
  const price = (text: string, column: 'openTicks' | 'highTicks' | 'lowTicks' | 'closeTicks') => {
    const { steps, isBetween } = inStepsOf(decimal(text), of.tickSize, CANDLE_ROUNDING[column]);
    isPriceMapped ||= isBetween;
    return ticks(Number(steps));
  };
  const size = inStepsOf(decimal(volume), of.lotSize, CANDLE_ROUNDING.volumeLots);
  const closed: CandleClosed = {
    kind: 'candle-closed',
    at: (openMinute + 1) * MINUTE_MS,
    instId,
    openMinute,
    openTicks: price(open, 'openTicks'),
    highTicks: price(high, 'highTicks'),
    lowTicks: price(low, 'lowTicks'),
    closeTicks: price(close, 'closeTicks'),
    volumeLots: lots(Number(size.steps)),
  };
  return { closed, isPriceMapped, isVolumeMapped: size.isBetween };
}
