/**
 * A market that somebody else makes, second-hand: what is heard of it, in the order of its time (okx-relay.ts listens).
 *
 * It says nothing but what it has heard. An instrument whose touch and mark are not both known stands still: it gives no tick, nothing is filled
 * in it, and nothing may be placed. When it is heard again the price is there at once (a jump): what was passed over acts at the new price, never at
 * an old one. Its books are shown as they are told; fills go by the fill model, as everywhere.
 */

import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, DAY_MS, MINUTE_MS } from '../../core/market/candle.ts';
import { PriceHeard } from '../../okx/market/old-price.ts';
import type { Depth } from './depth.ts';
import { FUNDING_MINUTES, type MarketSource, type SettledFunding, type SourceTick } from './market-source.ts';

export interface Relayed {
  readonly instrument: Instrument;
  readonly history: Candles;
  readonly settled: readonly SettledFunding[];
}

interface Heard {
  lastTicks: number | undefined;
  touch: { readonly bidTicks: number; readonly askTicks: number } | undefined;
  /** When the touch stood so, by its own stamp. */
  touchedAt: number;
  markTicks: number | undefined;
  readonly price: PriceHeard;
  rateE8: number;
  fundingIntervalMs: number;
  depth: Depth | undefined;
  jumps: boolean;
}

const HOUR_MS = 60 * MINUTE_MS;

export class RelayMarket implements MarketSource {
  readonly instruments: readonly Instrument[];
  readonly history: readonly Candles[];
  readonly settled: readonly (readonly SettledFunding[])[];
  readonly #heard: readonly Heard[];
  readonly #nowMs: () => number;
  readonly #ticks: SourceTick[] = [];
  #candles: CandleClosed[] = [];
  #lastAt = 0;

  /** `nowMs` is the time of the market that is relayed. */
  constructor(relayed: readonly Relayed[], nowMs: () => number) {
    this.instruments = relayed.map(({ instrument }) => instrument);
    this.history = relayed.map(({ history }) => history);
    this.settled = relayed.map(({ settled }) => settled);
    this.#nowMs = nowMs;
    this.#heard = relayed.map(({ history }) => ({
      lastTicks: history.closeTicks[history.length - 1],
      touch: undefined,
      touchedAt: 0,
      markTicks: undefined,
      price: new PriceHeard(),
      rateE8: 0,
      fundingIntervalMs: FUNDING_MINUTES * MINUTE_MS,
      depth: undefined,
      jumps: true,
    }));
  }

  get nextAt(): number {
    return this.#ticks[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  next(): readonly SourceTick[] {
    const tick = this.#ticks.shift();
    return tick === undefined ? [] : [tick];
  }

  fundingRateE8(number: number): number {
    return this.#of(number).rateE8;
  }

  fundingIntervalMs(number: number): number {
    return this.#of(number).fundingIntervalMs;
  }

  isStill(number: number): boolean {
    const { touch, markTicks, price } = this.#of(number);
    return touch === undefined || markTicks === undefined || price.silent(this.#nowMs()) !== undefined;
  }

  depth(number: number): Depth | undefined {
    return this.#of(number).depth;
  }

  takeCandles(): readonly CandleClosed[] {
    const candles = this.#candles;
    this.#candles = [];
    return candles;
  }

  /** Somebody traded there. */
  trade(number: number, lastTicks: number, sizeLots: number, at: number): void {
    const heard = this.#of(number);
    heard.lastTicks = lastTicks;
    // Trades are told at once, the touch up to 100 ms later (okx-v5.md §4.3): nobody stands any more where a trade has gone through.
    const { touch } = heard;
    if (touch !== undefined && at >= heard.touchedAt)
      heard.touch = { bidTicks: Math.min(touch.bidTicks, lastTicks), askTicks: Math.max(touch.askTicks, lastTicks) };
    this.#tick(number, sizeLots, at);
  }

  quote(number: number, touch: NonNullable<Heard['touch']>, at: number): void {
    const heard = this.#of(number);
    heard.touch = touch;
    heard.touchedAt = at;
    heard.price.touch(this.#nowMs());
    this.#tick(number, 0, at);
  }

  mark(number: number, ticks: number, at: number): void {
    const heard = this.#of(number);
    heard.markTicks = ticks;
    heard.price.mark(ticks, this.#nowMs());
    this.#tick(number, 0, at);
  }

  /** An interval that is no whole part of a day is not believed. */
  fund(number: number, rateE8: number, intervalMs: number): void {
    const heard = this.#of(number);
    heard.rateE8 = rateE8;
    if (intervalMs >= HOUR_MS && DAY_MS % intervalMs === 0) heard.fundingIntervalMs = intervalMs;
  }

  /** Undefined: the book is not known. */
  show(number: number, depth: Depth | undefined): void {
    this.#of(number).depth = depth;
  }

  /** A closed minute as the market's own maker counts it; each comes once, in order. */
  close(candle: CandleClosed): void {
    this.#candles.push(candle);
  }

  /** The market can be heard: silence counts from now on. */
  listen(): void {
    for (const { price } of this.#heard) price.connected(this.#nowMs());
  }

  /** When each instrument's prices were said last, by the market's time. */
  get pricesHeard(): readonly (readonly [instId: string, of: PriceHeard])[] {
    return this.#heard.map(({ price }, number) => [this.instruments[number]?.instId ?? '', price]);
  }

  /** The market is not heard any more: it stands still until each price has been said again. */
  lose(): void {
    for (const heard of this.#heard) {
      heard.touch = heard.markTicks = heard.depth = undefined;
      heard.price.lost();
      heard.jumps = true;
    }
  }

  /** The next tick of each instrument is a jump: the exchange before it has stood elsewhere. */
  jump(): void {
    for (const heard of this.#heard) heard.jumps = true;
  }

  #tick(number: number, volumeLots: number, at: number): void {
    const heard = this.#of(number);
    const { lastTicks, touch, markTicks } = heard;
    if (lastTicks === undefined || touch === undefined || markTicks === undefined) return;
    // One wrong stamp must not hold back everything that is heard after it.
    this.#lastAt = Math.max(this.#lastAt, Math.min(at, this.#nowMs()));
    const instId = this.instruments[number]?.instId ?? '';
    const tick = { at: this.#lastAt, instId, lastTicks, ...touch, markTicks, volumeLots };
    this.#ticks.push({ ...tick, isJump: heard.jumps, isQuote: volumeLots === 0 });
    heard.jumps = false;
  }

  #of(number: number): Heard {
    const heard = this.#heard[number];
    if (heard === undefined) throw new RangeError(`there is no instrument ${number}`);
    return heard;
  }
}
