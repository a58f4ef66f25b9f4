/** A life whose instruments stand on another grid than those of the life before (decision 0045): one symbol begins anew, all else goes on. */
import { describe, expect, it } from 'vitest';
import { type JournaledOptions, JournaledScript, type LeftJournal } from '../../../test/life.ts';
import { governorsOf, PRICE, SCRIPT_SWAP } from '../../../test/script.ts';
import type { PositionReading } from '../../core/event.ts';
import { type GridSteps, type Instrument, onSteps } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { lots, money } from '../../core/numbers/units.ts';
import { clientIdOf } from '../../core/orders/order.ts';

const OTHER: Instrument = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP', baseCoin: 'OTHER' };
const on = (steps: Partial<GridSteps>) => onSteps(OTHER, { ...OTHER, ...steps });
const FINER = on({ tickSize: decimal('0.001') });

const governors = governorsOf({ pause: 'on' });
const lifeOf = (other: Instrument, more: JournaledOptions = {}) =>
  new JournaledScript({ governors, instruments: [SCRIPT_SWAP, other], ...more });

function otherOf({ registry }: JournaledScript) {
  const symbol = registry.byInstId.get(OTHER.instId);
  if (symbol === undefined) throw new Error('it is configured');
  return symbol;
}

/** A trade of the other symbol by hand, which loses a dime; on a tick of 0.01, so at prices ten times as high where that is 0.001. */
function trade(life: JournaledScript, name: string, factor = 1): void {
  const of = { instId: OTHER.instId, fee: money(0n) };
  life.take(life.fillEvent(1, 100, PRICE * factor, { ...of, tradeId: `${name} in` }));
  life.take(life.fillEvent(-1, 100, (PRICE - 100) * factor, { ...of, tradeId: `${name} out` }));
}

/** Two readings, far enough apart to agree. */
function readTwice(life: JournaledScript, positions: readonly PositionReading[]): void {
  for (let times = 0; times < 2; times++) {
    life.now += 5_000;
    const { balance } = life.registry;
    const all = [...positionsOf(life), ...positions];
    life.take({ kind: 'exchange-read', at: life.now, balance, available: balance, positions: all, orders: [] });
  }
}

/** The first symbol climbs; the other one has traded and is flat. */
function traded(): JournaledScript {
  const life = lifeOf(OTHER);
  life.price(PRICE, { instId: OTHER.instId });
  life.enter(1);
  trade(life, 'first');
  return life;
}

const ended: readonly [how: string, left: (life: JournaledScript) => LeftJournal][] = [
  ['read from a snapshot', (life) => (life.save(), life.journal)],
  ['read from every row', ({ journal }) => journal],
  [
    'read from a snapshot and the rows after it, a trade of the old grid among them',
    (life) => {
      life.save();
      trade(life, 'second');
      return life.journal;
    },
  ],
];

describe('a symbol of which nothing is open, on another tick', () => {
  it.each(ended)('leaves everything else as it was, and begins anew itself (%s)', (_, leave) => {
    const before = traded();
    const journal = leave(before);
    const after = lifeOf(FINER, journal);
    expect(after.recovered?.gridsTaken).toEqual([
      { instId: OTHER.instId, changes: [{ of: 'tick', was: '0.01', is: '0.001' }], wasOpen: false },
    ]);
    expect(after.registry.balance).toBe(before.registry.balance);
    expect(after.registry.day).toEqual(before.registry.day);
    expect(after.registry.governors).toEqual(before.registry.governors);
    expect(after.position).toEqual(before.position);
    expect([...after.registry.orders.keys()]).toEqual([...before.registry.orders.keys()]);
    const [was, is] = [otherOf(before), otherOf(after)];
    expect(is.instrument).toEqual(FINER);
    expect(is.governors.pause).toEqual(was.governors.pause);
    expect(is.governors.pause.lossesInARow).toBeGreaterThan(0);
    expect(is.lastClose).toEqual(was.lastClose);
    expect([is.markTicks, is.bidTicks, is.pricedAt, is.series.candles]).toEqual([0, 0, -1, 0]);
  });

  it('knows the fills of before: told again they are booked once', () => {
    const after = lifeOf(FINER, traded().journal);
    const { balance } = after.registry;
    after.take(after.fillEvent(1, 100, 10 * PRICE, { instId: OTHER.instId, tradeId: 'first in' }));
    expect([after.registry.balance, otherOf(after).position]).toEqual([balance, undefined]);
  });

  it('trades by the new tick from then on, and the next life of that tick takes nothing over', () => {
    const second = lifeOf(FINER, traded().journal);
    const { balance } = second.registry;
    trade(second, 'third', 10);
    expect(second.registry.balance).toBe(balance - 10_000_000n);
    const third = lifeOf(FINER, second.journal);
    expect(third.recovered?.gridsTaken).toEqual([]);
    expect(third.registry.balance).toBe(second.registry.balance);
  });

  it('has had all that happened before it was read: a trade that no life could count, and that this one is told, opens nothing', () => {
    const before = traded();
    readTwice(before, []);
    const after = lifeOf(FINER, before.journal);
    const { balance } = after.registry;
    after.take(after.fillEvent(-1, 100, 10 * PRICE + 1, { instId: OTHER.instId, tradeId: 'between' }));
    expect([otherOf(after).position, after.registry.balance]).toEqual([undefined, balance]);
    readTwice(after, []);
    trade(after, 'third', 10);
    expect(after.registry.balance).toBe(balance - 10_000_000n);
  });

  it('is counted by each life in its own ticks, where one snapshot of the first is all that is left', () => {
    const first = traded();
    first.save();
    trade(first, 'second');
    const second = lifeOf(FINER, first.journal);
    trade(second, 'third', 10);
    const third = lifeOf(on({ tickSize: decimal('0.0001') }), { ...second.journal, snapshot: first.snapshot });
    expect(third.registry.balance).toBe(second.registry.balance);
    expect(third.recovered?.gridsTaken[0]?.changes).toEqual([{ of: 'tick', was: '0.001', is: '0.0001' }]);
    expect(otherOf(third).governors.pause.lossesInARow).toBe(otherOf(second).governors.pause.lossesInARow);
  });
});

describe('a symbol with a position', () => {
  it.each([
    ['tick', { tickSize: decimal('0.001') }, '0.01', '0.001'],
    ['lot', { lotSize: decimal('0.1') }, '1', '0.1'],
    ['contract', { contractValue: decimal('0.01') }, '0.001', '0.01'],
  ] as const)(
    'on another %s is to be found anew: nothing of it is known, nothing is said of it, the money stays',
    (of, steps, was, is) => {
      const before = traded();
      before.take(before.fillEvent(1, 100, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
      const stop = [...before.registry.orders.values()].find(({ symbol }) => symbol === otherOf(before));
      expect(stop?.order.role).toBe('stop');
      before.save();
      const after = lifeOf(on(steps), before.journal);
      expect(after.recovered?.gridsTaken).toEqual([
        { instId: OTHER.instId, changes: [{ of, was, is }], wasOpen: true },
      ]);
      const other = otherOf(after);
      expect([other.position, other.orders, other.working]).toEqual([undefined, [], undefined]);
      expect(after.registry.orders.has(stop?.order.clientId ?? '')).toBe(false);
      expect(after.registry.balance).toBe(before.registry.balance);
      expect(after.position).toEqual(before.position);
      expect(after.registry.nextPosition).toBe(before.registry.nextPosition);
    },
  );

  it.each([
    ['what it closed', -1, 'stop'],
    ['what it added', 1, 'rung'],
  ] as const)('has had its number: %s is told late, and what that opens has orders of other names', (_, side, role) => {
    const before = traded();
    before.take(before.fillEvent(1, 100, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
    const position = otherOf(before).position?.number ?? 0;
    const clientId = clientIdOf({ run: before.registry.run, position, role, step: 0, attempt: 1, part: 0 });
    const after = lifeOf(FINER, before.journal);
    readTwice(after, []);
    after.price(10 * PRICE, { instId: OTHER.instId });
    const [of, to] = [{ instId: OTHER.instId, tradeId: 'late' }, after.placed.length];
    after.take({ ...after.fillEvent(side, 100, 10 * PRICE, of), cause: 'order', clientId });
    expect(otherOf(after).position?.number).toBeGreaterThanOrEqual(before.registry.nextPosition);
    const names = after.placed.slice(to).map((order) => order.clientId);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => before.placed.some((order) => order.clientId === name))).toEqual([]);
  });

  it.each([
    ['a trade that closed it', FINER, { side: -1, role: 'stop' }],
    ['a trade that added to it', FINER, { side: 1, role: 'rung' }],
    ['a trade by hand', FINER, { side: -1, role: undefined }],
    ['a trade in the old contract', on({ contractValue: decimal('0.01') }), { side: -1, role: 'stop' }],
  ] as const)(
    'has had all that happened before it was found: %s books nothing and asks for nothing',
    (_, other, { side, role }) => {
      const before = traded();
      before.take(before.fillEvent(1, 100, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
      const position = otherOf(before).position?.number ?? 0;
      const { run } = before.registry;
      const after = lifeOf(other, before.journal);
      const [{ balance }, asked] = [after.registry, after.decisions.length];
      const fill = after.fillEvent(side, 40, 10 * PRICE, { instId: OTHER.instId, tradeId: 'meanwhile' });
      const told = {
        ...fill,
        ...(role === undefined
          ? {}
          : { cause: 'order' as const, clientId: clientIdOf({ run, position, role, step: 0, attempt: 1, part: 0 }) }),
      };
      after.take(told);
      expect([otherOf(after).position, after.registry.balance, after.decisions.slice(asked)]).toEqual([
        undefined,
        balance,
        [],
      ]);
      readTwice(after, [{ instId: OTHER.instId, signedLots: 60, costUnits: 60 * 10 * PRICE, leverage: 5 }]);
      expect(otherOf(after).position?.holding.lots).toBe(60);
      after.take(told);
      expect(otherOf(after).position?.holding.lots, 'told again').toBe(60);
      after.take({ ...told, at: after.now, tradeId: 'later', sizeLots: lots(10) });
      expect(otherOf(after).position?.holding.lots, 'of what happens since').toBe(60 + 10 * side);
    },
  );

  it('is adopted where two readings find it: it gets a stop, and the one of the life before is called back once that stands', () => {
    const before = traded();
    before.take(before.fillEvent(1, 10_000, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
    const old = [...before.book.values()].find(({ order }) => order.instId === OTHER.instId);
    const after = lifeOf(FINER, before.journal);
    after.answers.set('stop', 'nothing');
    for (const [clientId, booked] of before.book) after.book.set(clientId, booked);
    after.price(10 * PRICE, { instId: OTHER.instId });
    const costUnits = 10_000 * 10 * PRICE * FINER.moneyPerTickLot;
    const read = () => {
      after.now += 5_000;
      after.price(10 * PRICE, { instId: OTHER.instId });
      return after.take({
        kind: 'exchange-read',
        at: after.now,
        balance: after.registry.balance,
        available: after.registry.balance,
        positions: [...positionsOf(after), { instId: OTHER.instId, signedLots: 10_000, costUnits, leverage: 5 }],
        orders: [...after.book.values()].map(({ order: { clientId, instId, reduceOnly } }) => ({
          clientId,
          instId,
          reduceOnly,
        })),
      });
    };
    const cancelled = () =>
      after.decisions.some((decision) => decision.kind === 'cancel' && decision.clientId === old?.order.clientId);
    read();
    expect(otherOf(after).position).toBeUndefined();
    read();
    expect(otherOf(after).position).toMatchObject({ baseUnits: 0, holding: { lots: 10_000, side: 1 } });
    const stop = otherOf(after).orders.find(({ order }) => order.role === 'stop');
    const lossMost = Number(after.registry.balance) / 50;
    const distance = Math.floor(lossMost / (10_000 * FINER.moneyPerTickLot));
    expect(stop?.ticks, 'two per cent of the balance, for its ATR is not known yet').toBe(10 * PRICE - distance);
    expect(cancelled(), 'while no other one stands').toBe(false);
    after.take({ kind: 'order-accepted', at: after.now, clientId: stop?.order.clientId ?? '' });
    read();
    read();
    expect(cancelled()).toBe(true);
  });
});

describe('a position that has won, and is to be found anew', () => {
  const far = (percent: number) => ({ units: BigInt(percent), scale: 0, approx: percent });
  const limits = { dailyLossPercentMax: far(99), lossPerPositionPercentMax: far(100) };
  const LOTS = 10_000;

  /** Twice ten seconds later the price of the other symbol is so many ticks of a cent above where it was bought. */
  function priced(life: JournaledScript, cents: number, factor: number): void {
    for (let times = 0; times < 2; times++) {
      life.now += 10_000;
      life.price((PRICE + cents) * factor, { instId: OTHER.instId });
    }
  }

  it('is no fall of the equity before it has a price, for two minutes from when it was found', () => {
    const before = lifeOf(OTHER, { limits });
    before.price(PRICE, { instId: OTHER.instId });
    before.take(before.fillEvent(1, LOTS, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
    priced(before, 1_300, 1);
    before.save();
    const after = lifeOf(FINER, { ...before.journal, limits });
    const costUnits = LOTS * 10 * PRICE * FINER.moneyPerTickLot;
    const positions = [{ instId: OTHER.instId, signedLots: LOTS, costUnits, leverage: 1 }];
    readTwice(after, positions);
    expect(otherOf(after).position?.holding.lots).toBe(LOTS);
    const others = (ms: number) => {
      for (const until = after.now + ms; after.now < until; ) {
        after.price(PRICE);
        readTwice(after, positions);
      }
    };
    others(100_000);
    expect(after.registry.halt).toBeUndefined();
    others(40_000);
    expect(after.registry.halt, 'no longer than any that has none').toMatchObject({ by: 'emergency-stop' });
  });

  it('is no fall of the equity while it is sought, and is measured from the peak of before once it is found', () => {
    const before = lifeOf(OTHER, { limits });
    before.price(PRICE, { instId: OTHER.instId });
    before.take(before.fillEvent(1, LOTS, PRICE, { instId: OTHER.instId, tradeId: 'open' }));
    priced(before, 1_300, 1);
    const { peakUnits } = before.registry.governors.drawdown;
    expect(peakUnits).toBeGreaterThan(1.12 * Number(before.registry.balance));
    before.save();
    const middle = lifeOf(FINER, { ...before.journal, limits });
    priced(middle, 1_300, 10);
    middle.save();
    const after = lifeOf(FINER, { ...middle.journal, limits });
    priced(after, 1_300, 10);
    expect(after.registry.halt).toBeUndefined();
    readTwice(after, [
      { instId: OTHER.instId, signedLots: LOTS, costUnits: LOTS * 10 * PRICE * FINER.moneyPerTickLot, leverage: 1 },
    ]);
    priced(after, 1_300, 10);
    expect([after.registry.halt, after.registry.governors.drawdown.peakUnits]).toEqual([undefined, peakUnits]);
    priced(after, 0, 10);
    expect(after.registry.halt).toMatchObject({ by: 'emergency-stop' });
  });
});

describe('a contract that the exchange has changed while the bot ran', () => {
  const contract = { of: 'contract', was: '0.001', is: '0.01' } as const;
  const of = { instId: OTHER.instId };

  /** Half of what was open is closed in the new contract. */
  function changed(): JournaledScript {
    const life = traded();
    life.take(life.fillEvent(1, 100, PRICE, { ...of, tradeId: 'open' }));
    life.take({ kind: 'instrument', at: life.now, ...of, changes: [contract] });
    life.take(life.fillEvent(-1, 50, PRICE - 100, { ...of, tradeId: 'half', fee: money(0n) }));
    return life;
  }

  it.each(ended)(
    'is that of the rows since: nothing is to be found anew, and the money is what it was (%s)',
    (_, leave) => {
      const before = changed();
      const journal = leave(before);
      const after = lifeOf(on({ contractValue: decimal('0.01') }), journal);
      expect(after.recovered?.gridsTaken).toEqual([]);
      expect(after.registry.balance).toBe(before.registry.balance);
      expect(otherOf(after).position?.holding).toEqual(otherOf(before).position?.holding);
    },
  );

  it('and back while nobody was there costs the position alone', () => {
    const before = changed();
    const after = lifeOf(OTHER, before.journal);
    expect(after.recovered?.gridsTaken).toEqual([
      { instId: OTHER.instId, changes: [{ of: 'contract', was: '0.01', is: '0.001' }], wasOpen: true },
    ]);
    expect(after.registry.balance).toBe(before.registry.balance);
    expect(otherOf(after).position).toBeUndefined();
  });
});

function positionsOf({ registry }: JournaledScript) {
  return registry.symbols.flatMap(({ instrument: { instId }, position }) =>
    position === undefined || instId === OTHER.instId
      ? []
      : [
          {
            instId,
            signedLots: position.holding.side * position.holding.lots,
            costUnits: position.holding.costUnits,
            leverage: position.leverage ?? 1,
          },
        ],
  );
}

describe('the grid', () => {
  it('in other digits alone, or with another largest order, is the old one', () => {
    const before = traded();
    before.save();
    const same = { ...on({ tickSize: decimal('0.010') }), lotsMaxMarketOrder: OTHER.lotsMin };
    const after = lifeOf(same, before.journal);
    expect(after.recovered?.gridsTaken).toEqual([]);
    expect(otherOf(after).instrument).toEqual(same);
  });

  it('of a note is all that is taken of it: an older release may have written an instrument of other fields', () => {
    const first = traded();
    first.save();
    trade(first, 'second');
    const second = lifeOf(FINER, first.journal);
    trade(second, 'third', 10);
    const { rows, snapshot } = second.journal;
    const older = rows.map((row) => {
      const { instruments, ...rest } = row.payload as { readonly instruments?: readonly Instrument[] };
      const bare = instruments?.map(({ instId, tickSize, lotSize, contractValue }) => ({
        instId,
        tickSize,
        lotSize,
        contractValue,
      }));
      return bare === undefined ? row : { ...row, payload: { ...rest, instruments: bare } };
    });
    const third = lifeOf(FINER, { rows: older, snapshot: first.snapshot ?? snapshot });
    expect(third.registry.balance).toBe(second.registry.balance);
    expect(otherOf(third).instrument).toEqual(FINER);
    expect(third.registry.symbols[0]?.instrument).toEqual(SCRIPT_SWAP);
  });

  it('of a life whose release noted no instruments is the one before', () => {
    const first = traded();
    first.save();
    const second = lifeOf(OTHER, first.journal);
    trade(second, 'second');
    const rows = second.journal.rows.map((row) =>
      row.kind === 'note' ? ({ ...row, payload: { kind: 'started' } } as typeof row) : row,
    );
    const third = lifeOf(OTHER, { rows, snapshot: first.snapshot });
    expect(third.recovered?.gridsTaken).toEqual([]);
    expect(third.registry.balance).toBe(second.registry.balance);
  });

  it('of a state whose release did not say it is taken for today’s', () => {
    const before = traded();
    before.save();
    const { snapshot, rows } = before.journal;
    const state = (snapshot?.state ?? '').replaceAll(/,"grid":\{[^}]*\}/g, '');
    expect(state).not.toBe(snapshot?.state);
    const after = lifeOf(FINER, { rows, snapshot: { seq: snapshot?.seq ?? 0, state } });
    expect(after.recovered?.gridsTaken).toEqual([]);
    expect(otherOf(after).tradesSeen.oldestFirst()).toEqual(['first in', 'first out']);
  });
});
