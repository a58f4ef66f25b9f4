/**
 * The backtest: core and simulator driven synchronously over columns of candles, the journal off. The same `step` as on paper and live.
 *
 * The signal of candle n is thought at its close; what it asks for can fill from the open of n + 1 (sim/venue/venue.ts). After every run the core's
 * own fold of the balance is compared with the simulator's: they are two books of the same money.
 */
import './engine.ts';
import type { Decision } from '../core/decision.ts';
import type { CandleClosed, CoreEvent, SignalGiven } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { type Candles, MINUTE_MS } from '../core/market/candle.ts';
import type { Money } from '../core/numbers/units.ts';
import type { Policy } from '../core/policy.ts';
import type { Registry } from '../core/registry.ts';
import type { FillModel } from '../sim/matching/fill-model.ts';
import { eachMinute } from '../sim/venue/minutes.ts';
import type { Funding } from '../sim/venue/settlements.ts';
import type { SimVenue } from '../sim/venue/venue.ts';
import { firstMinute, Trader } from './trader.ts';

export interface BacktestSettings {
  readonly policy: Policy;
  /** One for each column of candles, in their order. */
  readonly instruments: readonly Instrument[];
  readonly candles: readonly Candles[];
  readonly balance: Money;
  readonly model: FillModel;
  readonly funding: Funding;
  /**
   * Signals from elsewhere, in order of time. Each is thought at the close of the minute it falls into, as one of that candle; where a symbol
   * has no such candle, there was no market to act in and it is left out.
   */
  readonly signals?: readonly SignalGiven[];
  /** Decisions carry their full reasoning; changes none of them. */
  readonly traced: boolean;
  readonly witness?: Witness;
}

/** Who looks on. What a witness throws ends the run; it can change nothing in it. */
export interface Witness {
  /** Every event but the closes of candles. */
  happened?(event: CoreEvent): void;
  /** The close of a candle, before it is thought about. Who wants them has candles go one by one, each in its time. */
  candleClosed?(event: CandleClosed): void;
  /** The series of a symbol of which nothing is open may be ahead of the event's time. */
  decided?(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void;
  /** After the last candle of a minute; equity with unrealised PnL, whole 10⁻⁸ USDT. */
  minuteEnded?(closeMs: number, equityUnits: number, openPositions: number): void;
  /** After the end of the data closed what was open: equity with the costs of that. */
  closedOut?(equityUnits: number): void;
}

export interface BacktestRun {
  readonly registry: Registry;
  readonly venue: SimVenue;
  readonly candles: number;
  /** Signals from elsewhere that were thought about. */
  readonly signals: number;
}

/** @throws {Error} where the core's balance and the simulator's differ: a bug of ours, never of the data. */
export function runBacktest(settings: BacktestSettings): BacktestRun {
  const backtest = new Backtest(settings);
  backtest.advance();
  return backtest.finish();
}

/** The same in pieces, for who wants to look up in between. */
export class Backtest {
  readonly #settings: BacktestSettings;
  readonly #trader: Trader;
  /** Of each column the first candle that was not run yet. */
  readonly #next: Uint32Array;
  /** The minute before which several columns have been run. */
  #endMinute: number;

  constructor(settings: BacktestSettings) {
    this.#settings = settings;
    this.#next = new Uint32Array(settings.candles.length);
    this.#trader = new Trader(settings);
    this.#endMinute = firstMinute(settings.candles);
    this.#trader.open();
  }

  /** Runs the next `minutesMax` minutes, of a symbol alone as many candles. @returns whether any are left */
  advance(minutesMax = Number.POSITIVE_INFINITY): boolean {
    const { candles } = this.#settings;
    const trader = this.#trader;
    const [alone] = candles;
    if (alone !== undefined && candles.length === 1) {
      const from = this.#next[0] as number;
      const to = Math.min(alone.length, from + minutesMax);
      trader.runAlone(from, to);
      this.#next[0] = to;
      return to < alone.length;
    }
    const runMinute = (minute: number, due: readonly number[], candleOf: Uint32Array) =>
      trader.runMinute((minute + 1) * MINUTE_MS, due, candleOf);
    this.#endMinute += minutesMax;
    return eachMinute(candles, runMinute, this.#next, this.#endMinute);
  }

  get candles(): number {
    return this.#next.reduce((sum, each) => sum + each, 0);
  }

  /** Closes what is open, also short of the last candle. @throws {Error} as `runBacktest` */
  finish(): BacktestRun {
    const trader = this.#trader;
    trader.close();
    return { registry: trader.registry, venue: trader.venue, candles: this.candles, signals: trader.signalsThought };
  }
}
