/**
 * Candles of a file as a market: each minute goes open, nearer extreme, other extreme, close, second by second. What lies before `fromMs` is
 * history; after the last candle the price stands.
 */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, firstCandles, MINUTE_MS } from '../../core/market/candle.ts';
import type { MarketTick } from '../../sim/market/market.ts';
import { FUNDING_MINUTES, FUNDING_USUAL_E8, type MarketSource, type SettledFunding } from './market-source.ts';

export class ReplayMarket implements MarketSource {
  readonly instruments: readonly Instrument[];
  readonly history: readonly Candles[];
  readonly settled: readonly SettledFunding[][];
  readonly #candles: readonly Candles[];
  readonly #places: number[];
  readonly #spreadTicks: number;
  #minute = Number.POSITIVE_INFINITY;
  #second = 0;

  constructor(instruments: readonly Instrument[], candles: readonly Candles[], fromMs: number, spreadTicks = 1) {
    this.instruments = instruments;
    this.#candles = candles;
    this.#spreadTicks = spreadTicks;
    const firstMinute = Math.floor(fromMs / MINUTE_MS);
    this.#places = candles.map((each) => lowerBound(each.openMinute, each.length, firstMinute));
    this.history = candles.map((each, number) => firstCandles(each, this.#places[number] ?? 0));
    this.settled = candles.map((each) => settlementsOf(each, firstMinute));
    this.#goToNextMinute();
  }

  get nextAt(): number {
    return this.#minute === Number.POSITIVE_INFINITY ? this.#minute : this.#minute * MINUTE_MS + this.#second * 1_000;
  }

  next(): readonly MarketTick[] {
    const at = this.nextAt;
    const ticks: MarketTick[] = [];
    this.#candles.forEach((candles, number) => {
      const place = this.#places[number] ?? 0;
      if (candles.openMinute[place] !== this.#minute) return;
      const lastTicks = pathTicks(candles, place, this.#second);
      const bidTicks = Math.max(1, this.#second % 2 === 0 ? lastTicks : lastTicks - this.#spreadTicks);
      ticks.push({
        at,
        instId: candles.instId,
        lastTicks,
        bidTicks,
        askTicks: bidTicks + this.#spreadTicks,
        markTicks: lastTicks,
        volumeLots: shareOfVolume(candles.volumeLots[place] ?? 0, this.#second),
      });
    });
    this.#second += 1;
    if (this.#second === 60) {
      this.#candles.forEach((candles, number) => {
        const place = this.#places[number] ?? 0;
        if (candles.openMinute[place] === this.#minute) this.#places[number] = place + 1;
      });
      this.#goToNextMinute();
    }
    return ticks;
  }

  fundingRateE8(): number {
    return FUNDING_USUAL_E8;
  }

  #goToNextMinute(): void {
    this.#second = 0;
    this.#minute = Number.POSITIVE_INFINITY;
    this.#candles.forEach((candles, number) => {
      const minute = candles.openMinute[this.#places[number] ?? 0];
      if (minute !== undefined && (this.#places[number] ?? 0) < candles.length)
        this.#minute = Math.min(this.#minute, minute);
    });
  }
}

/** Second 0 is the open, 20 the extreme nearer to it, 40 the other one, 59 the close; straight lines between. */
function pathTicks(candles: Candles, place: number, second: number): number {
  const open = candles.openTicks[place] ?? 0;
  const high = candles.highTicks[place] ?? 0;
  const low = candles.lowTicks[place] ?? 0;
  const close = candles.closeTicks[place] ?? 0;
  const isLowFirst = open - low <= high - open;
  const points = [open, isLowFirst ? low : high, isLowFirst ? high : low, close];
  const leg = second < 20 ? 0 : second < 40 ? 1 : 2;
  const length = leg === 2 ? 19 : 20;
  const from = points[leg] ?? open;
  const to = points[leg + 1] ?? close;
  return Math.round(from + ((to - from) * (second - leg * 20)) / length);
}

function shareOfVolume(volumeLots: number, second: number): number {
  return Math.floor((volumeLots * (second + 1)) / 60) - Math.floor((volumeLots * second) / 60);
}

function lowerBound(sorted: Uint32Array, length: number, least: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function settlementsOf(candles: Candles, firstMinute: number): SettledFunding[] {
  const settled: SettledFunding[] = [];
  const from = candles.openMinute[0];
  if (from === undefined) return settled;
  for (
    let minute = Math.ceil(from / FUNDING_MINUTES) * FUNDING_MINUTES;
    minute <= firstMinute;
    minute += FUNDING_MINUTES
  )
    settled.push({ at: minute * MINUTE_MS, rateE8: FUNDING_USUAL_E8 });
  return settled;
}
