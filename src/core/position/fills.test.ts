/** Fills make positions, rungs and the balance: once each, whatever their order, and nothing else does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { money, type Side } from '../numbers/units.ts';
import { clientIdOf } from '../orders/order.ts';
import { foldFill, type Holding, timesOver, unrealisedUnits } from './position.ts';

describe('a fill', () => {
  it('that is told twice changes nothing the second time', () => {
    const script = new Script();
    const fill = script.fillEvent(1, 100, PRICE);
    script.take(fill);
    const { balance } = script.registry;
    expect(script.takeAlone(fill)).toEqual([]);
    expect(script.position.holding.lots).toBe(100);
    expect(script.registry.balance).toBe(balance);
  });

  it('pays its fee from the balance at once', () => {
    const script = new Script().enter(1);
    const fee = Math.ceil(script.position.holding.costUnits * 0.0002);
    expect(script.registry.balance).toBe(100_000_000_000n - BigInt(fee));
  });

  it('counts a rung, not its order: two fills of one order are one rung', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    expect(script.position.rungs).toEqual([]);
    script.fill('rung', { lots: 10 });
    script.fill('rung');
    expect(script.position.rungs).toHaveLength(1);
    expect(script.position.rungs[0]).toMatchObject({ number: 1, plannedLots: script.position.rungs[0]?.filledLots });
  });

  it('counts a partial step, not its fills, and the step has happened with the last of them', () => {
    const script = new Script().enter(1);
    const { order } = script.live('partial');
    script.fill('partial', { lots: 10 });
    expect(script.position.partials).toEqual([{ step: order.step, filledLots: 10, done: false }]);
    script.fill('partial');
    expect(script.position.partials).toEqual([{ step: order.step, filledLots: order.sizeLots, done: true }]);
  });

  it('keeps of each rung what ladder.md asks for', () => {
    const script = new Script().enter(-1);
    script.rung(PRICE + 30);
    const [rung] = script.position.rungs;
    expect(rung).toMatchObject({ number: 1, coefficient: '0.72', regime: 'ranging', source: 'script', at: script.now });
    expect(rung?.pnlPercent).toBeCloseTo(-1.5, 9);
    expect(rung?.valueUnits).toBe((rung?.filledLots ?? 0) * (PRICE + 30) * SCRIPT_SWAP.moneyPerTickLot);
    expect(rung?.feeUnits).toBe(Math.ceil((rung?.valueUnits ?? 0) * 0.0002 - 1e-6));
  });

  it.each<[what: string, happens: (script: Script) => void]>([
    ['entry', () => {}],
    [
      'rung',
      (script) => {
        script.wait(60_000);
        script.signal(1);
        script.wait(9_000);
        script.fill('rung');
      },
    ],
    [
      'partial close',
      (script) => {
        script.wait(30_000);
        script.fill('partial');
      },
    ],
  ])('starts the interval anew: %s', (_what, happens) => {
    const script = new Script().enter(1);
    happens(script);
    script.wait(59_999);
    expect(script.refusals(script.signal(1))).toEqual(['interval-too-short']);
    script.wait(1);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('that is told late does not turn the interval back', () => {
    const script = new Script().enter(1);
    const opened = script.position.lastGrownAt;
    script.take(script.fillEvent(1, 1, PRICE, { at: opened - 50_000 }));
    expect(script.position.lastGrownAt).toBe(opened);
  });
});

it('a rung keeps the regime in which it was judged, not that of its position', () => {
  const script = new Script().enter(1);
  script.market.regime = 'trending';
  script.rung(PRICE);
  expect([script.position.regime, script.position.rungs[0]?.regime]).toEqual(['ranging', 'trending']);
});

it('a fill of a position that is sought waits for the readings that tell it', () => {
  const script = new Script();
  script.symbol.sought = 'position';
  const { balance } = script.registry;
  script.take(script.fillEvent(1, 100, PRICE));
  expect([script.symbol.position, script.registry.balance]).toEqual([undefined, balance]);
});

describe('a stop that has begun to fill', () => {
  const begun = (role: 'entry' | 'rung') => {
    const script = new Script();
    if (role === 'rung') script.enter(1).wait(60_000);
    script.signal(1);
    script.fill(role, { lots: 40 });
    return script;
  };

  it.each(['entry', 'rung'] as const)('calls back what is left of it: %s', (role) => {
    const script = begun(role);
    const { clientId } = script.live(role).order;
    const decided = script.fill('stop', { lots: 10 });
    expect(script.ofKind('cancel', decided)).toMatchObject([{ clientId, because: 'stop' }]);
    expect([script.has(role), script.symbol.working]).toEqual([false, undefined]);
    expect(script.live('stop').sizeLots - 10).toBe(script.position.holding.lots);
  });

  it('lets nothing follow one whose window is over', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    script.cancellations = 'nothing';
    script.wait(script.policy.execution.makerWindowMs);
    const rung = script.live('rung');
    script.fill('stop', { lots: 10 });
    script.book.delete(rung.order.clientId);
    expect(script.ofKind('place', script.take(script.ended(rung)))).toEqual([]);
  });

  it('leaves a close that is on its way alone', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'nothing');
    script.operator({ do: 'flatten', by: 'test' });
    expect(script.ofKind('cancel', script.fill('stop', { lots: 10 }))).toEqual([]);
    expect(script.symbol.working).toMatchObject({ purpose: 'close', ending: undefined });
  });
});

describe('a target that has begun to fill', () => {
  it('leaves the rest of an entry to its window', () => {
    const script = new Script();
    script.signal(1);
    script.fill('entry', { lots: 100 });
    script.fill('target', { lots: 10 });
    expect(script.has('entry')).toBe(true);
  });
});

describe('a fill in a market that is known', () => {
  it('moves neither mark nor touch: it is no price that everybody meets', () => {
    const script = new Script();
    script.price(PRICE, { bid: PRICE - 1, ask: PRICE + 1 });
    script.take(script.fillEvent(1, 100, PRICE + 40));
    expect(script.symbol).toMatchObject({ markTicks: PRICE, bidTicks: PRICE - 1, askTicks: PRICE + 1 });
  });
});

describe('a fill of a part', () => {
  it('is an answer: an entry that nobody had confirmed lives, and what was wished of it meanwhile is asked for', () => {
    const script = new Script();
    script.answers.set('entry', 'nothing');
    script.signal(1);
    const entry = script.live('entry');
    script.now += 2_500;
    script.price(PRICE + 1);
    script.take({ kind: 'time', at: script.now });
    expect(script.ofKind('amend'), 'not of an order that may not live').toEqual([]);
    script.fillOrder(entry, { lots: 10 });
    expect(script.ofKind('amend').filter(({ clientId }) => clientId === entry.order.clientId)).toHaveLength(1);
  });

  it.each(['nothing', 'unknown'] as const)('is an answer to a target that had none (%s)', (answer) => {
    const script = new Script();
    script.answers.set('target', answer);
    script.enter(1);
    const { clientId } = script.live('target').order;
    script.fill('target', { lots: 10 });
    expect(script.registry.orders.get(clientId)?.state).toBe('live');
  });

  it('leaves an order that was called back called back', () => {
    const script = new Script().enter(1);
    const { order } = script.live('target');
    script.cancellations = 'nothing';
    script.operator({ do: 'flatten', by: 'a person' });
    script.fill('target', { lots: 10 });
    expect(script.registry.orders.get(order.clientId)?.state).toBe('ending');
  });
});

it('a partial take-profit that fills ends no rung that is on its way', () => {
  const script = new Script().enter(1);
  script.wait(60_000);
  script.signal(1);
  const rung = script.live('rung');
  script.fill('partial');
  expect(script.symbol.working?.clientId).toBe(rung.order.clientId);
});

describe.each([1, -1] as const)('a position of side %i', (side) => {
  it('counts what was paid to enter it, and what it was at most', () => {
    const script = new Script().enter(side);
    script.rung(PRICE - side * 30);
    const { feeUnits, enteredFeeUnits, enteredLots, lotsMost, holding } = script.position;
    const value = holding.costUnits;
    expect([enteredFeeUnits, feeUnits, enteredLots, lotsMost]).toEqual([
      feeUnits,
      Math.ceil(value * 0.0002),
      holding.lots,
      holding.lots,
    ]);
    script.fill('partial', { lots: 100 });
    expect(script.position).toMatchObject({ enteredFeeUnits, lotsMost });
    expect(script.position.feeUnits).toBeGreaterThan(feeUnits);
  });

  it('tells the price at which it was left: the mean of its exits, by lots', () => {
    const script = new Script().enter(side);
    const { lots } = script.position.holding;
    script.take(script.fillEvent(-side as Side, 1000, PRICE + side * 20));
    const [closed] = script.ofKind(
      'position-closed',
      script.take(script.fillEvent(-side as Side, lots - 1000, PRICE - side * 10)),
    );
    expect(closed?.lotsMost).toBe(lots);
    expect(closed?.exitTicks).toBeCloseTo(PRICE + (side * (1000 * 20 - (lots - 1000) * 10)) / lots, 9);
  });
});

describe('a trade that is over', () => {
  it('is told with its leverage and with each of its rungs', () => {
    const script = new Script().enter(1);
    script.rung(PRICE - 30);
    const [rung] = script.position.rungs;
    const [closed] = script.ofKind('position-closed', script.fill('stop'));
    expect(closed).toMatchObject({ leverage: 5, additions: 1 });
    const { number, at, filledLots, valueUnits, feeUnits } = rung ?? {};
    expect(closed?.rungs).toEqual([{ number, at, lots: filledLots, valueUnits, feeUnits }]);
  });

  it.each([
    // fees beyond what was gained, funding, units
    ['gained nothing', 0, 0, false],
    ['lost a unit to fees', 1, 0, true],
    ['lost a unit to funding', 0, -1, true],
    ['got its fees back by funding', 1, 1, false],
  ])('and %s says how long its side waits', (_what, feesBeyond, funding, isLost) => {
    const script = new Script();
    script.signal(1);
    const { sizeLots } = script.live('entry');
    const gained = sizeLots * 2 * SCRIPT_SWAP.moneyPerTickLot;
    script.fill('entry', { fee: feesBeyond });
    const settled = { at: script.now, instId: SCRIPT_SWAP.instId, amount: money(BigInt(funding)) };
    script.take({ kind: 'funding-settled', ...settled });
    script.take(script.fillEvent(-1, sizeLots, PRICE + 2, { fee: money(BigInt(gained)) }));
    script.wait(60_000);
    expect(script.refusals(script.signal(1))).toEqual(isLost ? ['reentry-wait'] : []);
  });

  it('lets nothing follow an entry that has waited beside it: a person has opened and closed it', () => {
    const script = new Script();
    script.signal(1);
    const entry = script.live('entry');
    script.cancellations = 'nothing';
    script.wait(script.policy.execution.makerWindowMs);
    for (const side of [1, -1] as const) script.take(script.fillEvent(side, 100, PRICE));
    script.book.delete(entry.order.clientId);
    expect(script.take(script.ended(entry))).toEqual([]);
  });
});

it.each([1, -1] as const)('a part that is taken off moves no stop away: side %i', (side) => {
  const script = new Script();
  script.take(script.fillEvent(side, 40_000, PRICE));
  const { ticks: cut } = script.live('stop');
  expect(side * (PRICE - cut), 'of 75; at most 2 % of 998 USDT may be lost with 4000').toBe(49);
  script.take(script.fillEvent(-side as Side, 30_000, PRICE));
  expect(script.live('stop')).toMatchObject({ ticks: cut, sizeLots: 10_000 });
});

describe('a fill of an order of a journal that is lost', () => {
  const ofLost = (role: 'entry' | 'rung' | 'stop' | 'target' | 'close') =>
    clientIdOf({ run: 'lost', position: 9, role, step: role === 'rung' ? 1 : 0, attempt: 1, part: 0 });

  it.each(['entry', 'rung'] as const)('that enlarges (%s): nothing is added until a person resumes', (role) => {
    const script = new Script();
    script.take(script.fillEvent(1, 100, PRICE, { clientId: ofLost(role) }));
    expect(script.symbol.unexplained).toContain('nothing is added until a person resumes');
  });

  it.each(['stop', 'target', 'close'] as const)('that reduces (%s) leaves nothing to explain', (role) => {
    const script = new Script().enter(1);
    script.take(script.fillEvent(-1, 100, PRICE, { clientId: ofLost(role) }));
    expect(script.symbol.unexplained).toBeUndefined();
  });
});

describe('a fill that no order of ours asked for', () => {
  it('opens a position with stop and target, without base and without rungs, and a person is told', () => {
    const script = new Script();
    const decided = script.take(script.fillEvent(-1, 500, PRICE));
    expect(script.ofKind('alert', decided)).toMatchObject([{ code: 'foreign-fill' }]);
    expect(script.live('stop').sizeLots).toBe(500);
    expect(script.has('target')).toBe(true);
    expect(script.position).toMatchObject({ baseUnits: 0, rungs: [] });
    script.wait(60_000);
    expect(script.refusals(script.signal(-1))).toEqual(['rung-too-small']);
  });

  it('before the first price of the market opens one too: its price is the best known, and nothing is added', () => {
    const script = new Script();
    script.forgetPrices();
    script.symbol.pricedAt = -1;
    script.take(script.fillEvent(1, 500, PRICE));
    expect(script.symbol).toMatchObject({ markTicks: PRICE, bidTicks: PRICE, askTicks: PRICE, pricedAt: -1 });
    expect(script.has('stop')).toBe(true);
    expect(script.has('close'), 'a price that nobody saw is no price of zero').toBe(false);
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
  });

  it('may have a name that is none of ours: a person gave it', () => {
    const script = new Script();
    const decided = script.take(script.fillEvent(1, 500, PRICE, { clientId: 'byHand7' }));
    expect(script.ofKind('alert', decided)).toMatchObject([{ code: 'foreign-fill' }]);
    expect(script.position).toMatchObject({ number: 1, baseUnits: 0 });
    const closed = script.take(script.fillEvent(-1, 500, PRICE, { clientId: 'byHand8' }));
    expect(script.ofKind('position-closed', closed)).toMatchObject([{ reason: 'foreign' }]);
  });

  it('enlarges by hand: it counts as one rung, and the stop follows', () => {
    const script = new Script().enter(1);
    script.take(script.fillEvent(1, 100, PRICE));
    expect(script.position.rungs).toMatchObject([{ number: 1, source: 'foreign', filledLots: 100 }]);
    expect(script.live('stop').sizeLots).toBe(script.position.holding.lots);
  });

  it('while a rung is on its way is a rung of its own', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    script.take(script.fillEvent(1, 100, PRICE));
    script.fill('rung');
    expect(script.position.rungs.map(({ number, filledLots }) => [number, filledLots > 100])).toEqual([
      [1, false],
      [2, true],
    ]);
    script.wait(60_000);
    script.signal(1);
    expect(script.live('rung').order.step).toBe(3);
  });

  it.each(['liquidation', 'adl', 'foreign'] as const)(
    'closes: the reason is %s, and our orders are called back',
    (cause) => {
      const script = new Script().enter(1);
      const { lots } = script.position.holding;
      const decided = script.take(script.fillEvent(-1, lots, PRICE - 100, { cause }));
      expect(script.ofKind('position-closed', decided)).toMatchObject([{ reason: cause }]);
      expect(script.book.size).toBe(0);
    },
  );

  it('reduces by a part: stop and target follow', () => {
    const script = new Script().enter(1);
    const { lots } = script.position.holding;
    script.take(script.fillEvent(-1, 1000, PRICE, { cause: 'adl' }));
    expect(script.live('stop').sizeLots).toBe(lots - 1000);
    expect(script.live('target').sizeLots + script.live('partial').sizeLots).toBe(lots - 1000);
  });

  it('turns the position round: the rest of it is another position, with a name of its own', () => {
    const script = new Script().enter(1);
    const { lots } = script.position.holding;
    script.take(script.fillEvent(-1, lots + 300, PRICE));
    expect(script.position).toMatchObject({ number: 2, holding: { side: -1, lots: 300 } });
    expect(script.live('stop').order).toMatchObject({ position: 2, side: 1, sizeLots: 300 });
  });
});

describe('a fill that comes after its position was closed', () => {
  it('of the entry opens another position: no name is used twice', () => {
    const script = new Script();
    script.signal(1);
    const entry = script.live('entry');
    script.fillOrder(entry, { lots: 500 });
    script.cancellations = 'nothing';
    script.price(PRICE - 75);
    script.fill('stop');
    script.cancellations = 'done';
    script.book.clear();
    script.price(PRICE);
    script.take(script.fillEvent(1, 200, PRICE, { clientId: entry.order.clientId }));
    expect(script.position).toMatchObject({ number: 2, holding: { lots: 200 }, entryLots: 200 });
    expect(script.live('stop').order.position).toBe(2);
  });

  it('of a rung opens one without rungs and base', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const rung = script.live('rung');
    script.cancellations = 'nothing';
    script.fill('stop');
    script.cancellations = 'done';
    script.book.clear();
    script.take(script.fillEvent(1, 200, PRICE, { clientId: rung.order.clientId }));
    expect(script.position).toMatchObject({ number: 2, rungs: [], baseUnits: 0 });
    expect(script.live('stop').sizeLots).toBe(200);
  });

  it('is nothing of another that is open meanwhile: a rung was added by hand, a partial is no step of it', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const [rung, partial] = [script.live('rung').order, script.live('partial').order];
    script.fill('stop');
    script.wait(180_000);
    script.enter(1);
    script.take(script.fillEvent(1, 200, PRICE, { clientId: rung.clientId }));
    script.take(script.fillEvent(-1, 50, PRICE, { clientId: partial.clientId }));
    expect(script.position).toMatchObject({
      number: 2,
      rungs: [{ number: 1, clientId: undefined, coefficient: '0', filledLots: 200 }],
      partials: [],
    });
  });

  it('of an order that the table no longer knows is still ours by its name', () => {
    const script = new Script();
    const clientId = clientIdOf({ run: 'test', position: 7, role: 'entry', step: 0, attempt: 1, part: 0 });
    script.take(script.fillEvent(1, 500, PRICE, { clientId }));
    expect(script.position).toMatchObject({ number: 7, entryLots: 500 });
    script.fill('stop');
    script.wait(180_000);
    script.signal(1);
    expect(script.live('entry').order.position, 'the next has a name of its own').toBe(8);
    script.fill('entry');
    expect(script.position.number).toBe(8);
  });
});

describe('a share of an amount', () => {
  it('is exact, rounded as said, also where the product is past what a double holds', LAW, () => {
    const most = Number.MAX_SAFE_INTEGER;
    const met = { small: 0, large: 0, whole: 0 };
    const amounts = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -most, max: most }));
    const parts = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000_000_000 }));
    fc.assert(
      fc.property(amounts, parts, parts, (amount, a, b) => {
        const [part, all] = [Math.min(a, b), Math.max(a, b)];
        const product = BigInt(amount) * BigInt(part);
        const towardsZero = product / BigInt(all);
        const isWhole = towardsZero * BigInt(all) === product;
        const floored = towardsZero - (!isWhole && product < 0n ? 1n : 0n);
        expect(BigInt(timesOver(amount, part, all, 'floor'))).toBe(floored);
        expect(BigInt(timesOver(amount, part, all, 'ceil'))).toBe(isWhole ? floored : floored + 1n);
        met[product > BigInt(most) || product < -BigInt(most) ? 'large' : 'small'] += 1;
        if (isWhole) met.whole += 1;
      }),
      { numRuns: long(4000, 50_000) },
    );
    expect(Math.min(met.small, met.large), 'of either kind').toBeGreaterThan(1000);
    expect(met.whole, 'some without a rest').toBeGreaterThan(100);
  });
});

describe('a position is a fold of its fills', () => {
  const fills = fc.array(
    fc.record({
      side: fc.constantFrom<Side>(1, -1),
      lots: fc.integer({ min: 1, max: 5000 }),
      ticks: fc.integer({ min: 1, max: 200_000 }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it('Σ of all cash flows is the PnL, to the last unit', LAW, () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 200_000 }), (all, last) => {
        const holding: Holding = { lots: 0, side: 1, costUnits: 0 };
        let realised = 0n;
        let cash = 0n;
        for (const { side, lots, ticks } of all) {
          realised += BigInt(foldFill(holding, SCRIPT_SWAP, side, lots, ticks));
          cash -= BigInt(side) * BigInt(lots) * BigInt(ticks) * BigInt(SCRIPT_SWAP.moneyPerTickLot);
        }
        const signed = all.reduce((sum, { side, lots }) => sum + side * lots, 0);
        expect(holding.lots === 0 ? 0 : holding.side * holding.lots).toBe(signed);
        const worth = BigInt(signed) * BigInt(last) * BigInt(SCRIPT_SWAP.moneyPerTickLot);
        expect(realised + BigInt(unrealisedUnits(holding, SCRIPT_SWAP, last))).toBe(cash + worth);
      }),
      { numRuns: long(1000, 20_000) },
    );
  });

  it(
    'through the core: the balance is the start, plus gross, minus fees, plus funding, of the trades that closed',
    LAW,
    () => {
      fc.assert(
        fc.property(fills, fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 5 }), (all, fundings) => {
          const script = new Script({ balance: 100_000_000 });
          for (const { side, lots, ticks } of all) {
            script.take(script.fillEvent(side, lots, ticks));
            const open = script.symbol.position !== undefined;
            for (const amount of open ? fundings : []) {
              script.now += 1;
              const settled = { at: script.now, instId: SCRIPT_SWAP.instId, amount: money(BigInt(amount)) };
              script.take({ kind: 'funding-settled', ...settled });
            }
          }
          const open = script.symbol.position;
          if (open !== undefined) script.take(script.fillEvent(-open.holding.side as Side, open.holding.lots, 777));
          const trades = script.ofKind('position-closed');
          const net = trades.reduce(
            (sum, each) => sum + BigInt(each.grossUnits - each.feeUnits + each.fundingUnits),
            0n,
          );
          expect(script.registry.balance).toBe(10_000_000_000_000_000n + net);
        }),
        { numRuns: long(1000, 5_000) },
      );
    },
  );

  it('that costs more than can be counted to the last unit is an error, no rounding', () => {
    const holding: Holding = { lots: 0, side: 1, costUnits: 0 };
    const most = Math.floor(Number.MAX_SAFE_INTEGER / SCRIPT_SWAP.moneyPerTickLot / PRICE);
    foldFill(holding, SCRIPT_SWAP, 1, most, PRICE);
    expect(() => foldFill(holding, SCRIPT_SWAP, 1, most, PRICE)).toThrow('past the safe range');
  });

  it('a reduction is never booked better than it was: long and short round against us', LAW, () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Side>(1, -1),
        fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 200_000 })),
        fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 200_000 })),
        fc.integer({ min: 1, max: 200_000 }),
        (side, [lotsA, ticksA], [lotsB, ticksB], exit) => {
          const holding: Holding = { lots: 0, side, costUnits: 0 };
          foldFill(holding, SCRIPT_SWAP, side, lotsA, ticksA);
          foldFill(holding, SCRIPT_SWAP, side, lotsB, ticksB);
          const { lots, costUnits } = holding;
          const pnl = foldFill(holding, SCRIPT_SWAP, -side as Side, 1, exit);
          // exact: side × (exit value × lots − cost) / lots
          const exactTimesLots =
            BigInt(side) * (BigInt(exit * SCRIPT_SWAP.moneyPerTickLot) * BigInt(lots) - BigInt(costUnits));
          const booked = BigInt(pnl) * BigInt(lots);
          expect(booked <= exactTimesLots).toBe(true);
          expect(exactTimesLots - booked < BigInt(lots)).toBe(true);
        },
      ),
      { numRuns: long(1000, 20_000) },
    );
  });
});
