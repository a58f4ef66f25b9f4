/** The registry against readings of the exchange: what is believed, when, and what follows. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import type { ExchangeRead, OrderReading } from '../event.ts';
import { decimal } from '../numbers/decimal.ts';
import { lots, money, type Side } from '../numbers/units.ts';
import { clientIdOf } from '../orders/order.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';

const { instId } = SCRIPT_SWAP;

/** The account as the script's own book has it, but for what is said otherwise; newer than everything before it. */
function reading(script: Script, more: Partial<ExchangeRead> = {}): ExchangeRead {
  script.now += 2_000;
  if (script.symbol.pricedAt >= 0) script.price(script.symbol.markTicks);
  const { position } = script.symbol;
  return {
    kind: 'exchange-read',
    at: script.now,
    balance: script.registry.balance,
    available: script.registry.balance,
    positions:
      position === undefined
        ? []
        : [
            {
              instId,
              signedLots: position.holding.side * position.holding.lots,
              costUnits: position.holding.costUnits,
              leverage: position.leverage ?? 5,
            },
          ],
    orders: ordersOf(script),
    ...more,
  };
}

function ordersOf(script: Script): OrderReading[] {
  return [...script.book.values()].map(({ order, ticks, sizeLots }) => ({
    clientId: order.clientId,
    instId,
    reduceOnly: order.reduceOnly,
    stands: { ticks, sizeLots: lots(sizeLots) },
  }));
}

/** Lets what was sent be past its expiry: before that nothing is missing. */
function settled(script: Script): Script {
  script.wait(3_000);
  return script;
}

const alerts = (script: Script, decisions: readonly Decision[]) =>
  script.ofKind('alert', decisions).map(({ code }) => code);

describe('a reading', () => {
  it('that is told twice does not confirm itself', () => {
    const script = settled(new Script().enter(1));
    const differs = reading(script, { positions: [] });
    script.take(differs);
    script.take(differs);
    expect(script.symbol.position, 'one reading is no proof').toBeDefined();
    script.take(reading(script, { positions: [] }));
    expect(script.symbol.position).toBeUndefined();
  });

  describe('from an hour before our newest event', () => {
    const HOUR_MS = 3_600_000;

    it('is told once, adds nothing to what is known, and nothing is added before its time has come', () => {
      const script = settled(new Script().enter(1));
      const { position } = script.symbol;
      const early = reading(script, { positions: [], at: script.now - HOUR_MS });
      expect(alerts(script, script.take(early))).toEqual(['clock-differs']);
      expect(alerts(script, script.take({ ...early, at: early.at + 2_000 })), 'once').toEqual([]);
      expect([script.registry.ready, script.symbol.position]).toEqual([false, position]);
      expect(script.ofKind('place', script.signal(1))).toEqual([]);
      script.take(reading(script));
      expect(script.registry.ready, 'the time has come').toBe(true);
    });

    it('says both times', () => {
      const script = settled(new Script());
      const [alert] = script.ofKind('alert', script.take(reading(script, { at: script.now - HOUR_MS })));
      expect(alert?.message).toMatch(/time \(\d{13} UTC ms\) is 360\d s behind .* \(\d{13}\); nothing is added/);
    });

    it('and one that is only late is none', () => {
      const script = settled(new Script());
      script.take(reading(script));
      expect(alerts(script, script.take(reading(script, { at: script.now - 30_000 })))).toEqual([]);
      expect(script.registry.ready).toBe(true);
    });
  });

  it('that follows too soon on one with a difference confirms nothing: both may lack the same fill', () => {
    const script = settled(new Script().enter(1));
    const first = reading(script, { positions: [] });
    script.take(first);
    script.take({ ...first, at: first.at + 1_499 });
    expect(script.symbol.position, 'the list of fills may lag as long').toBeDefined();
    script.take({ ...first, at: first.at + 1_500 });
    expect(script.symbol.position).toBeUndefined();
  });

  it('that was overtaken by a newer one is none', () => {
    const script = settled(new Script().enter(1));
    const old = reading(script, { positions: [] });
    script.take(reading(script));
    script.take(old);
    script.take({ ...old, at: old.at + 1 });
    expect(script.registry.differences).toBeUndefined();
  });

  it('that is older than a fill we know says nothing: two of them take no position away', () => {
    const script = settled(new Script());
    const first = reading(script);
    const second = reading(script);
    script.now += 1_000;
    script.price(PRICE);
    script.enter(1);
    script.take(first);
    script.take(second);
    expect(script.position.holding.lots).toBeGreaterThan(0);
    expect(script.registry.differences).toBeUndefined();
  });

  it('brings no readiness while it is older than a fill', () => {
    const script = settled(new Script());
    const old = reading(script);
    script.now += 1_000;
    script.price(PRICE);
    script.enter(1);
    script.take({ kind: 'exchange-lost', at: script.now, reason: 'test' });
    script.take(old);
    expect(script.registry.ready).toBe(false);
    script.take(reading(script));
    expect(script.registry.ready).toBe(true);
  });

  it('of the very millisecond of a fill says nothing either', () => {
    const script = settled(new Script());
    const old = reading(script);
    script.enter(1);
    script.take(old);
    expect([script.registry.readAt < old.at, script.registry.differences]).toEqual([true, undefined]);
  });

  it.each([1, -1] as const)(
    'takes the exchange’s average where the same fills were told in another order (side %i), and explains itself',
    (side) => {
      const script = settled(new Script().enter(side));
      const { holding } = script.position;
      const moved = 12_345;
      const balance = money(script.registry.balance + BigInt(side * moved));
      const position = { instId, signedLots: side * holding.lots, costUnits: holding.costUnits + moved, leverage: 5 };
      const said = script.take(reading(script, { positions: [position], balance }));
      expect([alerts(script, said), script.symbol.unexplained]).toEqual([[], undefined]);
      expect([script.position.holding.costUnits, script.registry.balance]).toEqual([position.costUnits, balance]);
    },
  );

  it('of a flat symbol, or of one that is not ours to trade, differs from nothing', () => {
    const script = settled(new Script());
    const positions = [
      { instId, signedLots: 0, costUnits: 0, leverage: 5 },
      { instId: 'OTHER-USDT-SWAP', signedLots: 70, costUnits: 7_000_000, leverage: 3 },
    ];
    expect(script.take(reading(script, { positions }))).toEqual([]);
    expect(script.registry.ready).toBe(true);
  });

  it('takes a position away that nothing explains: nothing is added until a person resumes, and then as after a loss', () => {
    const script = settled(new Script().enter(1));
    script.take(reading(script, { positions: [] }));
    expect(alerts(script, script.take(reading(script, { positions: [] })))).toEqual(['position-differs']);
    expect(script.registry.ready).toBe(true);
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
    script.operator({ do: 'resume', by: 'a person' });
    expect(script.refusals(script.signal(1))).toEqual(['reentry-wait']);
    script.wait(script.policy.execution.reentry.afterLossMs);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('gives a position its cost where only that differs, the second time; nothing stays unexplained', () => {
    const script = settled(new Script().enter(1));
    const { holding } = script.position;
    const positions = [{ instId, signedLots: holding.lots, costUnits: holding.costUnits - 1_000_000, leverage: 5 }];
    const stop = script.live('stop').ticks;
    expect(script.take(reading(script, { positions }))).toEqual([]);
    expect(alerts(script, script.take(reading(script, { positions })))).toEqual(['position-differs']);
    expect(script.position.holding.costUnits).toBe(positions[0]?.costUnits);
    expect(script.live('stop').ticks, 'the stop follows the average, not away from the market').toBeGreaterThanOrEqual(
      stop - 1,
    );
    expect(script.symbol.unexplained).toBeUndefined();
  });

  it('is believed by the second time where the balance differs, and a person is told', () => {
    const script = settled(new Script());
    const balance = money(script.registry.balance - 101n);
    expect(script.take(reading(script, { balance }))).toEqual([]);
    expect(alerts(script, script.take(reading(script, { balance })))).toEqual(['balance-differs']);
    expect(script.registry.balance).toBe(balance);
  });

  it('says which profile holds: the next entry is judged by the balance that is, not by that of the last fill', () => {
    const script = settled(new Script({ balance: 1_400 }));
    const balance = money(200_000_000_000n);
    script.take(reading(script, { balance }));
    expect(script.registry.profile, 'one reading is no proof').toBe('small');
    script.take(reading(script, { balance }));
    expect(script.registry.profile).toBe('medium');
  });

  it('is the first under other thresholds: the profile that was saved is none any more', () => {
    const script = settled(new Script({ balance: 1_400 }));
    script.registry.profile = 'large';
    script.take(reading(script));
    expect(script.registry.profile).toBe('small');
  });
});

describe('an account that is another one at every reading', () => {
  /** Told so often in a row, a person hears of it. */
  const READINGS = 5;
  const restless = (script: Script, times: number, from = 1) =>
    Array.from({ length: times }, (_, i) =>
      alerts(script, script.take(reading(script, { balance: money(100_000_000_000n - 1_000n * BigInt(from + i)) }))),
    );

  it('is not known: nothing is added from the first reading on that differs', () => {
    const script = settled(new Script());
    restless(script, 1);
    expect(script.registry.ready).toBe(false);
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
  });

  it('is told to a person once, with what is there and what was believed, and that it is over', () => {
    const script = settled(new Script());
    expect(restless(script, READINGS - 1).flat(), 'two of them may still agree').toEqual([]);
    const [told] = script.ofKind('alert', script.take(reading(script, { balance: money(99_000_000_000n) })));
    expect(told).toMatchObject({
      code: 'account-unsettled',
      instId: undefined,
      message:
        'the last 5 readings of the exchange each said something else: the exchange reports a balance of 99000000000, the journal 100000000000 (10⁻⁸ USDT); nothing is added until two in a row agree',
      facts: {
        code: 'account-unsettled',
        readings: READINGS,
        difference: { code: 'balance-differs', balance: 99_000_000_000n, believed: 100_000_000_000n },
      },
    });
    expect(restless(script, 20).flat(), 'once').toEqual([]);
    const same = money(99_000_000_001n);
    script.take(reading(script, { balance: same }));
    expect(alerts(script, script.take(reading(script, { balance: same })))).toEqual([
      'balance-differs',
      'account-settled',
    ]);
    expect([script.registry.ready, script.registry.unsettled]).toEqual([true, undefined]);
    expect(restless(script, READINGS, 100).at(-1), 'another episode').toEqual(['account-unsettled']);
  });

  it('and becomes again what was believed is over, too', () => {
    const script = settled(new Script());
    restless(script, READINGS);
    expect(alerts(script, script.take(reading(script)))).toEqual(['account-settled']);
  });

  it('is not told to be over where nobody was told that it began', () => {
    const script = settled(new Script());
    restless(script, READINGS - 1);
    expect(alerts(script, script.take(reading(script)))).toEqual([]);
    expect(restless(script, READINGS - 1).flat(), 'the count begins anew').toEqual([]);
  });

  it('is so by its position as well: the symbol is named', () => {
    const script = settled(new Script().enter(1));
    const { lots: size, costUnits } = script.position.holding;
    const more = (extra: number) =>
      script.take(
        reading(script, {
          positions: [{ instId, signedLots: size + extra, costUnits: costUnits + extra, leverage: 5 }],
        }),
      );
    const [told] = [1, 2, 3, 4, 5].flatMap((extra) => script.ofKind('alert', more(extra)));
    expect(told).toMatchObject({
      code: 'account-unsettled',
      instId,
      facts: { difference: { code: 'position-differs', signedLots: size + 5, believedLots: size } },
    });
  });

  it('stays so over a restart: it is told once, not by every life', () => {
    const script = settled(new Script());
    restless(script, READINGS);
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    next.now = script.now;
    expect(restless(next, 10, 50).flat()).toEqual([]);
    expect(alerts(next, next.take(reading(next)))).toEqual(['account-settled']);
  });
});

describe.each([1, -1] as const)('a position of side %i that no fill explains', (side) => {
  const twice = (script: Script, size: number, priceTicks: number) => {
    const costUnits = size * priceTicks * SCRIPT_SWAP.moneyPerTickLot;
    const positions = [{ instId, signedLots: side * size, costUnits, leverage: 5 }];
    for (let round = 0; round < 2; round++) script.take(reading(script, { positions }));
    return costUnits;
  };

  it('is taken over with its size and cost, and the stop follows', () => {
    const script = settled(new Script().enter(side));
    const size = script.position.holding.lots + 500;
    const costUnits = twice(script, size, PRICE + 3);
    expect(script.position).toMatchObject({ holding: { side, lots: size, costUnits }, lotsMost: size });
    expect(script.live('stop').sizeLots).toBe(size);
    expect(script.position.rungs, 'an addition by hand counts as one rung').toMatchObject([
      { number: 1, clientId: undefined, filledLots: 500, valueUnits: 500 * (PRICE + 3) * SCRIPT_SWAP.moneyPerTickLot },
    ]);
    const enteredTickLots = size * PRICE + 500 * 3;
    expect(script.position).toMatchObject({ enteredLots: size, enteredTickLots, lastGrownAt: script.now });
  });

  it('and has shrunk counts no rung, and its stop stands no farther, though the loss that is allowed is shared by less', () => {
    const script = settled(
      new Script({
        config: { position_scaling: { base_size: { small: 700, medium: 1, large: 1 } } },
        limits: { lossPerPositionPercentMax: decimal('0.2') },
      }).enter(side),
    );
    const { ticks } = script.live('stop');
    const size = Math.floor(script.position.holding.lots / 2);
    twice(script, size, PRICE);
    expect(script.position.rungs).toEqual([]);
    expect(script.live('stop')).toMatchObject({ sizeLots: size, ticks });
  });

  it('and is of the other side is another position: orders of the one that we knew are called back, it gets a stop of its own side and no rungs', () => {
    const script = settled(new Script().enter(-side as Side));
    twice(script, 500, PRICE);
    expect(script.position).toMatchObject({ number: 2, holding: { side, lots: 500 }, baseUnits: 0, rungs: [] });
    const orders = [...script.book.values()].map(({ order, sizeLots }) => [order.position, order.side, sizeLots]);
    expect(orders.length, 'a stop and its targets').toBeGreaterThan(1);
    for (const [position, of] of orders) expect([position, of]).toEqual([2, -side]);
    const stop = script.live('stop');
    expect([stop.sizeLots, side * (PRICE - stop.ticks) > 0]).toEqual([500, true]);
  });

  it('and is of the other side while the one that we knew is closing is not closed with it', () => {
    const script = settled(new Script().enter(-side as Side));
    script.signal(side);
    expect(script.has('close')).toBe(true);
    twice(script, 500, PRICE);
    expect(script.has('close')).toBe(false);
    expect(script.position).toMatchObject({ number: 2, closing: undefined });
    expect(script.symbol.working).toBeUndefined();
  });

  it('is adopted where we have none: it gets a stop, and its trade tells the price at which it was entered', () => {
    const script = settled(new Script());
    twice(script, 500, PRICE + 3);
    expect(script.live('stop').sizeLots).toBe(500);
    const [closed] = script.ofKind('position-closed', script.fill('stop'));
    expect(closed).toMatchObject({ lotsMost: 500, averageTicks: PRICE + 3, additions: 0 });
  });

  it('is adopted though the balance is another one at every reading, and nothing is added meanwhile', () => {
    const script = settled(new Script());
    script.take({ kind: 'exchange-lost', at: script.now, reason: 'test' });
    const positions = [
      { instId, signedLots: side * 500, costUnits: 500 * PRICE * SCRIPT_SWAP.moneyPerTickLot, leverage: 5 },
    ];
    const { balance } = script.registry;
    script.take(reading(script, { positions, balance: money(balance - 1_000n) }));
    expect(script.symbol.position).toBeUndefined();
    script.take(reading(script, { positions, balance: money(balance - 2_000n) }));
    expect(script.live('stop').sizeLots).toBe(500);
    expect([script.registry.ready, script.registry.balance]).toEqual([false, balance]);
    script.take(reading(script, { positions, balance: money(balance - 2_000n) }));
    expect([script.registry.ready, script.registry.balance]).toEqual([true, balance - 2_000n]);
  });

  it('is adopted at an average between two ticks: its partial is judged, and told, like any other', () => {
    const script = settled(new Script({ traced: true }));
    const positions = (size: number, more: number) => [
      { instId, signedLots: side * size, costUnits: size * PRICE * SCRIPT_SWAP.moneyPerTickLot + more, leverage: 5 },
    ];
    for (const [size, more] of [
      [503, 7],
      [503, 7],
      [703, 11],
      [703, 11],
    ] as const)
      script.take(reading(script, { positions: positions(size, more) }));
    expect(script.position.holding.lots).toBe(703);
    expect(alerts(script, script.decisions)).not.toContain('reasoning-lost');
    expect(script.ofKind('place').find(({ order }) => order.role === 'partial')?.exit?.gates).toHaveLength(5);
  });

  it('is adopted before any price was seen, and leaves by its time limit at the market: there is no touch', () => {
    const script = settled(new Script());
    script.forgetPrices();
    twice(script, 500, PRICE);
    script.wait(3_600_000);
    expect(script.live('close')).toMatchObject({ sizeLots: 500, order: { terms: { type: 'market' } } });
  });

  it('is adopted before any price was seen with the costs around its own: breakeven would lose them', () => {
    const script = settled(new Script());
    script.forgetPrices();
    twice(script, 500, PRICE);
    const { feeRates, slippageBps, spreadTicks } = script.registry.policy.execution;
    const exit = feeRates.taker.approx + slippageBps.approx / 10_000 + spreadTicks / PRICE;
    const { exitShare, roundTripShare } = script.position.exits;
    expect(exitShare).toBeCloseTo(exit, 12);
    expect(roundTripShare).toBeCloseTo(exit + feeRates.maker.approx, 12);
  });
});

describe('the leverage that a reading says', () => {
  const withLeverage = (script: Script, leverage: number) => {
    const { lots: size, side, costUnits } = script.position.holding;
    return reading(script, { positions: [{ instId, signedLots: side * size, costUnits, leverage }] });
  };

  it('is the position’s; one that changed is told, once, and the liquidation guard follows it', () => {
    const script = settled(new Script({ config: { limits: { liquidation_distance_multiple: 0 } } }).enter(1));
    const { leverage } = script.position;
    const guard = script.symbol.watchBelowTicks;
    const [told] = script.ofKind('alert', script.take(withLeverage(script, 20)));
    expect(told).toMatchObject({ code: 'leverage-differs', message: expect.stringContaining(`20x`) });
    expect(told?.message).toContain(`it was ${leverage}x`);
    expect([script.position.leverage, script.symbol.leverage]).toEqual([20, 20]);
    expect(script.symbol.watchBelowTicks).toBeGreaterThan(guard);
    expect(alerts(script, script.take(withLeverage(script, 20)))).toEqual([]);
  });

  it('is no news where none was known', () => {
    const script = new Script();
    script.symbol.leverage = undefined;
    script.take(script.fillEvent(1, 1000, PRICE));
    settled(script);
    expect(alerts(script, script.take(withLeverage(script, 7)))).toEqual([]);
    expect(script.position.leverage).toBe(7);
  });
});

describe('an order that the exchange does not list', () => {
  it('is asked for: a stop whose end was never told protects nobody', () => {
    const script = settled(new Script().enter(1));
    const stop = script.live('stop');
    script.book.delete(stop.order.clientId);
    script.take(reading(script));
    expect(script.registry.orders.get(stop.order.clientId)?.state).toBe('unknown');
    script.take(script.ended(stop));
    expect(script.live('stop').order.attempt).toBe(2);
  });

  it('may be too young for it', () => {
    const script = settled(new Script().enter(1));
    const old = reading(script);
    script.wait(60_000);
    script.signal(1);
    script.take({ ...old, at: script.now });
    expect(script.registry.orders.get(script.live('rung').order.clientId)?.state).toBe('live');
  });
});

describe('an order that stands elsewhere than we believe', () => {
  const elsewhere = (script: Script, role: 'stop' | 'target', ticks: number, moreLots = 0) => {
    const booked = script.live(role);
    booked.ticks += ticks;
    booked.sizeLots += moreLots;
    script.take(reading(script));
    return booked.order.clientId;
  };
  const answered = (script: Script, clientId: string) => {
    const { ticks, sizeLots } = script.book.get(clientId) ?? { ticks: 0, sizeLots: 0 };
    return script.take({ kind: 'order-standing', at: script.now, clientId, ticks, sizeLots: lots(sizeLots) });
  };

  it('is asked for, and the answer brings it back to where it belongs', () => {
    const script = settled(new Script().enter(1));
    const before = script.live('stop').ticks;
    const stop = elsewhere(script, 'stop', -30);
    expect(script.registry.orders.get(stop)?.state, 'one word is no proof').toBe('unknown');
    expect(script.ofKind('amend', answered(script, stop))).toMatchObject([{ clientId: stop, triggerTicks: before }]);
  });

  it('and is a stop nearer to the market stays there', () => {
    const script = settled(new Script().enter(1));
    const stop = elsewhere(script, 'stop', 30);
    expect(script.ofKind('amend', answered(script, stop))).toEqual([]);
    expect(script.registry.orders.get(stop)).toMatchObject({ state: 'live', ticks: script.live('stop').ticks });
    script.take(reading(script));
    expect(script.registry.orders.get(stop)?.state).toBe('live');
  });

  it('by its size is asked for too, but not what of a target is beyond the position', () => {
    const script = settled(new Script().enter(1));
    expect(script.registry.orders.get(elsewhere(script, 'target', 0, -1))?.state, 'the exchange cuts it').toBe('live');
    expect(script.registry.orders.get(elsewhere(script, 'stop', 0, -1))?.state).toBe('unknown');
  });

  it('may have been amended just now: the reading may be older', () => {
    const script = settled(new Script().enter(1));
    const before = ordersOf(script);
    script.wait(60_000);
    script.signal(1);
    script.fill('rung');
    const stop = script.live('stop').order.clientId;
    script.take(reading(script, { orders: before }));
    expect(script.registry.orders.get(stop)?.state).toBe('live');
    script.now += 2_000;
    script.take(reading(script, { orders: before }));
    expect(script.registry.orders.get(stop)?.state, 'so old it is not').toBe('unknown');
  });
});

describe('an order that the journal does not know', () => {
  const ours = (run: string, role: 'rung' | 'stop') =>
    clientIdOf({ run, position: 9, role, step: role === 'rung' ? 1 : 0, attempt: 1, part: 0 });
  const twice = (script: Script, order: OrderReading) => [
    ...script.take(reading(script, { orders: [...ordersOf(script), order] })),
    ...script.take(reading(script, { orders: [...ordersOf(script), order] })),
  ];

  it('and nobody’s is told once, and keeps nothing from being ready', () => {
    const script = settled(new Script());
    const stranger = { clientId: '', instId, reduceOnly: false };
    expect(alerts(script, twice(script, stranger))).toEqual(['foreign-order']);
    expect(alerts(script, [...twice(script, stranger), ...twice(script, stranger)])).toEqual([]);
    expect(script.registry.ready).toBe(true);
    expect(alerts(script, script.take(reading(script)))).toEqual([]);
    expect(alerts(script, twice(script, stranger)), 'it went and came again').toEqual(['foreign-order']);
  });

  it.each(['test', 'old1'])('and ours of run %s is called back, as often as it takes', (run) => {
    const script = settled(new Script());
    const lost = { clientId: ours(run, 'rung'), instId, reduceOnly: false };
    for (let round = 0; round < 2; round++)
      expect(script.ofKind('cancel', twice(script, lost))).toMatchObject([{ clientId: lost.clientId }]);
  });

  it.each([
    ['', 'not placed by this bot'],
    ['somebody1', 'somebody1'],
  ])('is named to a person (“%s”)', (clientId, name) => {
    const script = settled(new Script());
    const [alert] = script.ofKind('alert', twice(script, { clientId, instId, reduceOnly: false }));
    expect(alert?.message).toBe(`the exchange holds an order of ${instId} that the journal does not know: ${name}`);
  });

  it('and is a stop of ours protects nothing where nothing is open: it is called back', () => {
    const script = settled(new Script());
    const lost = { clientId: ours('old1', 'stop'), instId, reduceOnly: true };
    expect(script.ofKind('cancel', twice(script, lost))).toMatchObject([{ clientId: lost.clientId }]);
  });

  it('and is a stop of ours stays until another one stands', () => {
    const script = new Script();
    script.answers.set('stop', 'unknown');
    settled(script.enter(1));
    const lost = { clientId: ours('old1', 'stop'), instId, reduceOnly: true };
    expect(script.ofKind('cancel', twice(script, lost))).toEqual([]);
    script.take({ kind: 'order-accepted', at: script.now, clientId: script.live('stop').order.clientId });
    expect(script.ofKind('cancel', twice(script, lost))).toMatchObject([{ clientId: lost.clientId }]);
  });
});

describe('what a position lacks', () => {
  it('is put back by a reading: a close that goes on being refused is tried at growing distances, then every 15 s, however often is read', () => {
    const script = settled(new Script().enter(1));
    script.answers.set('close', 'reject');
    const closes = () => script.placed.filter(({ role }) => role === 'close').length;
    script.operator({ do: 'flatten', by: 'a person' });
    const began = script.now;
    // Each reading is 2 s after the one before, and brings the time by itself.
    while (script.now < began + 180_000) script.take(reading(script));
    expect(closes(), 'at the first reading after each pause, which is 16 s after the one before').toBe(18);
    const told = script.ofKind('alert').map(({ code }) => code);
    expect(
      told.filter((code) => code === 'order-rejected'),
      'the same word is told once',
    ).toHaveLength(1);
    expect(
      told.filter((code) => code === 'close-failed'),
      'that it lasts about once a minute',
    ).toHaveLength(3);
    expect(script.live('stop').sizeLots, 'the stop goes on standing').toBe(script.position.holding.lots);
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    expect(next.position.closeRefusal, 'the next life knows of it').toEqual(script.position.closeRefusal);
    script.answers.clear();
    script.wait(15_000);
    script.take(reading(script));
    expect(script.live('close').order.terms.type).toBe('market');
  });
});

describe('what is told without a name, or twice', () => {
  it('a fill without a trade id is not booked: the exchange is read anew, where it has its name', () => {
    const script = new Script();
    script.signal(1);
    const { order } = script.live('entry');
    const fill = script.fillEvent(1, order.sizeLots, PRICE, { clientId: order.clientId });
    script.take({ ...fill, tradeId: '' });
    expect([script.symbol.position, script.registry.ready]).toEqual([undefined, false]);
    script.take(fill);
    expect(script.position.holding.lots).toBe(order.sizeLots);
  });

  it('a settlement of funding is booked once', () => {
    const script = new Script().enter(1);
    const before = script.registry.balance;
    const funding = { kind: 'funding-settled', at: script.now, instId, amount: money(-7n) } as const;
    script.take(funding);
    script.take(funding);
    expect(before - script.registry.balance).toBe(7n);
    script.take({ ...funding, at: script.now + 1 });
    expect(before - script.registry.balance).toBe(14n);
  });
});

describe('a journal that was lost', () => {
  it('is rebuilt from the client ids of the fills: base and rungs are known, and nothing is added until a person resumes', () => {
    const script = new Script();
    const id = (role: 'entry' | 'rung', step: number) =>
      clientIdOf({ run: 'old1', position: 7, role, step, attempt: 1, part: 0 });
    const fill = (size: number, clientId: string) => script.take(script.fillEvent(1, size, PRICE, { clientId }));
    fill(600, id('entry', 0));
    fill(400, id('entry', 0));
    fill(300, id('rung', 1));
    fill(400, id('rung', 1));
    fill(500, id('rung', 2));
    expect(script.position.rungs.map(({ filledLots }) => filledLots)).toEqual([700, 500]);
    expect([script.position.entryLots, script.position.holding.lots]).toEqual([lots(1_000), 2_200]);
    script.wait(60_000);
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
    script.operator({ do: 'resume', by: 'a person' });
    script.signal(1);
    expect(script.live('rung').order, 'under this run’s name').toMatchObject({ step: 3, attempt: 1 });
    expect(script.live('rung').order.clientId.slice(2, 6)).toBe('test');
  });
});
