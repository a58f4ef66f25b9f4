/** Governor 2: rules.md §6.2, §5. Distances at entry, and the re-tuning of what is in profit. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, Script, type ScriptOptions } from '../../../test/script.ts';
import type { Side } from '../numbers/units.ts';
import { averageTicks } from '../position/position.ts';

const ON = governorsOf({ targets_by_volatility: 'on' });
const MINUTE = 60_000;

/** Far from the floors: an ATR of 2 % and a stop at 1.5 of it. */
function scripted(turbulence: number | undefined, more: ScriptOptions = {}): Script {
  const script = new Script({
    governors: ON,
    atrTicks: 200,
    limits: { lossPerPositionPercentMax: { units: 50n, scale: 0, approx: 50 } },
    ...more,
  });
  script.market.turbulence = turbulence;
  return script;
}

/** A minute goes by and closes at this price. */
function candle(script: Script, closeTicks: number): ReturnType<Script['take']> {
  script.wait(MINUTE);
  script.price(closeTicks);
  const openMinute = Math.floor(script.now / MINUTE) - 1;
  return script.take({
    kind: 'candle-closed',
    at: script.now,
    instId: script.symbol.instrument.instId,
    openMinute,
    openTicks: closeTicks,
    highTicks: closeTicks,
    lowTicks: closeTicks,
    closeTicks,
    volumeLots: 1000,
  });
}

describe.each([
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[])('a %s position', (_name, side) => {
  // biome-ignore format: a table
  it.each([
  // ATR% ÷ mean   factor
    [undefined,    1     ],
    [1,            1     ],
    [0.81,         0.81  ],
    [0.8,          0.8   ],
    [0.79,         0.8   ],
    [0.1,          0.8   ],
    [1.19,         1.19  ],
    [1.2,          1.2   ],
    [1.21,         1.2   ],
    [7,            1.2   ],
  ])('entered at a turbulence of %s has target and stop at %s times their distances', (turbulence, factor) => {
    const script = scripted(turbulence).enter(side);
    const { stopDistanceTicks, targetDistanceTicks } = script.position.exits;
    expect(stopDistanceTicks).toBe(Math.ceil(300 * factor - 1e-6));
    expect(targetDistanceTicks).toBe(Math.ceil(400 * factor - 1e-6));
    expect(script.live('stop').ticks).toBe(PRICE - side * stopDistanceTicks);
  });

  it('adopted before anything was known of the market has an entry’s distances once it is, and nothing is re-tuned before', () => {
    const script = scripted(undefined);
    script.forgetPrices();
    script.market.atrTicks = undefined;
    script.take(script.fillEvent(side, 100, PRICE));
    expect(script.position.exits).toMatchObject({ stopDistanceTicks: PRICE, targetDistanceTicks: PRICE });
    Object.assign(script.market, { atrTicks: 200, turbulence: 0.5 });
    script.price(PRICE + side * 50);
    script.wait(5 * MINUTE);
    candle(script, PRICE + side * 50);
    const { stopDistanceTicks, targetDistanceTicks, first } = scripted(0.5, { atrTicks: 200 }).enter(side).position
      .exits;
    expect(script.position.exits).toMatchObject({ stopDistanceTicks, targetDistanceTicks, first, tunedBy: 1 });
    expect(script.ofKind('governed')).toEqual([]);
  });

  it('keeps the floors of its stop in calm: 0.2 % of the price and three round trips', () => {
    const script = scripted(0.5, { atrTicks: 10 }).enter(side);
    expect(script.position.exits.stopDistanceTicks).toBe(24);
    expect(script.position.exits.targetDistanceTicks, '2 ATR × 0.8').toBe(16);
  });

  it('loses at a wider stop no more than max_loss_per_position: the stop is cut, and the base was planned smaller', () => {
    const wide = scripted(2, { limits: {} }).enter(side);
    const usual = scripted(1, { limits: {} }).enter(side);
    expect(wide.position.entryLots).toBeLessThan(usual.position.entryLots);
    const stop = wide.live('stop');
    const { lots, costUnits } = wide.position.holding;
    const lossUnits = Math.abs(lots * stop.ticks * wide.symbol.instrument.moneyPerTickLot - costUnits);
    expect(lossUnits).toBeLessThanOrEqual(0.02 * 1000 * 1e8);
  });

  it('in profit is re-tuned after five minutes, not a millisecond earlier, by the ratio of the volatilities', () => {
    const script = scripted(1).enter(side);
    script.market.turbulence = 0.9;
    const profit = PRICE + side * 50;
    script.position.exits.tunedAt += 1; // The fifth candle closes one millisecond before its time.
    for (let minute = 1; minute <= 5; minute++) candle(script, profit);
    expect(script.position.exits.targetDistanceTicks).toBe(400);
    candle(script, profit);
    expect(script.position.exits).toMatchObject({ targetDistanceTicks: 360, stopDistanceTicks: 270, tunedBy: 0.9 });
    expect(script.live('target').ticks).toBe(PRICE + side * (360 + 8));
    expect(script.live('stop').ticks, 'nearer to the market').toBe(PRICE - side * 270);
    expect(script.ofKind('governed').at(-1)).toMatchObject({
      governor: 'targets-by-volatility',
      old: '1',
      new: '0.9',
      because: { code: 'volatility', ratio: '0.9' },
      until: script.now + 5 * MINUTE,
    });
  });

  it('is re-tuned at exactly five minutes', () => {
    const script = scripted(1).enter(side);
    script.market.turbulence = 0.9;
    for (let minute = 1; minute <= 5; minute++) candle(script, PRICE + side * 50);
    expect(script.position.exits.tunedBy).toBe(0.9);
  });

  it('that a signal has extended is re-tuned with its extension', () => {
    const script = scripted(1, { adx: 30 }).enter(side);
    script.price(PRICE + side * 100);
    script.signal(side);
    const { extensions, targetDistanceTicks: extended } = script.position.exits;
    expect([extensions, extended > 400]).toEqual([1, true]);
    script.market.turbulence = 0.9;
    for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 100);
    expect(script.position.exits).toMatchObject({
      tunedBy: 0.9,
      targetDistanceTicks: Math.ceil(extended * 0.9 - 1e-6),
    });
  });

  it('is told to be re-tuned only where a distance is another tick, and never where it is left alone', () => {
    const small = scripted(1).enter(side);
    small.market.turbulence = 1 - 1e-4;
    const left = scripted(1, { execution: { unknownPosition: 'alert' } });
    left.take(left.fillEvent(side, 100, PRICE));
    left.market.turbulence = 0.9;
    for (const script of [small, left]) {
      for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 50);
      expect(script.ofKind('governed')).toEqual([]);
    }
  });

  it('is re-tuned where its stop stays at its floor and its target is another tick', () => {
    const script = scripted(1, { atrTicks: 10 }).enter(side);
    expect(script.position.exits).toMatchObject({ stopDistanceTicks: 24, targetDistanceTicks: 20 });
    script.market.turbulence = 0.9;
    for (let minute = 1; minute <= 5; minute++) candle(script, PRICE + side * 12);
    expect(script.position.exits).toMatchObject({ stopDistanceTicks: 24, targetDistanceTicks: 18, tunedBy: 0.9 });
    expect(script.live('target').ticks).toBe(PRICE + side * (18 + 8));
  });

  it('that only pays its costs is not re-tuned, one tick more is', () => {
    for (const [ticks, tunedBy] of [
      [7, 1],
      [8, 0.9],
    ] as const) {
      const script = scripted(1).enter(side);
      script.market.turbulence = 0.9;
      for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * ticks);
      expect(script.position.exits.tunedBy, `${ticks} ticks`).toBe(tunedBy);
    }
  });

  it.each([
    [0.8, 1.2, 1.2], // 1.5 of the first distances would be wanted
    [1.2, 0.8, 0.8], // 0.67
    [1, 1.2, 1.2],
    [1, 0.81, 0.81],
  ])('entered at %s is re-tuned at %s by %s at most', (entered, now, ratio) => {
    const script = scripted(entered).enter(side);
    const { stopDistanceTicks: stop, targetDistanceTicks: target } = script.position.exits;
    script.market.turbulence = now;
    for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 50);
    const { exits } = script.position;
    expect(Math.abs(exits.targetDistanceTicks - target * ratio)).toBeLessThanOrEqual(1);
    expect(Math.abs(exits.stopDistanceTicks - stop * ratio)).toBeLessThanOrEqual(1);
    for (const [now_, first] of [
      [exits.targetDistanceTicks, target],
      [exits.stopDistanceTicks, stop],
    ] as const)
      expect(Math.abs(now_ / first - 1)).toBeLessThanOrEqual(0.2 + 1 / first);
  });

  it('keeps its stop where a wilder market would put it farther, until the next rung moves it to the new average', () => {
    const script = scripted(1).enter(side);
    const before = script.live('stop').ticks;
    script.market.turbulence = 1.2;
    for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 50);
    expect(script.position.exits.stopDistanceTicks).toBe(360);
    expect(script.live('stop').ticks).toBe(before);
    expect(script.live('target').ticks, 'the target goes').toBe(PRICE + side * (480 + 8));
    script.rung(PRICE + side * 50);
    const average = averageTicks(script.position.holding, script.symbol.instrument);
    expect(side * (average - script.live('stop').ticks), 'to a tick').toBeCloseTo(360, -0.5);
  });

  it('is re-tuned again from its first distances, never from the last ones', () => {
    const script = scripted(1, { regime: 'trending' }).enter(side);
    for (const turbulence of [0.9, 1.1, 0.85, 1]) {
      script.market.turbulence = turbulence;
      for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 50);
      expect(script.position.exits.targetDistanceTicks).toBe(Math.ceil(500 * turbulence - 1e-6));
    }
  });

  it('is not re-tuned while the volatility is not known, as after a start with other periods', () => {
    const script = scripted(1.2).enter(side);
    script.market.turbulence = undefined;
    for (let minute = 1; minute <= 6; minute++) candle(script, PRICE + side * 50);
    expect(script.position.exits).toMatchObject({ targetDistanceTicks: 480, stopDistanceTicks: 360, tunedBy: 1 });
  });

  it('is never re-tuned where the governor is off', () => {
    const script = scripted(1, { governors: {} }).enter(side);
    script.market.turbulence = 0.5;
    for (let minute = 1; minute <= 12; minute++) candle(script, PRICE + side * 50);
    expect(script.position.exits).toMatchObject({ targetDistanceTicks: 400, stopDistanceTicks: 300 });
    expect(script.ofKind('governed')).toEqual([]);
  });
});

it('an entry tells its factor where it is another than the last one', () => {
  const script = scripted(1.1).enter(1);
  expect(script.ofKind('governed')).toMatchObject([{ old: '1', new: '1.1', until: undefined }]);
});
