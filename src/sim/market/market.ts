/**
 * A market that never was: seeded, and the same to the last bit on every machine.
 *
 * One process (market-process.ts), second by second. A minute is 60 prices; a candle is what those prices did, a tick is
 * one of them. Whoever reads candles in bulk and whoever watches ticks sees the same market.
 *
 * Against the real thing: docs/market.md, checked by market.test.ts.
 * Deliberately absent: order book depth, trades one by one, news, weekends.
 */
import { type Candles, emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import {
  advanceMood,
  advanceSymbol,
  type HiddenRegime,
  loadedMood,
  loadedSymbol,
  MARK_PACE,
  type MarketSymbol,
  type Mood,
  type MoodState,
  moodOf,
  SECONDS,
  type SymbolProcess,
  type SymbolState,
  savedMood,
  savedSymbol,
  seasonAt,
  symbolOf,
} from './market-process.ts';
import { Random } from './random.ts';

export { HIDDEN_REGIMES, type HiddenRegime, type MarketSymbol } from './market-process.ts';

export interface MarketSettings {
  /** Any whole number of the safe range. */
  readonly seed: number;
  /** First minute, in whole minutes since 1970 UTC, below 100,000,000 (the year 2160). */
  readonly startMinute: number;
  /** How much of every step is common to all symbols: 0 to 1. */
  readonly correlation: number;
  /** At least one; their order is part of the seed. */
  readonly symbols: readonly MarketSymbol[];
}

/** One second of one symbol. */
export interface MarketTick {
  readonly at: number;
  readonly instId: string;
  /** The last trade: at the bid or at the ask. */
  readonly lastTicks: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly markTicks: number;
  /** Traded within this second; the seconds of a minute add up to its candle. */
  readonly volumeLots: number;
}

/** The whole state between two minutes: plain data, for JSON. */
export interface MarketState {
  readonly minute: number;
  readonly mood: MoodState;
  readonly symbols: readonly SymbolState[];
}

/** Settings or a state that no market can be made of. */
export class MarketError extends Error {
  override readonly name = 'MarketError';
}

const FUNDING_BASE_E8 = 10_000;
/** At a premium of one deviation a minute. */
const FUNDING_PREMIUM_E8 = 200_000;
const FUNDING_MOST_E8 = 75_000;

/**
 * The market, minute by minute. `next()` makes a minute; `candles(n)` makes many; what a minute was is asked by symbol
 * number. Before the first `next()` there is no minute: readings of one throw.
 */
export class Market {
  readonly settings: MarketSettings;
  #minute: number;
  readonly #mood: Mood;
  readonly #symbols: readonly SymbolProcess[];
  #isMade = false;

  private constructor(settings: MarketSettings, minute: number, mood: Mood, symbols: readonly SymbolProcess[]) {
    this.settings = settings;
    this.#minute = minute;
    this.#mood = mood;
    this.#symbols = symbols;
  }

  /** A market before its first minute. @throws {MarketError} on settings out of their bounds. */
  static of(settings: MarketSettings): Market {
    check(settings);
    const mood = moodOf(settings.seed, settings.correlation);
    const symbols = settings.symbols.map((symbol, i) => symbolOf(symbol, settings.seed, i));
    return new Market(settings, settings.startMinute - 1, mood, symbols);
  }

  /** The market that was saved: its next minute is the same. @throws {MarketError} on another number of symbols. */
  static load(settings: MarketSettings, state: MarketState): Market {
    check(settings);
    if (state.symbols.length !== settings.symbols.length)
      throw new MarketError(
        `the saved market has ${state.symbols.length} symbols, the settings name ${settings.symbols.length}`,
      );
    const mood = loadedMood(state.mood, settings.correlation);
    const symbols = settings.symbols.map((symbol, i) => loadedSymbol(symbol, state.symbols[i] as SymbolState));
    return new Market(settings, state.minute, mood, symbols);
  }

  /** The state after the minute that was made last. Who wants that minute again saves before it. */
  save(): MarketState {
    return { minute: this.#minute, mood: savedMood(this.#mood), symbols: this.#symbols.map(savedSymbol) };
  }

  /** The minute that was made last, in whole minutes since 1970 UTC; one before the first where none was. */
  get minute(): number {
    return this.#minute;
  }

  /** Makes the next minute of every symbol. */
  next(): void {
    this.#minute++;
    this.#isMade = true;
    const mood = this.#mood;
    advanceMood(mood);
    const season = seasonAt(this.#minute);
    for (const symbol of this.#symbols) advanceSymbol(symbol, mood, season);
  }

  /** Makes the next `count` minutes: one set of columns a symbol, in the order of the settings. */
  candles(count: number): Candles[] {
    const columns = this.#symbols.map((symbol) => emptyCandles(symbol.settings.instId, count));
    for (let i = 0; i < count; i++) {
      this.next();
      for (let s = 0; s < columns.length; s++) this.#write(this.#symbols[s] as SymbolProcess, columns[s] as Candles, i);
    }
    return columns;
  }

  /** Writes the minute that was made last as candle number `at` of `candles`. */
  writeCandle(symbolNumber: number, candles: Candles, at: number): void {
    this.#write(this.#of(symbolNumber), candles, at);
  }

  #write(symbol: SymbolProcess, candles: Candles, at: number): void {
    candles.openMinute[at] = this.#minute;
    candles.openTicks[at] = symbol.path[0] as number;
    candles.highTicks[at] = symbol.high;
    candles.lowTicks[at] = symbol.low;
    candles.closeTicks[at] = symbol.path[SECONDS - 1] as number;
    candles.volumeLots[at] = symbol.volumeLots;
  }

  /** What the symbol really does in the minute that was made last. */
  regime(symbolNumber: number): HiddenRegime {
    return this.#of(symbolNumber).regime;
  }

  /** The funding rate as it stands, 10⁻⁸ of the value, positive where longs pay; settled at 00, 08 and 16 h UTC. */
  fundingRateE8(symbolNumber: number): number {
    const raw = FUNDING_BASE_E8 + this.#of(symbolNumber).premium * FUNDING_PREMIUM_E8;
    return Math.round(Math.min(FUNDING_MOST_E8, Math.max(-FUNDING_MOST_E8, raw)));
  }

  /** The 60 seconds of the minute that was made last. Asking changes nothing: twice asked is the same answer. */
  ticks(symbolNumber: number): MarketTick[] {
    const symbol = this.#of(symbolNumber);
    const { instId, spreadTicks } = symbol.settings;
    const random = Random.of(this.settings.seed, 1_000_000 + symbolNumber * 100_000_000 + this.#minute);
    const volumes = dividedVolume(symbol, random);
    let mark = symbol.markBefore;
    const ticks: MarketTick[] = [];
    for (let second = 0; second < SECONDS; second++) {
      const lastTicks = symbol.path[second] as number;
      mark += (lastTicks - mark) * MARK_PACE;
      const spread = spreadTicks + Math.floor(spreadTicks * symbol.heat * symbol.heat * 0.25 * random.uniform());
      const bidTicks = Math.max(1, random.uniform() < 0.5 ? lastTicks : lastTicks - spread);
      ticks.push({
        at: this.#minute * MINUTE_MS + second * 1_000,
        instId,
        lastTicks,
        bidTicks,
        askTicks: bidTicks + spread,
        markTicks: Math.round(mark),
        volumeLots: volumes[second] as number,
      });
    }
    return ticks;
  }

  #of(symbolNumber: number): SymbolProcess {
    const symbol = this.#symbols[symbolNumber];
    if (symbol === undefined)
      throw new MarketError(`there is no symbol number ${symbolNumber}, only 0 to ${this.#symbols.length - 1}`);
    if (!this.#isMade) throw new MarketError('no minute was made yet: call next() first');
    return symbol;
  }
}

/** The minute's volume over its seconds: uneven, more where the price moved, none lost. */
function dividedVolume(symbol: SymbolProcess, random: Random): number[] {
  const weights: number[] = [];
  let total = 0;
  let before = symbol.path[0] as number;
  for (const price of symbol.path) {
    const chance = random.uniform();
    const moved = Math.abs(price - before) / (before * symbol.settings.volatility);
    const weight = 0.02 + chance * chance * chance * (1 + 4 * moved);
    weights.push(weight);
    total += weight;
    before = price;
  }
  let share = 0;
  let given = 0;
  return weights.map((weight, second) => {
    share += weight;
    const upTo = second === SECONDS - 1 ? symbol.volumeLots : Math.floor((symbol.volumeLots * share) / total);
    const volume = upTo - given;
    given = upTo;
    return volume;
  });
}

function check(settings: MarketSettings): void {
  if (!Number.isSafeInteger(settings.seed))
    throw new MarketError(`the seed must be a whole number, not ${settings.seed}`);
  if (!(Number.isSafeInteger(settings.startMinute) && settings.startMinute > 0 && settings.startMinute < 100_000_000))
    throw new MarketError(`the first minute must be a whole number of minutes since 1970, not ${settings.startMinute}`);
  within('correlation', settings.correlation, 0, 1);
  if (settings.symbols.length === 0) throw new MarketError('a market needs at least one symbol');
  for (const symbol of settings.symbols) {
    within(`${symbol.instId}: startTicks`, symbol.startTicks, 1_000, 100_000_000);
    within(`${symbol.instId}: minuteLots`, symbol.minuteLots, 1, 20_000_000);
    within(`${symbol.instId}: volatility`, symbol.volatility, 0.00001, 0.01);
    within(`${symbol.instId}: spreadTicks`, symbol.spreadTicks, 1, 1_000);
    if (!Number.isSafeInteger(symbol.spreadTicks))
      throw new MarketError(`${symbol.instId}: spreadTicks must be whole, not ${symbol.spreadTicks}`);
  }
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw new MarketError(`${name} must be from ${least} to ${most}, not ${value}`);
}
