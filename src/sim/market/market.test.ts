import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { correlation, type MarketStatistics, marketStatistics, returnsOf } from '../../../test/market-statistics.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { HIDDEN_REGIMES, Market, MarketError, type MarketSettings, type MarketSymbol } from './market.ts';

const BTC: MarketSymbol = {
  instId: 'BTC-USDT-SWAP',
  startTicks: 600_000,
  minuteLots: 400_000,
  volatility: 0.0008,
  spreadTicks: 1,
};
const ETH: MarketSymbol = {
  instId: 'ETH-USDT-SWAP',
  startTicks: 300_000,
  minuteLots: 40_000,
  volatility: 0.001,
  spreadTicks: 1,
};
const START_MINUTE = 29_000_160;

const settings = (seed: number, more: Partial<MarketSettings> = {}): MarketSettings => ({
  seed,
  startMinute: START_MINUTE,
  correlation: 0.6,
  symbols: [BTC, ETH],
  ...more,
});

const hashOf = (...all: readonly Candles[]): string => {
  const hash = createHash('sha256');
  for (const c of all) for (const column of CANDLE_COLUMNS) hash.update(c[column]);
  return hash.digest('hex').slice(0, 16);
};

describe('the same market', () => {
  it('comes from the same seed, to the last bit, on every machine', () => {
    expect(hashOf(...Market.of(settings(1)).candles(20_000))).toBe('a844c7302954ee8f');
  });

  it('has the same seconds', () => {
    const market = Market.of(settings(1));
    market.candles(100);
    const seconds = createHash('sha256').update(
      JSON.stringify([market.ticks(0), market.ticks(1), market.fundingRateE8(0)]),
    );
    expect(seconds.digest('hex').slice(0, 16)).toBe('c8f96cc8b013902f');
  });

  it('comes minute by minute and in bulk', () => {
    const market = Market.of(settings(2));
    const columns = [emptyCandles(BTC.instId, 500), emptyCandles(ETH.instId, 500)];
    for (let i = 0; i < 500; i++) {
      market.next();
      columns.forEach((candles, symbol) => {
        market.writeCandle(symbol, candles, i);
      });
    }
    expect(hashOf(...columns)).toBe(hashOf(...Market.of(settings(2)).candles(500)));
  });

  it('goes on from where it was saved, through JSON', () => {
    const market = Market.of(settings(3));
    market.candles(777);
    const loaded = Market.load(settings(3), JSON.parse(JSON.stringify(market.save())));
    expect(hashOf(...loaded.candles(1_000))).toBe(hashOf(...market.candles(1_000)));
    expect(loaded.ticks(1)).toEqual(market.ticks(1));
  });

  it('is another one for another seed', () => {
    const hashes = new Set(Array.from({ length: 50 }, (_, seed) => hashOf(...Market.of(settings(seed)).candles(10))));
    expect(hashes.size).toBe(50);
  });
});

describe('ticks', () => {
  const market = Market.of(settings(4));
  const candles = emptyCandles(BTC.instId, 1);
  const minutes = Array.from({ length: 300 }, () => {
    market.next();
    market.writeCandle(0, candles, 0);
    const [high, low] = [candles.highTicks[0] as number, candles.lowTicks[0] as number];
    return {
      minute: market.minute,
      ticks: market.ticks(0),
      high,
      low,
      open: candles.openTicks[0],
      close: candles.closeTicks[0],
      volume: candles.volumeLots[0],
    };
  });

  it('add up to the candle of their minute', () => {
    for (const { minute, ticks, high, low, open, close, volume } of minutes) {
      const prices = ticks.map((tick) => tick.lastTicks);
      expect(ticks.map((tick) => tick.at)).toEqual(
        Array.from({ length: 60 }, (_, i) => minute * MINUTE_MS + i * 1_000),
      );
      expect({ high: Math.max(...prices), low: Math.min(...prices), open: prices[0], close: prices.at(-1) }).toEqual({
        high,
        low,
        open,
        close,
      });
      expect(ticks.reduce((sum, tick) => sum + tick.volumeLots, 0)).toBe(volume);
    }
  });

  it('trade at the bid or at the ask of a touch that is open', () => {
    for (const { ticks } of minutes)
      for (const tick of ticks) {
        expect(tick.askTicks).toBeGreaterThan(tick.bidTicks);
        expect([tick.bidTicks, tick.askTicks]).toContain(tick.lastTicks);
      }
  });

  it('carry a mark that follows the price and moves less', () => {
    const travelled = (of: 'lastTicks' | 'markTicks') =>
      minutes
        .flatMap(({ ticks }) => ticks.slice(1).map((tick, i) => Math.abs(tick[of] - (ticks[i] ?? tick)[of])))
        .reduce((a, b) => a + b);
    expect(travelled('markTicks')).toBeLessThan(travelled('lastTicks') / 2);
    for (const { ticks } of minutes)
      for (const tick of ticks) expect(Math.abs(tick.markTicks / tick.lastTicks - 1)).toBeLessThan(0.02);
  });

  it('are the same when asked twice', () => {
    expect(market.ticks(0)).toEqual(market.ticks(0));
  });
});

type Bound = readonly [
  fact: string,
  of: (s: MarketStatistics) => number,
  least: number,
  most: number,
  meanLeast: number,
  meanMost: number,
];

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const DAYS = 30;

describe(`${SEEDS.length} seeds of ${DAYS} days pass for crypto`, () => {
  const runs = SEEDS.map((seed) => {
    const [btc, eth] = Market.of(settings(seed)).candles(DAYS * 1_440) as [Candles, Candles];
    return { seed, btc, eth, numbers: marketStatistics(btc) };
  });

  /** Every seed within the bounds, the mean of all within the narrower ones. */
  // biome-ignore format: a table
  const bounds: readonly Bound[] = [
    ['deviation of a minute, %',              (s) => s.deviationPercent,      0.05,  0.13,  0.075, 0.095],
    ['kurtosis',                              (s) => s.kurtosis,              8,     90,    15,    45],
    ['largest move, deviations',              (s) => s.largestMove,           9,     45,    15,    30],
    ['memory of returns, 1 minute',           (s) => s.returnsMemory[1],      -0.06, 0.06,  -0.03, 0.03],
    ['memory of returns, 2 minutes',          (s) => s.returnsMemory[2],      -0.06, 0.06,  -0.03, 0.03],
    ['memory of returns, 5 minutes',          (s) => s.returnsMemory[5],      -0.06, 0.06,  -0.03, 0.03],
    ['memory of returns, 30 minutes',         (s) => s.returnsMemory[30],     -0.06, 0.06,  -0.02, 0.02],
    ['memory of moves, 1 minute',             (s) => s.movesMemory[1],        0.2,   0.5,   0.26,  0.4],
    ['memory of moves, 15 minutes',           (s) => s.movesMemory[15],       0.12,  0.4,   0.18,  0.3],
    ['memory of moves, 60 minutes',           (s) => s.movesMemory[60],       0.07,  0.35,  0.12,  0.25],
    ['least memory of moves, 1 to 60 minutes',(s) => s.movesMemoryLeast,      0.06,  0.35,  0.11,  0.25],
    ['correlation of volume and move',        (s) => s.volumeWithMove,        0.5,   0.75,  0.55,  0.68],
    ['correlation of volume and range',       (s) => s.volumeWithRange,       0.6,   0.9,   0.68,  0.82],
    ['range over move',                       (s) => s.rangeOverMove,         1.6,   2.1,   1.7,   1.95],
    ['drawdown, %',                           (s) => s.drawdownPercent,       6,     60,    15,    35],
  ];

  it.each(bounds)('%s', (fact, of, least, most, meanLeast, meanMost) => {
    const values = runs.map(({ numbers }) => of(numbers));
    for (const [i, value] of values.entries()) {
      expect(value, `${fact} of seed ${SEEDS[i]}`).toBeGreaterThan(least);
      expect(value, `${fact} of seed ${SEEDS[i]}`).toBeLessThan(most);
    }
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(mean, `mean ${fact}`).toBeGreaterThan(meanLeast);
    expect(mean, `mean ${fact}`).toBeLessThan(meanMost);
  });

  it('moves are remembered less and less', () => {
    for (const { numbers, seed } of runs) {
      const { 1: one, 5: five, 15: fifteen, 60: sixty } = numbers.movesMemory;
      expect(
        one > five && five > fifteen && fifteen > sixty,
        `seed ${seed}: ${[one, five, fifteen, sixty].join(' ')}`,
      ).toBe(true);
    }
  });

  it('two symbols move together by the correlation of the settings, less what each does alone', () => {
    for (const { btc, eth, seed } of runs) {
      const together = correlation(returnsOf(btc), returnsOf(eth));
      expect(together, `seed ${seed}`).toBeGreaterThan(0.35);
      expect(together, `seed ${seed}`).toBeLessThan(0.6);
    }
    const [a, b] = Market.of(settings(1, { correlation: 0 })).candles(20_000) as [Candles, Candles];
    expect(Math.abs(correlation(returnsOf(a), returnsOf(b)))).toBeLessThan(0.03);
  });

  it('candles hold: low ≤ open, close ≤ high, minutes in a row, volume within 32 bits', () => {
    for (const { btc } of runs)
      for (let i = 0; i < btc.length; i++) {
        const [open, high, low, close] = [btc.openTicks[i], btc.highTicks[i], btc.lowTicks[i], btc.closeTicks[i]] as [
          number,
          number,
          number,
          number,
        ];
        if (
          !(
            low > 0 &&
            low <= open &&
            low <= close &&
            high >= open &&
            high >= close &&
            btc.openMinute[i] === START_MINUTE + i
          )
        )
          expect.fail(`candle ${i}: open ${open} high ${high} low ${low} close ${close}`);
      }
  });

  it('every hidden regime has its share of the time, and funding its sign', () => {
    const minutes = { uptrend: 0, downtrend: 0, range: 0, chop: 0 };
    let paidByShorts = 0;
    for (const seed of SEEDS) {
      const market = Market.of(settings(seed, { symbols: [BTC] }));
      for (let i = 0; i < 10_000; i++) {
        market.next();
        minutes[market.regime(0)]++;
        const rate = market.fundingRateE8(0);
        if (Math.abs(rate) > 75_000) expect.fail(`a funding rate of ${rate}`);
        if (rate < 0) paidByShorts++;
      }
    }
    for (const regime of HIDDEN_REGIMES) {
      const share = minutes[regime] / (10_000 * SEEDS.length);
      expect(share, regime).toBeGreaterThan(0.12);
      expect(share, regime).toBeLessThan(0.42);
    }
    expect(paidByShorts / (10_000 * SEEDS.length)).toBeLessThan(0.4);
    expect(paidByShorts / (10_000 * SEEDS.length)).toBeGreaterThan(0.05);
  });
});

describe('a market refuses', () => {
  // biome-ignore format: a table
  const refusals: readonly (readonly [why: string, given: Partial<MarketSettings>])[] = [
    ['a seed that is not whole',    { seed: 1.5 }],
    ['correlation above 1',         { correlation: 1.01 }],
    ['correlation that is no number', { correlation: Number.NaN }],
    ['no symbols',                  { symbols: [] }],
    ['a price of a few ticks',      { symbols: [{ ...BTC, startTicks: 999 }] }],
    ['a volume past 32 bits',       { symbols: [{ ...BTC, minuteLots: 20_000_001 }] }],
    ['a still market',              { symbols: [{ ...BTC, volatility: 0 }] }],
    ['a broken spread',             { symbols: [{ ...BTC, spreadTicks: 1.5 }] }],
    ['a first minute before 1970',  { startMinute: -1 }],
  ];
  it.each(refusals)('%s', (_, given) => {
    expect(() => Market.of(settings(1, given))).toThrow(MarketError);
  });

  it('a state of another number of symbols', () => {
    const state = Market.of(settings(1)).save();
    expect(() => Market.load(settings(1, { symbols: [BTC] }), state)).toThrow('2 symbols, the settings name 1');
  });

  it('questions before the first minute, and about symbols that are not there', () => {
    const market = Market.of(settings(1));
    expect(() => market.ticks(0)).toThrow('call next() first');
    market.next();
    expect(() => market.regime(2)).toThrow('only 0 to 1');
  });
});

it('survives its extremes: the smallest and largest settings for a month', () => {
  const symbols: MarketSymbol[] = [
    { instId: 'A', startTicks: 1_000, minuteLots: 1, volatility: 0.01, spreadTicks: 1 },
    { instId: 'B', startTicks: 100_000_000, minuteLots: 20_000_000, volatility: 0.01, spreadTicks: 1_000 },
    { instId: 'C', startTicks: 1_000, minuteLots: 1, volatility: 0.00001, spreadTicks: 1_000 },
  ];
  for (let seed = 1; seed <= 5; seed++)
    for (const candles of Market.of(settings(seed, { symbols, correlation: 1 })).candles(43_200)) {
      expect(candles.lowTicks.every((low) => low > 0)).toBe(true);
      expect(candles.highTicks.every((high, i) => high < 2 ** 31 && high >= (candles.lowTicks[i] as number))).toBe(
        true,
      );
    }
});
