/**
 * What is in the way of an addition or an entry, reckoned anew in big.js from the words and tables of ladder.md §2–4 and rules.md §3.
 *
 * Nothing of the core's own arithmetic, tables or gates is used: two readings of one paper are compared. Amounts are weighed by
 * products, so that a tie is a tie to the last digit.
 */
import Big from 'big.js';
import type { Profile, Regime } from '../src/core/policy.ts';
import type { AdditionGate, EntryGate } from '../src/core/refusal.ts';
import type { AdditionText, EntryText, SituationText } from './situations.ts';

// Sizes and prices of many digits, divided and floored: more places than either has.
Big.DP = 40;

/** What was configured of that which is weighed; everything else is as the papers have it by default. */
export interface Configured {
  readonly preset: 'conservative' | 'aggressive' | 'adaptive';
  readonly onLimit: 'refuse' | 'shrink';
  /** USDT. */
  readonly positionValueMax: string;
  /** `min_profit_for_addition` of the regime that the position meets; undefined: none is asked for. */
  readonly profitPercentMin?: string | undefined;
}

/** The tree of the configuration that says so. */
export function treeOf(configured: Configured, { profile, regime }: SituationText): object {
  const { preset, onLimit, positionValueMax, profitPercentMin } = configured;
  const ofRegime = profitPercentMin === undefined ? {} : { min_profit_for_addition: profitPercentMin };
  return {
    position_scaling: { preset, on_limit: onLimit, by_regime: { [regime]: ofRegime } },
    profiles: { [profile]: { max_position_value: positionValueMax } },
  };
}

const STANDARD = ['1', '0.7', '0.5', '0.3', '0.2'];
const LONG = ['1', '0.8', '0.6', '0.4', '0.3', '0.2', '0.15'];
const MULTIPLIERS = { small: '0.8', medium: '1', large: '1.1' };
const OF_REGIME = { trending: '1.1', ranging: '0.9', choppy: '0.7' };

interface Rules {
  readonly ladder: readonly string[];
  readonly multiplier: string;
  readonly most: number;
  readonly intervalMs: number;
  readonly lossPercent: number;
}

function rulesOf(preset: Configured['preset'], profile: Profile, regime: Regime): Rules {
  if (preset === 'conservative')
    return { ladder: STANDARD, multiplier: MULTIPLIERS[profile], most: 5, intervalMs: 60_000, lossPercent: -2 };
  if (preset === 'aggressive')
    return { ladder: LONG, multiplier: MULTIPLIERS[profile], most: 7, intervalMs: 30_000, lossPercent: -3 };
  const own = {
    small: { ladder: ['1', '0.6', '0.4'], most: 3, intervalMs: 60_000, lossPercent: -1.5 },
    medium: { ladder: STANDARD, most: 5, intervalMs: 45_000, lossPercent: -2 },
    large: { ladder: LONG, most: 7, intervalMs: 30_000, lossPercent: -3 },
  }[profile];
  const lossOfRegime = { trending: -2.5, ranging: -1.5, choppy: -1 }[regime];
  return {
    ...own,
    multiplier: '1',
    most: regime === 'choppy' ? Math.min(3, own.most) : own.most,
    lossPercent: Math.max(own.lossPercent, lossOfRegime),
  };
}

const OPEN_POSITIONS = { small: 2, medium: 3, large: 3 };
const ENTRY_VALUE_MIN = { small: 10, medium: 20, large: 50 };
const MARGIN_PERCENT = { small: 15, medium: 20, large: 25 };
const MARGIN_POINTS = { trending: 5, ranging: 0, choppy: -5 };
const SPENDABLE = '0.8';
const EXPOSURE_MAX = 3;

/** Share of the base that the next rung buys. */
export function share({ preset }: Configured, { profile, regime, position }: AdditionText): Big {
  const { ladder, multiplier } = rulesOf(preset, profile, regime);
  const step = ladder[Math.min(position?.additionsMade ?? 0, ladder.length - 1)] ?? '0';
  return new Big(step).times(multiplier).times(OF_REGIME[regime]);
}

/** balance + min(0, unrealised) − margin used and reserved, or what the exchange says where that is less. */
export function freeMarginOf(text: SituationText): Big {
  const losses = new Big(text.unrealised).lt(0) ? text.unrealised : '0';
  const own = new Big(text.balance).plus(losses).minus(text.marginUsed).minus(text.marginReserved);
  return text.exchangeAvailable === undefined || own.lt(text.exchangeAvailable) ? own : new Big(text.exchangeAvailable);
}

/** Largest margin of a position, USDT. */
export function marginMaxOf({ balance, profile, regime, volatilityFactor }: SituationText): Big {
  return new Big(balance)
    .times(MARGIN_PERCENT[profile] + MARGIN_POINTS[regime])
    .times('0.01')
    .times(volatilityFactor);
}

export function lotValueOf({ coinsPerLot, price }: SituationText): Big {
  return new Big(coinsPerLot).times(price);
}

/** Lots of the next rung, cut to the room there is where `on_limit` says so. */
export function rungLotsOf(configured: Configured, text: AdditionText): number {
  const { position } = text;
  if (position === undefined) return 0;
  const planned = share(configured, text).times(position.base);
  const { leverage } = position;
  const rooms =
    configured.onLimit === 'refuse' || leverage === undefined
      ? []
      : [
          new Big(configured.positionValueMax).minus(position.value ?? new Big(position.coins).times(text.price)),
          freeMarginOf(text).times(SPENDABLE).times(leverage),
          marginMaxOf(text).times(leverage).minus(position.cost),
          new Big(text.balance).times(EXPOSURE_MAX).minus(text.totalExposure),
        ];
  const least = rooms.reduce((a, b) => (b.lt(a) ? b : a), planned);
  return least.lte(0) ? 0 : least.div(lotValueOf(text)).round(0, Big.roundDown).toNumber();
}

type Facts<Code> = Readonly<Partial<Record<Code & string, boolean>>>;

function commonFacts(text: SituationText) {
  const { price, signalPrice = price, priceAgeMs = 0, running } = text;
  const moved = new Big(price).minus(signalPrice).abs();
  return {
    halted: text.halted,
    'state-unknown': !text.stateKnown,
    'price-stale': priceAgeMs > 2_000 || moved.times(100).gt(signalPrice),
    'order-in-flight': text.ordersInFlight > 0,
    'funding-near':
      running !== undefined && ((running.fundingInMs ?? 60_000) < 60_000 || new Big(running.fundingDue).gt('0.0005')),
    'edge-below-cost':
      running !== undefined &&
      new Big(running.expectedMove).lt(new Big(running.roundTripCost).plus(running.fundingDue).times(2)),
    'trend-against': running?.trendAgainst === true,
  };
}

/** Entry → liquidation nearer than 1.5 × entry → stop, both sides of the inequality times coins × leverage × (1 − s·rates). */
function isLiquidationNear(
  { maintenanceRate, takerFeeRate }: SituationText,
  {
    side,
    coins,
    cost,
    leverage,
    stopPrice,
  }: { side: number; coins: Big; cost: Big; leverage: number; stopPrice: string },
): boolean {
  const rates = new Big(maintenanceRate).plus(takerFeeRate);
  const toLiquidation = cost.times(new Big(1).minus(rates.times(leverage)));
  const toStop = cost.minus(new Big(stopPrice).times(coins)).times(side);
  const scale = new Big(1).minus(rates.times(side)).times(leverage);
  return toLiquidation.lt((toStop.lt(0) ? new Big(0) : toStop).times('1.5').times(scale));
}

/** Every gate that an addition does not pass, in the order given. */
export function inTheWayOfAddition(
  order: readonly AdditionGate[],
  configured: Configured,
  text: AdditionText,
): AdditionGate[] {
  const { position } = text;
  const facts = position === undefined ? { 'no-position': true } : additionFacts(configured, text, position);
  // Without a position nothing after it can be weighed.
  const asked = position === undefined ? order.slice(0, order.indexOf('no-position') + 1) : order;
  return inOrder(asked, { ...commonFacts(text), ...facts });
}

function additionFacts(
  configured: Configured,
  text: AdditionText,
  position: NonNullable<AdditionText['position']>,
): Facts<AdditionGate> {
  const { side, coins, cost, leverage, stopPrice } = position;
  const rules = rulesOf(configured.preset, text.profile, text.regime);
  const lots = rungLotsOf(configured, text);
  const added = lotValueOf(text).times(lots);
  const valueNow = position.value === undefined ? new Big(position.coins).times(text.price) : new Big(position.value);
  const byMargin = (fact: (known: number) => boolean) => leverage !== undefined && fact(leverage);
  const isBelow = (percent: number | string) =>
    text.pnlPercent === undefined
      ? byMargin((known) =>
          valueNow
            .minus(cost)
            .times(side * known * 100)
            .lt(new Big(cost).times(percent)),
        )
      : new Big(text.pnlPercent).lt(percent);
  return {
    'no-position': false,
    'opposite-side': text.side !== side,
    'additions-exhausted': position.additionsMade >= rules.most,
    'interval-too-short': text.now - position.lastGrownAt < rules.intervalMs,
    'loss-too-deep': isBelow(rules.lossPercent),
    'profit-too-small': configured.profitPercentMin !== undefined && isBelow(configured.profitPercentMin),
    'leverage-unknown': leverage === undefined,
    'rung-too-small': lots < text.lotsMin || added.lt(5),
    'position-too-large': valueNow.plus(added).gt(configured.positionValueMax),
    'margin-not-free': byMargin((known) => added.gt(freeMarginOf(text).times(SPENDABLE).times(known))),
    'position-margin-too-large': byMargin((known) => added.plus(cost).gt(marginMaxOf(text).times(known))),
    'positions-at-limit': text.openPositions > OPEN_POSITIONS[text.profile],
    'liquidation-too-near': byMargin(
      (known) =>
        stopPrice === undefined ||
        isLiquidationNear(text, {
          side,
          coins: new Big(text.coinsPerLot).times(lots).plus(coins),
          cost: added.plus(cost),
          leverage: known,
          stopPrice,
        }),
    ),
    'exposure-too-large': added.plus(text.totalExposure).gt(new Big(text.balance).times(EXPOSURE_MAX)),
    'edge-below-cost': isEdgeBelowCost(text, side, new Big(text.coinsPerLot).times(lots).plus(coins), added.plus(cost)),
  };
}

/** From the price to the target of the average after the rung: both sides of the inequality times price × coins. */
function isEdgeBelowCost({ price, running }: AdditionText, side: number, coins: Big, cost: Big): boolean {
  if (running === undefined) return false;
  const value = coins.times(price);
  const move = cost.minus(value).times(side).plus(value.times(running.expectedMove));
  return move.lt(value.times(new Big(running.roundTripCost).plus(running.fundingDue).times(2)));
}

/** Every gate that an entry does not pass, in the order given. */
export function inTheWayOfEntry(
  order: readonly EntryGate[],
  { positionValueMax }: Configured,
  text: EntryText,
): EntryGate[] {
  const { side, leverage, stopPrice, sizeLots } = text;
  const value = lotValueOf(text).times(sizeLots);
  const coins = new Big(text.coinsPerLot).times(sizeLots);
  return inOrder(order, {
    ...commonFacts(text),
    'reentry-wait': text.sinceCloseMs !== undefined && text.sinceCloseMs < text.reentryWaitMs,
    'entry-too-small': sizeLots < text.lotsMin || value.lt(ENTRY_VALUE_MIN[text.profile]),
    'position-too-large': value.gt(positionValueMax),
    'margin-not-free': value.gt(freeMarginOf(text).times(SPENDABLE).times(leverage)),
    'position-margin-too-large': value.gt(marginMaxOf(text).times(leverage)),
    'positions-at-limit': text.openPositions + 1 > OPEN_POSITIONS[text.profile],
    'liquidation-too-near': isLiquidationNear(text, { side, coins, cost: value, leverage, stopPrice }),
    'exposure-too-large': value.plus(text.totalExposure).gt(new Big(text.balance).times(EXPOSURE_MAX)),
    'worst-case-too-large': new Big(text.worstCaseLoss).times(100).gt(new Big(text.balance).times(15)),
  });
}

/** A gate that nobody reckons is a gap in this page, never a pass. */
function inOrder<Code extends string>(order: readonly Code[], facts: Facts<Code>): Code[] {
  return order.filter((code) => {
    const fact = facts[code];
    if (fact === undefined) throw new Error(`nobody reckons the gate ${code} anew`);
    return fact;
  });
}
