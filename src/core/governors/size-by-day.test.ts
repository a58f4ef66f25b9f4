/** Governor 1: rules.md §6.1, ladder.md §3. Every threshold at, just below and just above it; the UTC day; long and short alike. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, Script } from '../../../test/script.ts';
import { opened } from '../../../test/without-signal.ts';
import { dayOf } from '../account/day.ts';
import type { Governed } from '../decision.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { money, type Side } from '../numbers/units.ts';
import type { Policy } from '../policy.ts';
import { governing } from './door.ts';
import { dayFactor } from './size-by-day.ts';

const USDT = 100_000_000;
const DAY = 86_400_000;
const ON = governorsOf({ size_by_day: 'on' });
const policy = ON.sizeByDay;

function factorOf(realised: number, unrealised: number): string {
  if (policy === undefined) throw new Error('the governor is on');
  const account = { balance: BigInt(Math.round((1000 + realised) * USDT)), unrealised: Math.round(unrealised * USDT) };
  return formatDecimal(dayFactor(policy, { day: dayOf(0, BigInt(1000 * USDT)) }, account));
}

describe("the day's PnL, 10 USDT of a first balance of 1000 being 1 %", () => {
  // biome-ignore format: a table
  it.each([
  // realised       unrealised    factor
    [0,             0,            '1'   ],
    [-9.99999999,   0,            '1'   ],
    [-10,           0,            '0.8' ],
    [-10.00000001,  0,            '0.8' ],
    [-19.99999999,  0,            '0.8' ],
    [-20,           0,            '0.65'],
    [-20.00000001,  0,            '0.65'],
    [-29.99999999,  0,            '0.65'],
    [-30,           0,            '0.5' ],
    [-30.00000001,  0,            '0.5' ],
    [-900,          0,            '0.5' ],
    [9.99999999,    0,            '1'   ],
    [10,            0,            '1.1' ],
    [10.00000001,   0,            '1.1' ],
    [900,           0,            '1.1' ],
    [0,             -10,          '0.8' ],   // an open loss counts
    [-15,           -5,           '0.65'],
    [-15,           -4.99999999,  '0.8' ],
    [-15,           5.00000001,   '1'   ],
    [-20,           30,           '1.1' ],   // an open profit counts too
  ] as const)('%s realised and %s unrealised multiply the base by %s', (realised, unrealised, factor) => {
    expect(factorOf(realised, unrealised)).toBe(factor);
  });

  it('multiplies within the bounds, whatever a step says', () => {
    if (policy === undefined) throw new Error('the governor is on');
    const [mildest] = policy.losses;
    if (mildest === undefined) throw new Error('there are steps');
    const bold = { ...policy, losses: [{ ...mildest, factor: policy.factorMax }], factorMax: mildest.factor };
    const account = { balance: BigInt(900 * USDT), unrealised: 0 };
    expect(formatDecimal(dayFactor(bold, { day: dayOf(0, BigInt(1000 * USDT)) }, account))).toBe('0.8');
  });
});

/** A script whose day has made so much, in USDT of 1000. */
function dayOfScript(pnl: number, governors: Policy['governors'] = ON): Script {
  const script = new Script({ governors });
  script.registry.balance = money(script.registry.balance + BigInt(pnl * USDT));
  return script;
}

const told = (script: Script) =>
  script.ofKind('governed').map(({ old, new: now, because }: Governed) => [old, now, because]);

describe.each([
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[])('a %s position', (_name, side) => {
  const entryLots = (script: Script, strength = 1) => {
    script.signal(side, { strength });
    return script.live('entry').sizeLots;
  };

  it.each([
    [-5, 1],
    [-10, 0.8],
    [-20, 0.65],
    [-30, 0.5],
    [15, 1],
  ])('is entered on a day of %s USDT with %s of its planned base, never with more', (pnl, factor) => {
    const planned = entryLots(dayOfScript(pnl, {}));
    const governed = entryLots(dayOfScript(pnl));
    expect(Math.abs(governed - planned * factor)).toBeLessThanOrEqual(1);
    expect(governed).toBeLessThanOrEqual(planned);
  });

  it('gets from a winning day what a weak signal had left of the plan, and no more than the plan', () => {
    const weak = entryLots(dayOfScript(15, {}), 0);
    expect(Math.abs(entryLots(dayOfScript(15), 0) - weak * 1.1)).toBeLessThanOrEqual(1);
    const almost = entryLots(dayOfScript(15), 0.95);
    expect(almost, '0.975 × 1.1 is more than one').toBe(entryLots(dayOfScript(15, {}), 1));
  });

  it('gets its rung by the day as it is then: a loss meanwhile shrinks it, a profit never enlarges it', () => {
    const rungLots = (pnl: number) => {
      const script = new Script({ governors: ON }).enter(side);
      script.wait(60_000);
      script.registry.balance = money(script.registry.balance + BigInt(pnl * USDT));
      script.signal(side);
      return script.live('rung').sizeLots;
    };
    const even = rungLots(0);
    expect(Math.abs(rungLots(-25) - even * 0.65)).toBeLessThanOrEqual(even * 0.03);
    expect(rungLots(-25)).toBeLessThan(rungLots(-15));
    expect(rungLots(15)).toBe(even);
  });

  it('is told why once, and again only when the factor changes', () => {
    const script = dayOfScript(-12);
    script.signal(side);
    script.signal(side);
    script.registry.balance = money(script.registry.balance - BigInt(10 * USDT));
    script.signal(side);
    expect(told(script)).toEqual([
      ['1', '0.8', { code: 'day-pnl', percent: '-1.2' }],
      ['0.8', '0.65', { code: 'day-pnl', percent: '-2.2' }],
    ]);
    expect(script.ofKind('governed')[0]).toMatchObject({ until: script.registry.day.endsAt, instId: undefined });
  });

  it('is entered with its whole base from midnight UTC on, one millisecond earlier with what the old day left', () => {
    const script = dayOfScript(-12);
    const midnight = script.registry.day.endsAt;
    const at = (now: number) => {
      script.now = now;
      script.price(script.symbol.markTicks);
      script.signal(side);
      const { sizeLots } = script.live('entry');
      script.operator({ do: 'flatten', by: 'a person', instId: script.symbol.instrument.instId });
      return sizeLots;
    };
    const before = at(midnight - 1);
    script.wait(1);
    const after = at(midnight);
    expect(Math.abs(before - after * 0.8)).toBeLessThanOrEqual(1);
    expect(told(script)).toEqual([
      ['1', '0.8', { code: 'day-pnl', percent: '-1.2' }],
      ['0.8', '1', { code: 'day-pnl', percent: '0' }],
    ]);
  });

  it.each([
    ['off', {}],
    ['on', ON],
  ])('is refused at the daily loss limit where the governor is %s, one unit before it is not', (state, governors) => {
    const before = dayOfScript(-50, governors);
    before.registry.balance = money(before.registry.balance + 1n);
    expect(before.refusals(before.signal(side))).toEqual([]);
    const at = dayOfScript(-50, governors);
    expect(at.refusals(at.signal(side))).toEqual(['halted']);
    const halts = told(at).filter(([, now]) => now === 'halted');
    expect(halts).toEqual(state === 'on' ? [['trading', 'halted', { code: 'day-pnl', percent: '-5' }]] : []);
    at.wait(DAY);
    expect(at.refusals(at.signal(side)), 'the next day').toEqual([]);
  });
});

it('what acts is told with its end: a factor, then the halt', () => {
  const script = dayOfScript(-31);
  const { endsAt } = script.registry.day;
  expect(governing(script.registry)).toEqual([
    { governor: 'size-by-day', instId: undefined, effect: '0.5', because: 'day-pnl', until: endsAt },
  ]);
  script.registry.balance = money(script.registry.balance - BigInt(20 * USDT));
  script.signal(1);
  expect(governing(script.registry)).toMatchObject([{ effect: 'halted', until: endsAt }]);
});

it('the gate says who halted and until when', () => {
  const script = new Script({ governors: ON, traced: true });
  script.registry.balance = money(script.registry.balance - BigInt(50 * USDT));
  script.signal(1);
  const [refused] = script.ofKind('refused');
  expect(refused?.reasoning?.gates[0]).toEqual({
    code: 'halted',
    ok: false,
    value: 'daily loss limit, until 2023-11-15 00:00 UTC',
    limit: 'false',
  });
});

it('that the day is lost is written down, though the rung that it refuses was refused before', () => {
  const script = opened(1, 'resting');
  script.operator({ do: 'pause', by: 'a person' });
  script.wait(60_000);
  script.candle(PRICE);
  script.operator({ do: 'resume', by: 'a person' });
  script.registry.balance = money(script.registry.balance - BigInt(60 * USDT));
  script.endMinute();
  script.takeAlone({
    kind: 'candle-closed',
    at: script.now,
    instId: script.symbol.instrument.instId,
    openMinute: script.now / 60_000 - 1,
    openTicks: PRICE,
    highTicks: PRICE,
    lowTicks: PRICE,
    closeTicks: PRICE,
    volumeLots: 1,
  });
  expect(script.registry.day.lost).toBe(true);
  expect(script.registry.decisions, 'the same no was told').toEqual([]);
  expect(script.symbol.touched).toBe(true);
});
