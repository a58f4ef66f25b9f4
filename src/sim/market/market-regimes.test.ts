/**
 * What the hidden regimes, the hours and the common factor of a generated market really do: the statistics of market.test.ts hold for a trend that
 * falls where it should rise too.
 */
import { expect, it } from 'vitest';
import { type Candles, emptyCandles } from '../../core/market/candle.ts';
import { HIDDEN_REGIMES, Market, type MarketSymbol } from './market.ts';

const SEEDS = 20;
const MINUTES = 20_000;
/** Of a stretch of one regime: how far it has come by then. */
const STRETCH = 90;
const FUNDING_HOURS = 8;

const symbolOf = (instId: string, startTicks: number): MarketSymbol => ({
  instId,
  startTicks,
  minuteLots: 400_000,
  volatility: 0.0008,
  spreadTicks: 1,
});
const SYMBOLS = [symbolOf('BTC-USDT-SWAP', 600_000), symbolOf('ETH-USDT-SWAP', 300_000)];

/** Moves in deviations of a minute, as the settings say it. */
interface Minute {
  readonly regime: (typeof HIDDEN_REGIMES)[number];
  readonly otherRegime: (typeof HIDDEN_REGIMES)[number];
  readonly hour: number;
  readonly move: number;
  readonly otherMove: number;
  /** Since the regime began, after STRETCH minutes of it; undefined in its other minutes. */
  readonly come: number | undefined;
  /** Since eight hours before; undefined in the first of them, and between the hours. */
  readonly drifted: number | undefined;
  readonly fundingE8: number;
}

const minutes = Array.from({ length: SEEDS }, (_, seed) => minutesOf(seed + 1)).flat();

function minutesOf(seed: number): Minute[] {
  const market = Market.of({ seed, startMinute: 29_000_160, correlation: 0.6, symbols: SYMBOLS });
  const columns = SYMBOLS.map(({ instId }) => emptyCandles(instId, MINUTES));
  let begun = 0;
  let before = '';
  return Array.from({ length: MINUTES }, (_, i) => {
    market.next();
    columns.forEach((candles, symbol) => {
      market.writeCandle(symbol, candles, i);
    });
    const [btc, eth] = columns as [Candles, Candles];
    const regime = market.regime(0);
    if (regime !== before) begun = i;
    before = regime;
    const from = i - FUNDING_HOURS * 60;
    return {
      regime,
      otherRegime: market.regime(1),
      hour: Math.floor(market.minute / 60) % 24,
      move: moveOf(btc, i - 1, i),
      otherMove: moveOf(eth, i - 1, i),
      come: i - begun === STRETCH ? moveOf(btc, begun, i) : undefined,
      drifted: from >= 0 && i % 60 === 0 ? moveOf(btc, from, i) : undefined,
      fundingE8: market.fundingRateE8(0),
    };
  });
}

function moveOf({ closeTicks }: Candles, from: number, to: number): number {
  return from < 0 ? 0 : ((closeTicks[to] as number) / (closeTicks[from] as number) - 1) / 0.0008;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const size = (of: readonly Minute[]) => mean(of.map(({ move }) => Math.abs(move)));
const share = (of: readonly Minute[], is: (minute: Minute) => boolean) => of.filter(is).length / of.length;
const of = (regime: Minute['regime']) => minutes.filter((minute) => minute.regime === regime);

// biome-ignore format: a table
it.each([
  // regime      move of a minute   squared way of a stretch over that of a walk without direction
  ['uptrend',   [0.07, 0.14],      [1.6, 3.5]],
  ['downtrend', [-0.16, -0.08],    [1.6, 3.5]],
  ['range',     [-0.02, 0.02],     [0.1, 0.5]],
  ['chop',      [-0.02, 0.02],     [0.1, 0.6]],
] as const)('in %s the price goes where it should, or comes back', (regime, [least, most], [wayLeast, wayMost]) => {
  const own = of(regime);
  const drift = mean(own.map(({ move }) => move));
  expect(drift).toBeGreaterThan(least);
  expect(drift).toBeLessThan(most);
  const walk = STRETCH * mean(own.map(({ move }) => move * move));
  const way = mean(own.flatMap(({ come }) => (come === undefined ? [] : [come * come]))) / walk;
  expect(way).toBeGreaterThan(wayLeast);
  expect(way).toBeLessThan(wayMost);
});

it('chop is hotter than a trend, a range calmer, New York louder than the Asian night', () => {
  const trend = size([...of('uptrend'), ...of('downtrend')]);
  expect(size(of('chop')) / trend).toBeGreaterThan(1.08);
  expect(size(of('range')) / trend).toBeLessThan(0.88);
  const loud = size(minutes.filter(({ hour }) => hour >= 13 && hour <= 15));
  const quiet = size(minutes.filter(({ hour }) => hour >= 3 && hour <= 5));
  expect(loud / quiet).toBeGreaterThan(1.25);
  expect(loud / quiet).toBeLessThan(1.7);
});

it('two symbols share jumps and regimes oftener than by chance', () => {
  const together = minutes.filter(({ move, otherMove }) => Math.abs(move) > 5 && Math.abs(otherMove) > 5);
  expect(together.length).toBeGreaterThan(130);
  expect(share(together, ({ move, otherMove }) => move > 0 === otherMove > 0)).toBeGreaterThan(0.9);
  const chance = HIDDEN_REGIMES.reduce((sum, regime) => sum + share(minutes, (each) => each.regime === regime) ** 2, 0);
  expect(share(minutes, ({ regime, otherRegime }) => regime === otherRegime) - chance).toBeGreaterThan(0.03);
});

it('great moves go down a little more often than up', () => {
  const great = minutes.filter(({ move }) => Math.abs(move) > 8);
  expect(great.length).toBeGreaterThan(150);
  expect(share(great, ({ move }) => move < 0)).toBeGreaterThan(0.5);
  expect(share(great, ({ move }) => move < 0)).toBeLessThan(0.62);
});

it('funding follows the drift of the last hours: who has gone with it pays', () => {
  const hours = minutes.flatMap(({ drifted, fundingE8 }) => (drifted === undefined ? [] : [{ drifted, fundingE8 }]));
  const after = (is: (drifted: number) => boolean) =>
    mean(hours.flatMap(({ drifted, fundingE8 }) => (is(drifted) ? [fundingE8] : [])));
  expect(after((drifted) => drifted > 20)).toBeGreaterThan(15_000);
  expect(after((drifted) => drifted < -20)).toBeLessThan(0);
});
