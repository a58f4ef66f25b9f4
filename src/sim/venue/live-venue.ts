/**
 * The simulated exchange over a generated market, second by second: for the demo, and wherever time is the caller's.
 *
 * The same matcher and account as in the backtest; the market is sim/market/market.ts with its touch, mark and volume. `nextSecond` moves every
 * symbol by one second; whatever happened is heard in order, prices after the fills they caused, closed candles after the last second of a
 * minute. Asked by the calls of the exchange port; answers are events. No clock and no chance beyond the market's seed.
 */

import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { ticks } from '../../core/numbers/units.ts';
import type { Approved, Order } from '../../core/orders/order.ts';
import { type AccountSettings, SimAccount } from '../account/account.ts';
import { type Market, type MarketTick } from '../market/market.ts';
import type { FillModel } from '../matching/fill-model.ts';
import { Matcher } from '../matching/matcher.ts';
import { isRejection, type OrderChange } from '../matching/order.ts';
import { eventsFor, tellAccount, tellRejection, tellStanding } from './telling.ts';

export interface LiveVenueSettings {
  readonly instruments: readonly Instrument[];
  /** Of the same symbols, in the same order. */
  readonly market: Market;
  readonly account: AccountSettings;
  readonly model: FillModel;
}

const SECOND_MS = 1_000;
const SECONDS = 60;
const FUNDING_MS = 8 * 60 * MINUTE_MS;

export class LiveVenue {
  readonly account: SimAccount;
  readonly #settings: LiveVenueSettings;
  readonly #matcher: Matcher;
  readonly #hear: (event: CoreEvent) => void;
  readonly #candle: readonly Candles[];
  #minute: readonly (readonly MarketTick[])[] = [];
  #second = SECONDS;
  #now = 0;
  /** As forecast last: what the minute that is being lived through will bring, nobody knows. Empty before the first. */
  #ratesE8: readonly number[] = [];

  constructor(settings: LiveVenueSettings, hear: (event: CoreEvent) => void) {
    this.#settings = settings;
    this.#hear = hear;
    this.#matcher = new Matcher(settings.instruments, settings.model);
    this.account = new SimAccount(settings.account, settings.instruments, eventsFor(hear));
    this.#candle = settings.instruments.map(({ instId }) => emptyCandles(instId, 1));
    this.#now = (settings.market.minute + 1) * MINUTE_MS;
  }

  /** Time of the last second that was made, UTC milliseconds. */
  get nowMs(): number {
    return this.#now;
  }

  /** Makes minutes that nobody trades in and tells their candles: the history that indicators need. */
  tellHistory(minutes: number): void {
    for (let minute = 0; minute < minutes; minute++) {
      this.#settings.market.next();
      this.#tellCandles();
    }
    this.#now = (this.#settings.market.minute + 1) * MINUTE_MS;
  }

  /** One second of every symbol. */
  nextSecond(): void {
    if (this.#second === SECONDS) this.#beginMinute();
    // The market stamps a second by its beginning; it is known, and answered, at its end.
    this.#now += SECOND_MS;
    for (const seconds of this.#minute) this.#move({ ...(seconds[this.#second] as MarketTick), at: this.#now });
    this.#second += 1;
    if (this.#second === SECONDS) this.#tellCandles();
  }

  #beginMinute(): void {
    const { market, instruments } = this.#settings;
    const rates = () => instruments.map((_, index) => market.fundingRateE8(index));
    const known = market.minute < market.settings.startMinute ? undefined : rates();
    market.next();
    this.#minute = instruments.map((_, index) => market.ticks(index));
    this.#second = 0;
    if (this.#now % FUNDING_MS === 0) this.#settleFunding();
    this.#ratesE8 = known ?? rates();
    if (this.#now % MINUTE_MS === 0) this.#forecastFunding();
  }

  #move(tick: MarketTick): void {
    this.#matcher.move(tick);
    this.#hear({
      kind: 'price',
      at: tick.at,
      instId: tick.instId,
      markTicks: ticks(tick.markTicks),
      bidTicks: ticks(tick.bidTicks),
      askTicks: ticks(tick.askTicks),
    });
  }

  #settleFunding(): void {
    this.#settings.instruments.forEach(({ instId }, index) => {
      const rateE8 = this.#ratesE8[index];
      if (rateE8 !== undefined) this.#matcher.settleFunding(this.account, instId, rateE8, this.#now);
    });
  }

  #forecastFunding(): void {
    const settlesAt = (Math.floor(this.#now / FUNDING_MS) + 1) * FUNDING_MS;
    this.#settings.instruments.forEach(({ instId }, index) => {
      const rateE8 = this.#ratesE8[index] ?? 0;
      this.#hear({
        kind: 'funding-forecast',
        at: this.#now,
        instId,
        rateE8,
        settlesAt,
        nextSettlesAt: settlesAt + FUNDING_MS,
      });
    });
  }

  #tellCandles(): void {
    this.#settings.instruments.forEach(({ instId }, index) => {
      const candle = this.#candle[index] as Candles;
      this.#settings.market.writeCandle(index, candle, 0);
      const openMinute = candle.openMinute[0] as number;
      this.#hear({
        kind: 'candle-closed',
        at: (openMinute + 1) * MINUTE_MS,
        instId,
        openMinute,
        openTicks: candle.openTicks[0] as number,
        highTicks: candle.highTicks[0] as number,
        lowTicks: candle.lowTicks[0] as number,
        closeTicks: candle.closeTicks[0] as number,
        volumeLots: candle.volumeLots[0] as number,
      });
    });
  }

  place(order: Approved): void {
    const answer = this.#matcher.place(this.account, order, this.#now);
    if (isRejection(answer)) tellRejection(this.account, order.clientId, answer, this.#now, this.#hear);
  }

  /** Of an order that has ended already nothing is said: its end was told. */
  cancel(_instId: string, clientId: string): void {
    this.#matcher.cancel(this.account, clientId, this.#now);
  }

  amend(change: OrderChange & { readonly clientId: string }): void {
    const answer = this.#matcher.amend(this.account, change.clientId, change, this.#now);
    if (isRejection(answer))
      this.#hear({ kind: 'order-amended', at: this.#now, clientId: change.clientId, done: false });
  }

  /** The answer is the leverage that stands, changed or not. */
  setLeverage(instId: string, leverage: number): void {
    const objection = this.#matcher.setLeverage(this.account, instId, leverage, this.#now);
    const index = this.#matcher.indexOf(instId);
    if (objection === undefined || index === undefined) return;
    this.#hear({ kind: 'leverage', at: this.#now, instId, leverage: this.account.positionAt(index).leverage });
  }

  /** Nothing is ever lost here: an order that does not live was never placed, or its end was told. */
  inquire(order: Order): void {
    const living = this.account.order(order.clientId);
    if (living === undefined) this.#hear({ kind: 'order-absent', at: this.#now, clientId: order.clientId });
    else tellStanding(living, this.#now, this.#hear);
  }

  /** Tells the whole account. */
  read(): void {
    tellAccount(this.account, this.#settings.instruments, this.#now, this.#hear);
  }
}
