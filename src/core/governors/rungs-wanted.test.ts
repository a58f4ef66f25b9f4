/** What governor 3 asks for and the prices that it publishes, of a position as it stands. What comes of it: addition.test.ts, resting-rung.test.ts. */
import { describe, expect, it } from 'vitest';
import { governorsOf, Script } from '../../../test/script.ts';
import { at, opened, placedRungs, SIDES, turn } from '../../../test/without-signal.ts';
import { loadTree } from '../../config/index.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import { REGIMES } from '../policy.ts';
import type { NextRungFacts } from './additions-without-signal.ts';
import { isNews, nextRungPrices, plannedRungPrices, rungAsked, rungToRest } from './rungs-wanted.ts';

const NONE = { averageDownTicks: undefined, pyramidTicks: undefined };

const pricesOf = (script: Script) => nextRungPrices(script.registry, script.symbol, script.position);

describe('the published prices', () => {
  it('of a market that ranges are half an ATR behind the last rung, of one that trends half an ATR ahead', () => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger');
      expect(pricesOf(script)).toEqual({ averageDownTicks: at(side, -25), pyramidTicks: undefined });
      script.market.regime = 'trending';
      expect(pricesOf(script)).toEqual({ averageDownTicks: undefined, pyramidTicks: at(side, 25) });
      script.market.regime = 'ranging';
      script.rung(at(side, -10));
      expect(pricesOf(script)?.averageDownTicks).toBe(at(side, -35));
    }
  });

  it('are none where there is no next rung: no base, no ATR, no rung left; and not said where the governor is off', () => {
    for (const regime of REGIMES) {
      const adopted = new Script({ governors: governorsOf({ additions_without_signal: 'on' }), regime });
      adopted.take(adopted.fillEvent(1, 1_000, 10_000));
      expect(pricesOf(adopted)).toEqual(NONE);
      adopted.take(adopted.fillEvent(1, 100, 9_990));
      expect(adopted.position.rungs.length, 'an addition by hand is a rung').toBe(1);
      expect(pricesOf(adopted), 'and gives it no base').toEqual(NONE);
      const blind = opened(1, 'resting', { regime });
      blind.market.atrTicks = undefined;
      expect(pricesOf(blind)).toEqual(NONE);
      expect(rungToRest(blind.registry, blind.symbol, blind.position)).toBeUndefined();
    }
    const climbed = opened(1, 'resting', { config: { position_scaling: { max_additions: 1 } } });
    expect(pricesOf(climbed)?.averageDownTicks).toBe(9_975);
    climbed.rung(9_995);
    expect(pricesOf(climbed)).toEqual(NONE);
    expect(pricesOf(new Script({ governors: governorsOf({}) }).enter())).toBeUndefined();
  });

  it('to average down stand before the stop, or are none', () => {
    for (const side of SIDES) {
      const { policy } = opened(side, 'resting');
      const facts: NextRungFacts = {
        side,
        costUnits: 10 * 10_000,
        unitsPerTick: 10,
        leverage: 5,
        lastTicks: 10_000,
        atrTicks: 50,
        regime: 'ranging',
        lossLimitPercent: decimal(-2),
        lossBasis: 'margin',
      };
      const downBefore = (stop: number | undefined) => plannedRungPrices(policy, facts, stop)?.averageDownTicks;
      expect(downBefore(undefined), 'no stop is known').toBe(at(side, -25));
      expect(downBefore(at(side, -26))).toBe(at(side, -25));
      expect(downBefore(at(side, -25)), 'the stop comes first').toBeUndefined();
      expect(downBefore(at(side, -24))).toBeUndefined();
      const deep = { ...facts, atrTicks: 100 };
      expect(plannedRungPrices(policy, { ...deep, regime: 'trending' }, at(side, -100)), 'none at all').toEqual({
        averageDownTicks: undefined,
        pyramidTicks: at(side, 50),
      });
    }
  });
});

describe('what is asked for', () => {
  it('is asked for with the candle of the signal’s timeframe, not with every minute', () => {
    const { signals } = loadTree({ timeframes: { signal: '5m' } }).policy;
    const script = opened(1, 'on_trigger', { signals });
    script.wait(120_000);
    const asked: number[] = [];
    for (let minute = 0; minute < 12; minute++) {
      turn(script, 1);
      script.candle(9_970);
      if (rungAsked(script.registry, script.symbol, script.position) !== undefined)
        asked.push((script.symbol.series.openMinute + 1) % 5);
    }
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(new Set(asked)).toEqual(new Set([0]));
    expect(placedRungs(script).length, 'and sent then').toBeGreaterThan(0);
  });

  it('is asked for with the candle that closes late, because its last minute is missing, once', () => {
    for (const side of SIDES) {
      const { signals } = loadTree({ timeframes: { signal: '5m' } }).policy;
      const script = opened(side, 'on_trigger', { signals });
      const nextSpan = () => script.wait(300_000 - (script.now % 300_000));
      nextSpan();
      turn(script, side);
      const asked: number[] = [];
      for (const minute of [1, 2, 3, 4, 6, 7, 8, 9, 10]) {
        if (minute === 6) script.wait(60_000);
        script.candle(at(side, -30));
        if (rungAsked(script.registry, script.symbol, script.position) !== undefined) asked.push(minute);
      }
      expect(asked).toEqual([6, 10]);
    }
  });

  it('says where it comes from, why, how strong and at which price', () => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger');
      script.wait(120_000);
      turn(script, side);
      script.price(at(side, -30));
      script.registry.symbols[0]?.series.onClosed1m(Math.floor(script.now / 60_000), 1, 1, 1, 1, 1);
      expect(rungAsked(script.registry, script.symbol, script.position)).toEqual({
        side,
        strength: 1,
        priceTicks: at(side, -30),
        at: script.now,
        source: 'average-down',
        reasons: [side === 1 ? 'rsi 30.0 → 35.0' : 'rsi 70.0 → 65.0'],
      });
      const resting = opened(side, 'resting');
      expect(rungToRest(resting.registry, resting.symbol, resting.position)).toEqual({
        side,
        strength: 1,
        priceTicks: at(side, -25),
        at: resting.now,
        source: 'average-down',
        reasons: ['published price'],
      });
      expect(rungToRest(script.registry, script.symbol, script.position), 'nothing rests on a trigger').toBeUndefined();
    }
  });

  it('is a pyramid where a trend goes on, and an average down only where the market is none', () => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger', { regime: 'trending' });
      script.wait(60_000);
      script.market.trendSide = side;
      script.candle(at(side, 10));
      script.candle(at(side, 20));
      turn(script, side);
      script.price(at(side, 40));
      script.wait(30_000);
      expect(rungAsked(script.registry, script.symbol, script.position)).toMatchObject({
        source: 'pyramid',
        reasons: ['close beyond the candle before'],
      });
      script.market.trendSide = -side as Side;
      expect(rungAsked(script.registry, script.symbol, script.position)).toBeUndefined();
    }
  });
});

it('each wants its own sign: no average down because a trend goes on, no pyramid because a pullback ends', () => {
  for (const side of SIDES) {
    const down = opened(side, 'on_trigger');
    down.wait(60_000);
    down.market.trendSide = side;
    down.candle(at(side, -40), { open: at(side, -40) });
    down.candle(at(side, -30), { open: at(side, -30) });
    expect(rungAsked(down.registry, down.symbol, down.position)).toBeUndefined();
    const ahead = opened(side, 'on_trigger', { regime: 'trending' });
    ahead.wait(60_000);
    ahead.market.trendSide = side;
    ahead.candle(at(side, 40));
    turn(ahead, side);
    ahead.candle(at(side, 30));
    expect(rungAsked(ahead.registry, ahead.symbol, ahead.position)).toBeUndefined();
  }
});

it('a no is news once, and that it was told is written down', () => {
  const script = opened(1, 'resting');
  script.price(9_999);
  const told = (no: string) => [isNews(script.registry, script.symbol, no), script.symbol.touched];
  expect(script.symbol.touched).toBe(false);
  expect([told('1 0 loss-too-deep'), told('1 0 loss-too-deep'), told('1 1 loss-too-deep')]).toEqual([
    [true, true],
    [false, true],
    [true, true],
  ]);
  script.price(9_998);
  expect([told('1 1 loss-too-deep'), script.symbol.touched]).toEqual([[false, false], false]);
});
