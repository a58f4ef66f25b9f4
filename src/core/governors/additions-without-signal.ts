/**
 * Governor 3: when the next rung is wanted although no signal asks for it. Source: rules.md §6.3.
 *
 * Averaging down wants PnL at or below a share of the loss limit that holds, a price at least so many ATR behind the last rung, and a sign that
 * the pullback ends: RSI turning, or a reversal candle. A pyramid wants a profit, a price as far ahead of the last rung, and a candle that goes
 * on in the trend. What is wanted is no more than a signal of our own: every gate of the ladder judges it (addition.ts), the loss limit first.
 *
 * `averageDownTicks` and `pyramidTicks` are the prices from which the rules hold: the inverse of `isDeepEnough` and `isFarEnough`, published
 * before the market comes there. Off by default: requirements §5 postpone it for its risk.
 */

import type { SymbolSeries } from '../market/series.ts';
import { type Arithmetic, decided } from '../numbers/arithmetic.ts';
import type { Decimal } from '../numbers/decimal.ts';
import { opposite, type Side } from '../numbers/units.ts';
import { type ByRegime, ofRegime, type Regime, type ScalingPolicy } from '../policy.ts';
import { profitPercent } from '../position/profit.ts';

export interface AdditionsWithoutSignalPolicy {
  /** `resting`: a rung that averages down waits as a post-only order at its published price, without a sign; `on_trigger`: it is sent at a close. */
  readonly placement: 'on_trigger' | 'resting';
  /** The strength that the governor's own signal carries, 0 to 1. */
  readonly strength: Decimal;
  readonly averageDown: {
    readonly regimes: ByRegime<boolean>;
    /** Share of the loss limit that PnL must have reached (0.5). */
    readonly lossShare: Decimal;
    /** ATR between the last rung and this one (0.5). */
    readonly distanceAtr: Decimal;
    /** Points by which RSI must have turned within a candle (1). */
    readonly rsiTurnMin: Decimal;
  };
  readonly pyramid: {
    readonly regimes: ByRegime<boolean>;
    /** PnL % of what the loss limit is per cent of (1). */
    readonly profitPercentMin: Decimal;
    readonly distanceAtr: Decimal;
  };
}

/** Where a position stands as its next rung sees it. */
export interface NextRungFacts {
  readonly side: Side;
  /** Whole 10⁻⁸ USDT: what the open lots cost, and what one tick is worth on all of them. */
  readonly costUnits: number;
  readonly unitsPerTick: number;
  readonly leverage: number | undefined;
  /** Price of the last rung, or of the entry before there is one; not rounded. */
  readonly lastTicks: number;
  readonly atrTicks: number;
  /** As the position meets it. */
  readonly regime: Regime;
  /** The limit that holds (ladder.md D4), and what it is per cent of. */
  readonly lossLimitPercent: Decimal;
  readonly lossBasis: ScalingPolicy['lossBasis'];
}

/** PnL at or below the share of the loss limit, and far enough behind the last rung. */
export function isDeepEnough(
  { averageDown }: AdditionsWithoutSignalPolicy,
  facts: NextRungFacts,
  priceTicks: number,
): boolean {
  const reached = <N>(m: Arithmetic<N>): boolean => {
    const percent = profitAt(m, facts, priceTicks);
    const wanted = m.times(m.of(averageDown.lossShare), m.of(facts.lossLimitPercent));
    return percent !== undefined && m.compare(percent, wanted) <= 0;
  };
  const { side, lastTicks, atrTicks } = facts;
  return isBeyond(opposite(side), lastTicks, atrTicks, averageDown, priceTicks) && decided(reached, reached);
}

/** Profit enough, and far enough ahead of the last rung. */
export function isFarEnough(
  { pyramid }: AdditionsWithoutSignalPolicy,
  facts: NextRungFacts,
  priceTicks: number,
): boolean {
  const reached = <N>(m: Arithmetic<N>): boolean => {
    const percent = profitAt(m, facts, priceTicks);
    return percent !== undefined && m.compare(percent, m.of(pyramid.profitPercentMin)) >= 0;
  };
  const { side, lastTicks, atrTicks } = facts;
  return isBeyond(side, lastTicks, atrTicks, pyramid, priceTicks) && decided(reached, reached);
}

/**
 * The nearest tick at which averaging down is wanted; it stays wanted beyond. Undefined where the regime is none for it, where the leverage is
 * not known, and where that tick would be past the loss limit already: gate 9 would refuse it there and everywhere beyond.
 */
export function averageDownTicks(policy: AdditionsWithoutSignalPolicy, facts: NextRungFacts): number | undefined {
  const { regimes, lossShare, distanceAtr } = policy.averageDown;
  if (!ofRegime(regimes, facts.regime)) return undefined;
  const percent = lossShare.approx * facts.lossLimitPercent.approx;
  const tick = triggerTicks(facts, opposite(facts.side), percent, distanceAtr, (at) => isDeepEnough(policy, facts, at));
  return tick === undefined || !isWithinLossLimit(facts, tick) ? undefined : tick;
}

/** The nearest tick at which a pyramid is wanted; it stays wanted beyond. Undefined as `averageDownTicks`, but for the loss limit. */
export function pyramidTicks(policy: AdditionsWithoutSignalPolicy, facts: NextRungFacts): number | undefined {
  const { regimes, profitPercentMin, distanceAtr } = policy.pyramid;
  if (!ofRegime(regimes, facts.regime)) return undefined;
  return triggerTicks(facts, facts.side, profitPercentMin.approx, distanceAtr, (at) => isFarEnough(policy, facts, at));
}

/** PnL at or above the loss limit: gate 9, for a price that the market has not come to yet. */
export function isWithinLossLimit(facts: NextRungFacts, priceTicks: number): boolean {
  const within = <N>(m: Arithmetic<N>): boolean => {
    const percent = profitAt(m, facts, priceTicks);
    return percent !== undefined && m.compare(percent, m.of(facts.lossLimitPercent)) >= 0;
  };
  return decided(within, within);
}

function profitAt<N>(m: Arithmetic<N>, facts: NextRungFacts, priceTicks: number): N | undefined {
  const { side, leverage, costUnits, unitsPerTick, lossBasis } = facts;
  const position = { side, leverage, coins: m.whole(unitsPerTick), cost: m.whole(costUnits) };
  return profitPercent(m, position, m.whole(priceTicks), lossBasis);
}

/** Far enough from the last rung for the one or the other, whatever else they want. */
export function isAwayFrom(
  { averageDown, pyramid }: AdditionsWithoutSignalPolicy,
  side: Side,
  lastTicks: number,
  atrTicks: number,
  priceTicks: number,
): boolean {
  return (
    isBeyond(opposite(side), lastTicks, atrTicks, averageDown, priceTicks) ||
    isBeyond(side, lastTicks, atrTicks, pyramid, priceTicks)
  );
}

/** At least so many ATR from the last rung, in the direction `towards`. Doubles miss a whole tick by less than the dust. */
function isBeyond(
  towards: Side,
  lastTicks: number,
  atrTicks: number,
  { distanceAtr }: { readonly distanceAtr: Decimal },
  priceTicks: number,
): boolean {
  return towards * (priceTicks - lastTicks) >= distanceAtr.approx * atrTicks - DUST_TICKS;
}

const DUST_TICKS = 1e-6;

/**
 * The first tick in the direction `towards` at which the rule holds. The formula finds it but for a rounding; the rule has the last word, so
 * that both agree on every tick.
 */
function triggerTicks(
  facts: NextRungFacts,
  towards: Side,
  percent: number,
  distanceAtr: Decimal,
  holds: (priceTicks: number) => boolean,
): number | undefined {
  const { side, leverage, costUnits, unitsPerTick, lastTicks, atrTicks, lossBasis } = facts;
  if (lossBasis === 'margin' && leverage === undefined) return undefined;
  const share = percent / 100 / (lossBasis === 'margin' ? (leverage ?? 1) : 1);
  const byProfit = (costUnits / unitsPerTick) * (1 + side * share);
  const byDistance = lastTicks + towards * distanceAtr.approx * atrTicks;
  let tick = towards === 1 ? Math.ceil(Math.max(byProfit, byDistance)) : Math.floor(Math.min(byProfit, byDistance));
  while (holds(tick - towards)) tick -= towards;
  while (tick > 0 && !holds(tick)) tick += towards;
  return tick > 0 ? tick : undefined;
}

/** The last two closed candles of the signal timeframe, and the RSI at both. */
export type LastCandles = Pick<
  SymbolSeries,
  | 'candles'
  | 'openTicks'
  | 'highTicks'
  | 'lowTicks'
  | 'closeTicks'
  | 'previousHighTicks'
  | 'previousLowTicks'
  | 'previousCloseTicks'
  | 'rsi'
  | 'previousRsi'
>;

export type PullbackSign = 'rsi-turned' | 'reversal-candle';

/** The sign in words: it is the reason of a rung that was asked for. */
export function signText(
  sign: PullbackSign,
  { rsi = 0, previousRsi = 0 }: Pick<LastCandles, 'rsi' | 'previousRsi'>,
): string {
  return sign === 'rsi-turned' ? `rsi ${previousRsi.toFixed(1)} → ${rsi.toFixed(1)}` : 'reversal candle';
}

/**
 * What says that a pullback against the position ends; undefined where nothing does. RSI turning: it came back by so many points with
 * the last candle. Reversal candle: it went beyond the extreme of the one before, and closed its body in the position's direction, better than
 * that one's close.
 */
export function pullbackSign(
  { averageDown }: AdditionsWithoutSignalPolicy,
  side: Side,
  market: LastCandles,
): PullbackSign | undefined {
  const { rsi, previousRsi } = market;
  if (rsi !== undefined && previousRsi !== undefined && side * (rsi - previousRsi) >= averageDown.rsiTurnMin.approx)
    return 'rsi-turned';
  return isReversalCandle(side, market) ? 'reversal-candle' : undefined;
}

function isReversalCandle(side: Side, market: LastCandles): boolean {
  if (market.candles < 2) return false;
  const wentBeyond =
    side === 1 ? market.lowTicks < market.previousLowTicks : market.highTicks > market.previousHighTicks;
  return (
    wentBeyond &&
    side * (market.closeTicks - market.openTicks) > 0 &&
    side * (market.closeTicks - market.previousCloseTicks) > 0
  );
}

/** What says that the trend goes on with the position, in words: the last candle closed beyond the one before, and the trend points that way. */
export function continuationSign(side: Side, market: LastCandles, trendSide: Side | undefined): string | undefined {
  if (market.candles < 2 || trendSide !== side) return undefined;
  const isBeyondLast =
    side === 1 ? market.closeTicks > market.previousHighTicks : market.closeTicks < market.previousLowTicks;
  return isBeyondLast ? 'close beyond the candle before' : undefined;
}
