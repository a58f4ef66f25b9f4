/** Governor 5, the emergency stop: rules.md §6.5, lessons.md 19. One odd number never liquidates a book, two do; only a person resumes. */
import { describe, expect, it } from 'vitest';
import { type JournaledOptions, JournaledScript } from '../../../test/life.ts';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { ExchangeRead } from '../event.ts';
import { lots, money, type Side, type Ticks, ticks } from '../numbers/units.ts';
import type { Policy } from '../policy.ts';
import { fold } from '../step.ts';
import { governing } from './door.ts';

const USDT = 100_000_000;
const SECOND = 1_000;
const DAY = 86_400_000;

/** The day's loss halts later than the stop that is meant here, and the stop of a position is far. */
function scripted(governors: Policy['governors'] = governorsOf({ pause: 'on' }), instruments = [SCRIPT_SWAP]): Script {
  return new Script(optionsOf(governors, instruments));
}

function optionsOf(governors: Policy['governors'], instruments = [SCRIPT_SWAP]): JournaledOptions {
  return {
    governors,
    instruments,
    limits: {
      dailyLossPercentMax: { units: 99n, scale: 0, approx: 99 },
      lossPerPositionPercentMax: { units: 100n, scale: 0, approx: 100 },
    },
    // Most of the balance in one position without leverage, so that its equity falls as the price does.
    config: {
      profiles: { small: { max_margin_percent: 100 } },
      position_scaling: { base_size: { small: 900, medium: 900, large: 900 } },
      limits: { margin_reserve: 0, max_worst_case_loss: 900 },
    },
    execution: { leverage: { ...new Script().policy.execution.leverage, max: 1 } },
  };
}

/** A book of two readings at its full height, then a position. */
function entered(side: Side, governors?: Policy['governors']): Script {
  const script = scripted(governors);
  for (let i = 0; i < 2; i++) {
    script.wait(10 * SECOND);
    script.price(PRICE);
  }
  return script.enter(side);
}

/** The mark at which the equity is so many per cent below the 1000 USDT of the day's peak. */
function markAt(script: Script, percent: number): number {
  const { lots, side, costUnits } = script.position.holding;
  const lossUnits = 1000 * USDT * (percent / 100) - (1000 * USDT - Number(script.registry.balance));
  return (side * costUnits - lossUnits) / (side * lots * script.symbol.instrument.moneyPerTickLot);
}

/** Ten seconds later, the equity is so many per cent below its peak, rounded to the tick before or after. */
function reading(script: Script, percent: number, rounding: 'before' | 'past' = 'past'): void {
  const { side } = script.position.holding;
  const mark = markAt(script, percent);
  const down = (side === 1) === (rounding === 'past');
  const price = down ? Math.floor(mark) : Math.ceil(mark);
  script.now += 10 * SECOND;
  script.price(price);
}

const stops = (script: Script) => script.ofKind('governed').filter(({ because }) => because.code === 'drawdown');
const closes = (script: Script) => script.placed.filter(({ role }) => role === 'close').length;

describe.each([
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[])('a %s book', (_name, side) => {
  it("that falls by 10 % from the day's peak is closed by the second reading, not by the first", () => {
    const script = entered(side);
    reading(script, 10);
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
    reading(script, 10);
    expect(stops(script)).toMatchObject([
      { old: 'trading', new: 'halted', until: undefined, because: { percent: expect.stringMatching(/^10(\.0\d?)?$/) } },
    ]);
    expect(closes(script)).toBe(1);
    expect(script.registry.halt).toMatchObject({ kind: 'halt', by: 'emergency-stop' });
    expect(governing(script.registry)).toMatchObject([{ governor: 'pause', effect: 'halted', because: 'drawdown' }]);
    script.fill('close');
    expect(script.ofKind('position-closed')).toMatchObject([{ reason: 'emergency-stop' }]);
    expect(script.refusals(script.signal(side))).toEqual(['halted']);
  });

  it.each([3, 5])('of which %i readings are wanted is closed by so many in a row', (drawdown_readings) => {
    const script = entered(side, governorsOf({ pause: { drawdown_readings } }));
    const odd = [...Array.from({ length: 2 }, () => 12), 2];
    for (const percent of [0, 0, 0, ...odd, ...odd]) reading(script, percent);
    for (let i = 1; i < drawdown_readings; i++) reading(script, 11 + i);
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
    reading(script, 11);
    expect([stops(script).length, closes(script)]).toEqual([1, 1]);
  });

  it.each([
    [5, 2],
    [4, 3],
    [2, 3],
  ])(
    'of which %i readings were wanted before a start, and %i since, is closed by so many in a row',
    (before, since) => {
      const lifeOf = (drawdown_readings: number, left?: JournaledScript) =>
        new JournaledScript({ ...optionsOf(governorsOf({ pause: { drawdown_readings } })), ...left?.journal });
      const first = lifeOf(before);
      first.enter(side);
      for (let i = 0; i < 6; i++) reading(first, 0);
      const script = lifeOf(since, first);
      for (let i = 1; i < since; i++) reading(script, 10 + i);
      expect(stops(script)).toEqual([]);
      reading(script, 10);
      expect(stops(script).length).toBe(1);
    },
  );

  it('that was closed is not closed, nor told, again, nor is what a person opens afterwards', () => {
    const script = entered(side);
    for (let i = 0; i < 4; i++) reading(script, 10);
    expect([stops(script).length, closes(script)]).toEqual([1, 1]);
    script.fill('close');
    script.price(PRICE);
    script.take(script.fillEvent(side, 100, PRICE));
    for (let i = 0; i < 2; i++) {
      script.now += 10 * SECOND;
      script.price(PRICE);
    }
    expect([stops(script).length, closes(script), script.position.holding.lots]).toEqual([1, 1, 100]);
  });

  it('is not closed by what is folded of the past: what was decided then is loaded', () => {
    const script = entered(side);
    reading(script, 20);
    script.now += 10 * SECOND;
    const mark = script.symbol.markTicks as Ticks;
    const { instId } = SCRIPT_SWAP;
    const fallen = { at: script.now, instId, markTicks: mark, bidTicks: mark, askTicks: mark } as const;
    fold(script.registry, { kind: 'price', ...fallen });
    expect(script.registry.halt).toBeUndefined();
  });

  it('is read as it is where another symbol is traded of which nothing is open', () => {
    const other = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
    const script = scripted(undefined, [SCRIPT_SWAP, other]).enter(side);
    for (const percent of [0, 0, 10, 10]) {
      script.now += SECOND;
      script.price(PRICE, { instId: other.instId });
      reading(script, percent);
    }
    expect(stops(script)).toHaveLength(1);
  });

  it('a tick short of 10 % is not closed, however often it is read', () => {
    const script = entered(side);
    for (let i = 0; i < 5; i++) reading(script, 10, 'before');
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
  });

  it.each([11, 30, 60])(
    'that one odd price puts %i per cent down, and the next one back, is never closed',
    (percent) => {
      const script = entered(side);
      for (let i = 0; i < 4; i++) {
        reading(script, percent);
        reading(script, 2);
      }
      expect([stops(script).length, closes(script)]).toEqual([0, 0]);
      expect(script.registry.halt).toBeUndefined();
    },
  );

  it('that one odd price lifts is not measured from there', () => {
    const script = entered(side);
    reading(script, -30);
    for (let i = 0; i < 4; i++) reading(script, 1);
    expect(stops(script)).toEqual([]);
  });

  it('is measured from a peak that two readings have reached', () => {
    const script = entered(side);
    reading(script, -5);
    reading(script, -5);
    reading(script, 5.6);
    reading(script, 5.6);
    expect(stops(script), '105 to 94.4 is more than 10 %').toHaveLength(1);
  });

  it('is not read twice by one price: what comes sooner than ten seconds, or without a new price, is no reading', () => {
    const script = entered(side);
    reading(script, 12);
    script.now += 9_999;
    script.price(script.symbol.markTicks);
    expect(stops(script)).toEqual([]);
    script.now += 1;
    script.price(script.symbol.markTicks);
    expect(stops(script)).toHaveLength(1);
  });

  it('is measured anew from midnight UTC on', () => {
    const script = entered(side);
    reading(script, 6);
    script.now = script.registry.day.endsAt;
    reading(script, 6);
    reading(script, 12);
    reading(script, 12);
    expect(stops(script), '6 % of yesterday and 6.4 % of today').toEqual([]);
    reading(script, 16);
    reading(script, 16);
    expect(stops(script)).toHaveLength(1);
  });

  it('halts until a person resumes: not by time, not by a new day, not by a better price', () => {
    const script = entered(side);
    reading(script, 10);
    reading(script, 10);
    script.fill('close');
    for (let i = 0; i < 3; i++) {
      script.wait(DAY);
      script.price(PRICE + side * 500);
      expect(script.refusals(script.signal(side))).toEqual(['halted']);
    }
    script.operator({ do: 'resume', by: 'a person' });
    expect(script.refusals(script.signal(side))).not.toContain('halted');
    expect(stops(script), 'and the fall is measured from there').toHaveLength(1);
  });

  it('that a person lets go on after its fall is closed where it falls as far again', () => {
    const script = entered(side);
    script.answers.set('close', 'nothing');
    for (let i = 0; i < 2; i++) reading(script, 10);
    script.operator({ do: 'resume', by: 'a person' });
    for (const percent of [11, 12, 20, 20]) reading(script, percent);
    expect(stops(script), 'of the readings before it none is left').toHaveLength(1);
    for (let i = 0; i < 2; i++) reading(script, 21);
    expect(stops(script), '10 % of 880 USDT').toHaveLength(2);
  });

  it('falls as deep as it likes where the governor is off', () => {
    const script = entered(side, {});
    for (let i = 0; i < 5; i++) reading(script, 40);
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
  });
});

describe('a position whose price has died', () => {
  const OTHER = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
  const MINUTE = 60 * SECOND;

  /** Two positions, each read twice at its entry: the other one of 900 USDT, bought by hand. @param isPriced the other one has a price */
  function both(isPriced = true): Script {
    const script = scripted(undefined, [SCRIPT_SWAP, OTHER]);
    script.enter(1);
    script.take({
      kind: 'filled',
      at: script.now,
      instId: OTHER.instId,
      tradeId: 'by hand',
      side: 1,
      sizeLots: lots(9_000),
      priceTicks: ticks(PRICE),
      fee: money(0n),
      liquidity: 'taker',
      cause: 'foreign',
    });
    for (let i = 0; i < 2; i++) priced(script, 0, isPriced ? 0 : undefined);
    return script;
  }
  const other = (script: Script, price: number) => script.price(price, { instId: OTHER.instId });
  /** Ten seconds later, each so many USDT from its entry; the other one without a new price where none is said. */
  function priced(script: Script, usdt: number, otherUsdt?: number): void {
    const at = (lots: number, change: number) => Math.round(PRICE + (change * USDT) / (lots * 1_000));
    script.now += 10 * SECOND;
    if (otherUsdt !== undefined) other(script, at(9_000, otherUsdt));
    script.price(at(script.position.holding.lots, usdt));
  }
  const die = (script: Script, usdt = 0) => {
    for (let ms = 0; ms < 2 * MINUTE; ms += 10 * SECOND) priced(script, usdt);
  };

  it('keeps the others waiting for two minutes, and not for ever', () => {
    const script = both();
    for (let i = 1; i < 12; i++) priced(script, 0);
    priced(script, -110);
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
    priced(script, -110);
    expect(stops(script)).toHaveLength(1);
  });

  it('keeps them waiting for that long: it may be one late candle', () => {
    const script = both();
    for (let i = 1; i < 12; i++) priced(script, -110);
    expect([stops(script).length, closes(script)]).toEqual([0, 0]);
  });

  it('counts with what two readings have said of it', () => {
    const script = both();
    for (let i = 0; i < 2; i++) priced(script, 0, -80);
    die(script);
    for (let i = 0; i < 3; i++) priced(script, -10);
    expect(stops(script), '9 % of 1000 USDT').toEqual([]);
    for (let i = 0; i < 2; i++) priced(script, -30);
    expect(stops(script), '11 %').toHaveLength(1);
  });

  it('at one odd number closes nothing, however often it is read', () => {
    const script = both();
    priced(script, 0, -500);
    die(script);
    for (let i = 0; i < 10; i++) priced(script, -50);
    expect(stops(script)).toEqual([]);
  });

  it('at one odd number that the exchange was read with too is still at one', () => {
    const script = both();
    priced(script, 0, -500);
    const positions = script.registry.symbols.map(({ instrument: { instId }, position }) => {
      if (position === undefined) throw new Error('no position');
      const { lots: held, side, costUnits } = position.holding;
      return { instId, signedLots: held * side, costUnits, leverage: position.leverage ?? 1 };
    });
    const { balance } = script.registry;
    script.now += SECOND;
    script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders: [] });
    die(script);
    for (let i = 0; i < 10; i++) priced(script, -50);
    expect(stops(script)).toEqual([]);
  });

  it('at one odd number upwards is not measured from there', () => {
    const script = both();
    priced(script, 0, 500);
    die(script);
    for (let i = 0; i < 3; i++) priced(script, 0);
    for (let i = 0; i < 3; i++) priced(script, 0, 0);
    expect(stops(script)).toEqual([]);
  });

  it('leaves the others a peak to fall from, also after midnight', () => {
    const script = both();
    for (let i = 0; i < 2; i++) priced(script, 0, -80);
    die(script);
    script.now = script.registry.day.endsAt;
    for (let i = 0; i < 2; i++) priced(script, 0);
    for (let i = 0; i < 2; i++) priced(script, -110);
    expect(stops(script)).toHaveLength(1);
  });

  it('and was never there says nothing of the others', () => {
    const script = both(false);
    for (let i = 0; i < 2; i++) priced(script, -50);
    expect(stops(script)).toEqual([]);
    for (let i = 0; i < 2; i++) priced(script, -110);
    expect(stops(script)).toHaveLength(1);
  });
});

describe('a balance that the exchange states', () => {
  const stated = (script: Script, usdt: number): ExchangeRead => ({
    kind: 'exchange-read',
    at: script.now,
    balance: money(BigInt(Math.round(usdt * USDT))),
    available: money(BigInt(Math.round(usdt * USDT))),
    positions: [
      {
        instId: script.symbol.instrument.instId,
        signedLots: script.position.holding.lots * script.position.holding.side,
        costUnits: script.position.holding.costUnits,
        leverage: script.position.leverage ?? 1,
      },
    ],
    orders: [...script.book.values()].map(({ order }) => ({
      clientId: order.clientId,
      instId: order.instId,
      reduceOnly: order.reduceOnly,
    })),
  });
  const read = (script: Script, usdt: number) => {
    script.wait(10 * SECOND);
    script.price(PRICE);
    script.take(stated(script, usdt));
  };
  const usual = (script: Script) => Number(script.registry.balance) / USDT;

  it.each([500, 880, 0])(
    'as %i USDT of 1000 once closes nothing, and neither does it between two that are right',
    (odd) => {
      const script = entered(1);
      const right = usual(script);
      for (const each of [right, right, odd, right, odd, right, right]) read(script, each);
      expect([stops(script).length, closes(script)]).toEqual([0, 0]);
    },
  );

  it('as 10 % less twice closes the book', () => {
    const script = entered(1);
    const right = usual(script);
    for (const each of [right, right, right * 0.89]) read(script, each);
    expect(stops(script)).toEqual([]);
    read(script, right * 0.89);
    expect(stops(script)).toHaveLength(1);
    expect(closes(script)).toBe(1);
  });

  it.each([
    [9_999, 0],
    [10_000, 1],
  ])('as a ninth less, and again %i ms later, closes the book %i times', (ms, times) => {
    const script = entered(1);
    const right = usual(script);
    for (const each of [right, right, right * 0.89]) read(script, each);
    script.now += ms;
    script.price(PRICE);
    script.take(stated(script, right * 0.89));
    expect([stops(script).length, closes(script)]).toEqual([times, times]);
  });

  it('and is told twice is one reading', () => {
    const script = entered(1);
    const right = usual(script);
    for (const each of [right, right, right * 0.5]) read(script, each);
    script.take(stated(script, right * 0.5));
    script.now += 20 * SECOND;
    script.price(PRICE);
    script.take({ ...stated(script, right * 0.5), at: script.now - 20 * SECOND });
    expect(stops(script)).toEqual([]);
  });
});

it('a book that is 10 % below its peak to the last unit is halted, a unit above that it is not', () => {
  for (const [units, times] of [
    [900n * 100_000_000n, 1],
    [900n * 100_000_000n + 1n, 0],
  ] as const) {
    const script = scripted();
    for (const balance of [script.registry.balance, script.registry.balance, units, units]) {
      script.registry.balance = money(balance);
      script.now += 10 * SECOND;
      script.price(PRICE);
    }
    expect(stops(script)).toHaveLength(times);
  }
});
