/**
 * What may come of a configuration: the same bot on many generated markets, one a seed, and the spread of its results.
 *
 * A seed is a market of its own; what counts begins on 2026-01-05, the days before it warm the indicators and are traded, but not counted. The fill model is
 * the pessimistic one, funding what `backtest` assumes. Results are whole 10⁻⁸ USDT, a drawdown is a share of the peak.
 * Deliberately absent: any claim about real markets: docs/market.md says where the generated ones differ.
 */

import type { Decision } from '../core/decision.ts';
import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { STREAK } from '../core/ladder/loss-caps.ts';
import { DAY_MINUTES, MINUTE_MS } from '../core/market/candle.ts';
import type { Money } from '../core/numbers/units.ts';
import type { Policy } from '../core/policy.ts';
import { Market, type MarketSymbol } from '../sim/market/market.ts';
import type { FillModel } from '../sim/matching/fill-model.ts';
import { runBacktest } from './backtest.ts';

/** Plain data: it goes to other threads. */
export interface RiskSettings {
  readonly policy: Policy;
  readonly instruments: readonly Instrument[];
  /** One for each instrument. */
  readonly markets: readonly MarketSymbol[];
  readonly balance: Money;
  readonly model: FillModel;
  readonly fundingE8: number;
  /** Days before the first that counts: so long the indicators take to be warm. */
  readonly warmUpDays: number;
  /** Days of each seed that count. */
  readonly days: number;
}

/** One seed's results. */
export interface RiskSample {
  readonly seed: number;
  /** Net of every trade that closed, in order. */
  readonly trades: readonly number[];
  /** Change of equity of every UTC day. */
  readonly days: readonly number[];
  /** The deepest fall of equity from a peak, 0 to 1. */
  readonly drawdown: number;
}

const START_MINUTE = Date.UTC(2026, 0, 5) / MINUTE_MS;
const FUNDING_EVERY_MS = 8 * 60 * MINUTE_MS;
const CORRELATION = 0.6;

/** Runs one seed. */
export function riskSample(settings: RiskSettings, seed: number): RiskSample {
  const { policy, instruments, markets, balance, model, fundingE8, warmUpDays, days } = settings;
  const market = Market.of({
    seed,
    startMinute: START_MINUTE - warmUpDays * DAY_MINUTES,
    correlation: CORRELATION,
    symbols: markets,
  });
  const tally = new Tally();
  runBacktest({
    policy,
    instruments,
    candles: market.candles((warmUpDays + days) * DAY_MINUTES),
    balance,
    model,
    funding: { intervalMs: FUNDING_EVERY_MS, rateE8: () => fundingE8 },
    traced: false,
    witness: tally,
  });
  return { seed, trades: tally.trades, days: tally.days, drawdown: tally.drawdown };
}

/** Looks on, from the first counted minute. */
class Tally {
  readonly trades: number[] = [];
  readonly days: number[] = [];
  drawdown = 0;
  #dayBegan: number | undefined;
  #peak = 0;

  decided(_event: CoreEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions)
      if (decision.kind === 'position-closed' && decision.at > START_MINUTE * MINUTE_MS)
        this.trades.push(decision.grossUnits - decision.feeUnits + decision.fundingUnits);
  }

  minuteEnded(closeMs: number, equityUnits: number): void {
    const minute = closeMs / MINUTE_MS;
    if (minute < START_MINUTE) return;
    this.#weigh(equityUnits);
    if ((minute - START_MINUTE) % DAY_MINUTES !== 0) return;
    if (this.#dayBegan !== undefined) this.days.push(equityUnits - this.#dayBegan);
    this.#dayBegan = equityUnits;
  }

  /** What was open at the end of the last day was closed, at a cost: it is of that day, as it is of a trade. */
  closedOut(equityUnits: number): void {
    this.#weigh(equityUnits);
    this.days.push((this.days.pop() as number) + equityUnits - (this.#dayBegan as number));
  }

  #weigh(equityUnits: number): void {
    if (equityUnits > this.#peak) this.#peak = equityUnits;
    else this.drawdown = Math.max(this.drawdown, (this.#peak - equityUnits) / this.#peak);
  }
}

/** The spread of one kind of result. Percentiles by nearest rank; undefined where there is none. */
export interface Spread {
  readonly count: number;
  readonly worst: number;
  readonly mean: number;
  readonly percentiles: readonly number[];
}

export const PERCENTILES = [5, 25, 50, 75, 95] as const;

export interface RiskSpreads {
  readonly seeds: number;
  readonly trade: Spread | undefined;
  readonly day: Spread | undefined;
  /** Every run of ten trades that follow each other. */
  readonly streak: Spread | undefined;
  /** As a result: −0.03 is a fall of 3 % from a peak. */
  readonly drawdown: Spread | undefined;
}

/** @param samples in any order */
export function riskSpreads(samples: readonly RiskSample[]): RiskSpreads {
  return {
    seeds: samples.length,
    trade: spreadOf(samples.flatMap(({ trades }) => trades)),
    day: spreadOf(samples.flatMap(({ days }) => days)),
    streak: spreadOf(samples.flatMap(({ trades }) => streaksOf(trades))),
    drawdown: spreadOf(samples.map(({ drawdown }) => (drawdown === 0 ? 0 : -drawdown))),
  };
}

/** Sums of ten that follow each other. */
export function streaksOf(trades: readonly number[]): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (const [i, trade] of trades.entries()) {
    sum += trade - (trades[i - STREAK] ?? 0);
    if (i >= STREAK - 1) sums.push(sum);
  }
  return sums;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number;
  return {
    count: sorted.length,
    worst: at(0),
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    percentiles: PERCENTILES.map(at),
  };
}
