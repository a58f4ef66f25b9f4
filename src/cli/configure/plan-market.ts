/** The market that a plan begins with: the last stored candles, a price that was given, or an example. */
import { existsSync } from 'node:fs';
import { type Instrument, priceText, ticksOf } from '../../core/instrument/instrument.ts';
import type { Candles } from '../../core/market/candle.ts';
import { regimeFor } from '../../core/market/regime.ts';
import { SymbolSeries } from '../../core/market/series.ts';
import { type Decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { type Side, sideOf, type Ticks, ticks, UnitError } from '../../core/numbers/units.ts';
import type { Policy, Regime } from '../../core/policy.ts';
import { type Origin, UNKNOWN } from '../../data/store/origin.ts';
import { candlePath } from '../../data/store/store.ts';
import { minuteText, originText } from '../../data/texts.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import { candleFolder } from '../input/configuration.ts';
import { examplePrice } from '../input/instruments.ts';
import { storedCandles } from '../input/stored-candles.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { PlanOptions } from './plan.ts';

/** The market as the last stored candles leave it; undefined where none are stored. */
interface StoredMarket {
  readonly minute: number;
  readonly closeTicks: Ticks;
  readonly regime: Regime;
  /** Of a trend; undefined where it has none. */
  readonly trendSide: Side | undefined;
  readonly atrTicks: number | undefined;
  readonly origin: Origin;
}

/** Enough for every indicator to be warm as they are by default, the day's mean of the ATR included. */
const MINUTES_READ = 3 * 24 * 60;

export function storedMarket(session: Session, instrument: Instrument, policy: Policy): StoredMarket | undefined {
  const folder = candleFolder(session);
  if (!existsSync(candlePath(folder, instrument.instId))) return undefined;
  const { candles, stretches } = storedCandles(session, folder, instrument);
  const from = Math.max(0, candles.length - MINUTES_READ);
  const recent = seriesOf(policy, candles, from);
  // Of long periods and timeframes the bot knows more than these days tell.
  const series = recent.ready || from === 0 ? recent : seriesOf(policy, candles, 0);
  const minute = candles.openMinute[candles.length - 1];
  if (minute === undefined) return undefined;
  const origin = stretches.at(-1) ?? UNKNOWN;
  const closeTicks = ticks(candles.closeTicks[candles.length - 1] as number);
  const { regime, trendSide, atrTicks } = series;
  return { minute, closeTicks, regime, trendSide, atrTicks, origin };
}

function seriesOf(policy: Policy, candles: Candles, from: number): SymbolSeries {
  const series = new SymbolSeries(policy.signals.series);
  for (let i = from; i < candles.length; i++) {
    const [minute = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = [
      candles.openMinute[i],
      candles.openTicks[i],
      candles.highTicks[i],
      candles.lowTicks[i],
      candles.closeTicks[i],
      candles.volumeLots[i],
    ];
    series.onClosed1m(minute, open, high, low, close, volume);
  }
  return series;
}

/** What `--stop` asks for. @throws {UsageError} where no price lies there: a long's would stand at 0 or below */
export function wantedStop({ texts }: Session, { side, stop }: PlanOptions): Decimal | undefined {
  if (side !== 'short' && stop !== undefined && stop.approx >= 100)
    throw new UsageError(texts.plan.stopNowhere(formatDecimal(stop)));
  return stop;
}

/** The price given, the last stored close, or an example; which of them is said. `isOneOfMany`: whose it is too, and no price can be given. */
export function entryPrice(
  session: Session,
  instrument: Instrument,
  given: Decimal | undefined,
  market: StoredMarket | undefined,
  isOneOfMany = false,
): Ticks {
  const { texts, language, report } = session;
  const shown = (price: string) => decimalShown(price, report);
  if (given !== undefined) return onGrid(session, instrument, given);
  if (market !== undefined) {
    const price = shown(priceText(instrument, market.closeTicks));
    const whose = isOneOfMany ? `${instrument.instId}: ` : '';
    session.tell(whose + texts.plan.storedPrice(price, minuteText(market.minute), originText(market.origin, language)));
    return market.closeTicks;
  }
  const price = examplePrice(instrument);
  session.tell(
    isOneOfMany ? texts.planBook.examplePrice(instrument.instId, shown(price)) : texts.plan.examplePrice(shown(price)),
  );
  return ticksOf(instrument, price);
}

/**
 * The regime that was asked for, or the market's as a position of the side meets it (ladder.md §4); that a trend is against it is said.
 * `isRefused`: the bot would open nothing against it now (`limits.trend_against: refuse`).
 */
export function metRegime(
  { texts, report, tell }: Session,
  { instId }: Instrument,
  { side = 'long', regime }: PlanOptions,
  market: StoredMarket | undefined,
  { limits: { trendAgainst } }: Policy,
): { readonly regime: Regime; readonly isRefused: boolean } {
  if (regime !== undefined || market === undefined) return { regime: regime ?? 'ranging', isRefused: false };
  const met = regimeFor(market.regime, market.trendSide, sideOf(side), trendAgainst);
  if (met === market.regime) return { regime: met, isRefused: false };
  tell(texts.plan.againstTrend[met === 'refuse' ? 'refuse' : 'choppy'](instId, report.sides[side]));
  return { regime: 'choppy', isRefused: met === 'refuse' };
}

function onGrid({ texts }: Session, instrument: Instrument, price: Decimal): Ticks {
  try {
    return ticksOf(instrument, price);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    const said = price.approx / instrument.tickSize.approx > Number.MAX_SAFE_INTEGER ? 'priceTooLarge' : 'offGrid';
    throw new UsageError(texts.usage[said](formatDecimal(price), formatDecimal(instrument.tickSize)));
  }
}
