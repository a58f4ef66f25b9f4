/**
 * What one listing's market has done: 1m candles without a gap, the minute that is forming, the last trades, settled funding.
 *
 * Fed tick by tick; minutes without a tick repeat the close with volume 0 (okx-v5.md §1.6). What was called closed never changes. Prices in ticks,
 * volume in lots.
 */

import type { CandleClosed } from '../../core/event.ts';
import { type Candles, DAY_MINUTES, MINUTE_MS } from '../../core/market/candle.ts';
import { type Bar, barStart, nextBarStart } from './bars.ts';
import type { SettledFunding, SourceTick } from './market-source.ts';

export interface TapeTrade {
  readonly id: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly side: 'buy' | 'sell';
  readonly at: number;
}

/** A bar of any length; `isClosed` once its last minute stands. */
export interface TapeBar {
  readonly startMinute: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volumeLots: number;
  /** Σ lots × middle price of their minute. */
  lotTicks: number;
  isClosed: boolean;
}

export interface DayFigures {
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly volumeLots: number;
  /** Price at the start of the day in UTC and in UTC+8. */
  readonly startUtc0Ticks: number;
  readonly startUtc8Ticks: number;
}

const TRADES_KEPT = 500;

export class Tape {
  readonly settled: SettledFunding[];
  readonly trades: TapeTrade[] = [];
  lastTicks: number;
  bidTicks: number;
  askTicks: number;
  markTicks: number;
  /** Lots of the last trade. */
  lastLots = 0;
  /** Of the last trade: the time of its tick, or one more: far above the numbers of accounts' fills, and new after a restart. */
  #tradeId = 0;
  #firstMinute: number;
  /** Closed minutes, one after the other: open, high, low, close, volume. */
  #columns: Uint32Array[];
  #count = 0;
  #forming: TapeBar;
  /** Minutes before this one stand: their market's maker has told them. Infinity where nobody but the ticks makes them. */
  #toldMinute: number;
  /** No tick has come in the forming minute yet: it stands at the close before. */
  #isUntouched = true;
  #day: DayFigures | undefined;
  /** By the start and the end of a forming bar: what its closed minutes make together, for as long as no other one closes. */
  readonly #bases = new Map<string, TapeBar>();

  /** Begins with at least one candle of history. `areTold`: a minute is closed when its market's maker says so (`tell`), not when its time is over. */
  constructor(history: Candles, settled: readonly SettledFunding[], areTold = false) {
    const last = history.length - 1;
    const close = history.closeTicks[last];
    const minute = history.openMinute[last];
    if (close === undefined || minute === undefined)
      throw new RangeError(`${history.instId}: the market needs at least one candle of history before it opens`);
    this.settled = [...settled];
    this.#firstMinute = history.openMinute[0] ?? minute;
    this.#columns = Array.from({ length: 5 }, () => new Uint32Array(Math.max(4 * DAY_MINUTES, 2 * history.length)));
    this.#forming = flatBar(this.#firstMinute, history.openTicks[0] ?? close);
    for (let i = 0; i < history.length; i++) {
      this.#goTo(history.openMinute[i] ?? 0);
      this.#forming.openTicks = history.openTicks[i] ?? 0;
      this.#forming.highTicks = history.highTicks[i] ?? 0;
      this.#forming.lowTicks = history.lowTicks[i] ?? 0;
      this.#forming.closeTicks = history.closeTicks[i] ?? 0;
      this.#forming.volumeLots = history.volumeLots[i] ?? 0;
    }
    this.#goTo(minute + 1);
    this.#toldMinute = areTold ? minute + 1 : Number.POSITIVE_INFINITY;
    this.lastTicks = this.bidTicks = this.askTicks = this.markTicks = close;
  }

  /** Writes a tick down. @returns the trade of its second, where there was one */
  take(tick: SourceTick): TapeTrade | undefined {
    this.#goTo(Math.floor(tick.at / MINUTE_MS));
    if (tick.isQuote !== true) this.#form(tick);
    this.lastTicks = tick.lastTicks;
    this.bidTicks = tick.bidTicks;
    this.askTicks = tick.askTicks;
    this.markTicks = tick.markTicks;
    if (tick.volumeLots === 0) return undefined;
    this.lastLots = tick.volumeLots;
    this.#tradeId = Math.max(this.#tradeId + 1, tick.at);
    const trade: TapeTrade = {
      id: this.#tradeId,
      priceTicks: tick.lastTicks,
      sizeLots: tick.volumeLots,
      side: tick.lastTicks >= tick.askTicks ? 'buy' : 'sell',
      at: tick.at,
    };
    this.trades.push(trade);
    if (this.trades.length > 2 * TRADES_KEPT) this.trades.splice(0, TRADES_KEPT);
    return trade;
  }

  #form(tick: SourceTick): void {
    const bar = this.#forming;
    if (this.#isUntouched) openAt(bar, tick.lastTicks);
    this.#isUntouched = false;
    bar.highTicks = Math.max(bar.highTicks, tick.lastTicks);
    bar.lowTicks = Math.min(bar.lowTicks, tick.lastTicks);
    bar.closeTicks = tick.lastTicks;
    bar.volumeLots += tick.volumeLots;
  }

  /** A closed minute as its market's maker counts it, in order: it stands instead of what the ticks have made. */
  tell(closed: CandleClosed): void {
    this.#goTo(closed.openMinute + 1);
    const { openTicks, highTicks, lowTicks, closeTicks, volumeLots } = closed;
    [openTicks, highTicks, lowTicks, closeTicks, volumeLots].forEach((value, column) => {
      (this.#columns[column] as Uint32Array)[closed.openMinute - this.#firstMinute] = value;
    });
    this.#toldMinute = closed.openMinute + 1;
    if (this.#isUntouched && this.#forming.startMinute === this.#toldMinute) openAt(this.#forming, closeTicks);
    this.#recount();
  }

  #recount(): void {
    this.#day = undefined;
    this.#bases.clear();
  }

  /** Time passes without a tick. @returns whether a minute ended */
  passTo(ms: number): boolean {
    return this.#goTo(Math.floor(ms / MINUTE_MS));
  }

  /** The newest bar, still forming unless its last second is over. */
  formingBar(bar: Bar): TapeBar {
    return this.#barAt(bar, barStart(bar, this.#forming.startMinute));
  }

  /** Where the first bar that is not closed begins. */
  openFrom(bar: Bar): number {
    return barStart(bar, Math.min(this.#forming.startMinute, this.#toldMinute));
  }

  /** The closed bars from the one that begins at `startMinute` on, oldest first. */
  *closedBars(bar: Bar, startMinute: number): Generator<TapeBar> {
    const open = this.openFrom(bar);
    for (let start = startMinute; start < open; start = nextBarStart(bar, start)) yield this.#barAt(bar, start);
  }

  /** The newest `most` bars that begin strictly between the two times (ms), newest first: `before` alone too (OKX's page on candles). */
  bars(bar: Bar, afterMs: number, beforeMs: number, most: number): TapeBar[] {
    const bars: TapeBar[] = [];
    const newest = barStart(bar, this.#forming.startMinute);
    const least = Math.max(Math.floor(afterMs / MINUTE_MS) + 1, barStart(bar, this.#firstMinute));
    const greatest = Math.min(newest, Math.ceil(beforeMs / MINUTE_MS) - 1);
    if (greatest < least) return bars;
    for (let start = barStart(bar, greatest); start >= least && bars.length < most; start = barStart(bar, start - 1))
      bars.push(this.#barAt(bar, start));
    return bars;
  }

  /** The last 24 hours, the forming minute included. */
  day(): DayFigures {
    this.#day ??= this.#dayBefore();
    const bar = this.#forming;
    const day = this.#day;
    return {
      ...day,
      highTicks: Math.max(day.highTicks, bar.highTicks),
      lowTicks: Math.min(day.lowTicks, bar.lowTicks),
      volumeLots: day.volumeLots + bar.volumeLots,
    };
  }

  #dayBefore(): DayFigures {
    const from = Math.max(0, this.#count - DAY_MINUTES + 1);
    const [open, high, low, , volume] = this.#columns;
    let highTicks = this.#forming.highTicks;
    let lowTicks = this.#forming.lowTicks;
    let volumeLots = 0;
    for (let i = from; i < this.#count; i++) {
      highTicks = Math.max(highTicks, high?.[i] ?? 0);
      lowTicks = Math.min(lowTicks, low?.[i] ?? highTicks);
      volumeLots += volume?.[i] ?? 0;
    }
    const minute = this.#forming.startMinute;
    const openOf = (at: number) => open?.[Math.max(0, at - this.#firstMinute)] || this.#forming.openTicks;
    return {
      openTicks: open?.[from] || this.#forming.openTicks,
      highTicks,
      lowTicks,
      volumeLots,
      startUtc0Ticks: openOf(Math.floor(minute / DAY_MINUTES) * DAY_MINUTES),
      startUtc8Ticks: openOf(Math.floor((minute + 480) / DAY_MINUTES) * DAY_MINUTES - 480),
    };
  }

  #barAt(bar: Bar, startMinute: number): TapeBar {
    const end = nextBarStart(bar, startMinute);
    const forming = this.#forming;
    if (forming.startMinute >= end)
      return { ...this.#closedMinutes(startMinute, end), isClosed: end <= this.#toldMinute };
    const key = `${startMinute} ${end}`;
    let base = this.#bases.get(key);
    if (base === undefined) this.#bases.set(key, (base = this.#closedMinutes(startMinute, forming.startMinute)));
    const made = { ...base };
    add(made, forming.openTicks, forming.highTicks, forming.lowTicks, forming.closeTicks, forming.volumeLots);
    return made;
  }

  #closedMinutes(startMinute: number, endMinute: number): TapeBar {
    const made = flatBar(startMinute, 0);
    const [open, high, low, close, volume] = this.#columns;
    const end = Math.min(endMinute, this.#forming.startMinute) - this.#firstMinute;
    for (let i = Math.max(0, startMinute - this.#firstMinute); i < end; i++)
      add(made, open?.[i] ?? 0, high?.[i] ?? 0, low?.[i] ?? 0, close?.[i] ?? 0, volume?.[i] ?? 0);
    return made;
  }

  /** Closes minutes until `minute` is the forming one. */
  #goTo(minute: number): boolean {
    let hasEnded = false;
    while (this.#forming.startMinute < minute) {
      this.#write();
      this.#forming = flatBar(this.#forming.startMinute + 1, this.#forming.closeTicks);
      this.#isUntouched = true;
      hasEnded = true;
    }
    if (hasEnded) this.#recount();
    return hasEnded;
  }

  #write(): void {
    if (this.#count === this.#columns[0]?.length)
      this.#columns = this.#columns.map((column) => {
        const longer = new Uint32Array(2 * column.length);
        longer.set(column);
        return longer;
      });
    const { openTicks, highTicks, lowTicks, closeTicks, volumeLots } = this.#forming;
    [openTicks, highTicks, lowTicks, closeTicks, volumeLots].forEach((value, column) => {
      (this.#columns[column] as Uint32Array)[this.#count] = value;
    });
    this.#count += 1;
  }
}

function flatBar(startMinute: number, ticks: number): TapeBar {
  return {
    startMinute,
    openTicks: ticks,
    highTicks: ticks,
    lowTicks: ticks,
    closeTicks: ticks,
    volumeLots: 0,
    lotTicks: 0,
    isClosed: false,
  };
}

function openAt(bar: TapeBar, ticks: number): void {
  bar.openTicks = bar.highTicks = bar.lowTicks = bar.closeTicks = ticks;
}

function add(bar: TapeBar, open: number, high: number, low: number, close: number, volume: number): void {
  if (bar.openTicks === 0) {
    bar.openTicks = open;
    bar.highTicks = high;
    bar.lowTicks = low;
  } else {
    bar.highTicks = Math.max(bar.highTicks, high);
    bar.lowTicks = Math.min(bar.lowTicks, low);
  }
  bar.closeTicks = close;
  bar.volumeLots += volume;
  bar.lotTicks += volume * Math.round((open + high + low + close) / 4);
}
