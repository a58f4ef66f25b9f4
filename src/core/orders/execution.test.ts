/** How orders get filled: maker first, closes, a person's commands, and a long random life. */
import { describe, expect, it } from 'vitest';
import { entering, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { closePosition } from '../exits/closing.ts';
import { decimal } from '../numbers/decimal.ts';
import { lots, money } from '../numbers/units.ts';
import { nextDeadlineMs } from '../registry.ts';

describe('maker first', () => {
  it('follows the touch at most three times in ten seconds, by amendment', () => {
    const { script, entry } = entering();
    const prices: number[] = [];
    for (let round = 1; round <= 4; round++) {
      script.price(PRICE + round, { bid: PRICE + round, ask: PRICE + round + 1 });
      script.wait(2_500);
      if (script.book.has(entry.order.clientId)) prices.push(entry.ticks - PRICE);
    }
    expect(prices).toEqual([1, 2, 3]);
    expect(script.ofKind('amend')).toHaveLength(3);
  });

  it('does not amend while the touch stands still', () => {
    const { script } = entering();
    script.wait(9_999);
    expect(script.ofKind('amend')).toEqual([]);
  });

  it('becomes a taker when the window is over and nothing was filled: judged again, under the attempt’s next number', () => {
    const { script, entry } = entering();
    script.wait(10_000);
    const { order } = script.live('entry');
    expect(order).toMatchObject({ position: entry.order.position, attempt: 2, terms: { type: 'market' } });
    expect(script.registry.orders.size).toBe(1);
  });

  it('becomes a taker as a rung too: the same rung, under the attempt’s next number', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    script.wait(10_000);
    expect(script.live('rung').order).toMatchObject({ step: 1, attempt: 2, terms: { type: 'market' } });
  });

  it('is judged again before it becomes a taker: what is refused then is not sent', () => {
    const { script } = entering();
    script.operator({ do: 'pause', by: 'a person' });
    expect(script.book.size).toBe(0);
    script.wait(20_000);
    expect(script.book.size).toBe(0);
  });

  it.each([
    ['entry', () => entering().script],
    [
      'rung',
      () => {
        const script = new Script().enter(1);
        Object.assign(script.position.exits, { timeLimitAt: Number.POSITIVE_INFINITY });
        script.wait(60_000);
        script.signal(1);
        return script;
      },
    ],
  ] as const)(
    'is not followed up as %s where its window was over long ago: the bot was not running, the signal is old',
    (role, sent) => {
      const script = sent();
      const { size } = script.registry.orders;
      script.now += 3 * 3_600_000;
      script.price(PRICE);
      expect(script.refusals(script.take({ kind: 'time', at: script.now }))).toEqual(['price-stale']);
      expect([script.has(role), script.symbol.working, script.registry.orders.size]).toEqual([
        false,
        undefined,
        size - 1,
      ]);
    },
  );

  it('asks for its leverage though that is the one known: somebody may have set another since the last life', () => {
    const { script } = entering();
    script.end('entry', 'cancelled');
    expect(script.symbol.leverage).toBe(5);
    expect(script.signal(1)).toMatchObject([{ kind: 'set-leverage', leverage: 5 }, { kind: 'place' }]);
    expect(script.ofKind('set-leverage', script.end('entry', 'it would have taken liquidity'))).toEqual([]);
  });

  it('lapses where the style is maker_only', () => {
    const { script } = entering({ execution: { entryStyle: 'maker_only' } });
    script.wait(10_000);
    expect(script.book.size).toBe(0);
    expect(script.symbol.working).toBeUndefined();
    expect(script.placed).toHaveLength(1);
  });

  it('is left out where the style is taker', () => {
    const { script, entry } = entering({ execution: { entryStyle: 'taker' } });
    expect(entry.order.terms).toEqual({ type: 'market' });
    expect(nextDeadlineMs(script.registry)).toBe(Number.POSITIVE_INFINITY);
  });

  it('becomes a taker where the exchange cancels the post-only order', () => {
    const { script } = entering();
    script.end('entry', 'it would have taken liquidity');
    expect(script.live('entry').order).toMatchObject({ attempt: 2, terms: { type: 'market' } });
  });

  it('becomes no taker where a person cancels it at the exchange', () => {
    const { script } = entering();
    script.end('entry', 'cancelled');
    expect([script.book.size, script.symbol.working]).toEqual([0, undefined]);
    expect(script.ofKind('place', script.signal(1)), 'the next signal asks anew').toHaveLength(1);
  });

  it('does not follow up a taker that the exchange ended: the next signal asks anew', () => {
    const { script } = entering();
    script.end('entry');
    script.end('entry', 'no liquidity');
    expect(script.book.size).toBe(0);
    expect(script.symbol.working).toBeUndefined();
    expect(script.ofKind('place', script.signal(1))).toHaveLength(1);
  });

  it('keeps what was filled when the window is over, and lets the rest lapse', () => {
    const { script, entry } = entering();
    script.fill('entry', { lots: 500 });
    script.wait(10_000);
    expect(script.has('entry')).toBe(false);
    expect(script.position).toMatchObject({ entryLots: 500 });
    expect(script.position.holding.lots).toBe(500);
    expect(script.position.baseUnits, 'the base is the filled value (D2)').toBe(500 * PRICE * 1000);
    expect(script.live('stop').sizeLots).toBe(500);
    expect(entry.order.attempt).toBe(1);
    expect(script.placed.filter(({ role }) => role === 'entry')).toHaveLength(1);
  });

  it('uses a rung up with any fill of it (D3): the next signal asks for the next rung', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    script.fill('rung', { lots: 1 });
    script.wait(10_000);
    expect(script.has('rung')).toBe(false);
    expect(script.position.rungs).toMatchObject([{ number: 1, filledLots: 1 }]);
    script.wait(60_000);
    script.signal(1);
    expect(script.live('rung').order).toMatchObject({ step: 2, attempt: 1 });
  });

  it('does not follow a rung that was filled in part (D3), though no interval would keep the next one away', () => {
    const script = new Script({ config: { position_scaling: { min_interval_seconds: 0 } } }).enter(1);
    script.wait(60_000);
    script.signal(1);
    script.fill('rung', { lots: 1 });
    const { length } = script.decisions;
    script.wait(10_000);
    expect(script.decisions.slice(length).map(({ kind }) => kind)).toEqual(['cancel']);
  });

  it('does not count a rung that lapsed without a fill: the same rung is asked for again, under another name', () => {
    const script = new Script({ execution: { entryStyle: 'maker_only' } }).enter(1);
    script.wait(60_000);
    script.signal(1);
    script.wait(10_000);
    expect(script.position.rungs).toEqual([]);
    script.signal(1);
    expect(script.live('rung').order).toMatchObject({ step: 1, attempt: 2 });
  });
});

describe('a close', () => {
  it('overtakes the rung that is on its way: the rung is called back, then the position closes', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    script.signal(-1);
    expect(script.has('rung')).toBe(false);
    expect(script.live('close').order).toMatchObject({ sizeLots: script.position.holding.lots });
  });

  it('takes in the fill that came before the rung could be called back', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const rung = script.live('rung');
    script.cancellations = 'nothing';
    script.signal(-1);
    expect(script.has('close'), 'one thing at a time').toBe(false);
    script.fillOrder(rung);
    expect(script.live('close').sizeLots).toBe(script.position.holding.lots);
    expect(script.position.holding.lots).toBe(script.position.entryLots + rung.sizeLots);
  });

  it('takes in a fill that is told after the end of its order', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const rung = script.live('rung');
    script.cancellations = 'nothing';
    script.signal(-1);
    script.cancellations = 'done';
    rung.filledLots = 300;
    script.book.delete(rung.order.clientId);
    script.take(script.ended(rung));
    expect(script.has('close'), 'a fill is still missing').toBe(false);
    script.take(script.fillEvent(1, 300, PRICE, { clientId: rung.order.clientId }));
    expect(script.live('close').sizeLots).toBe(script.position.entryLots + 300);
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ additions: 1 }]);
  });

  it('goes on where a late fill enlarged the position after it was sent', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    script.wait(10_000);
    script.signal(-1);
    script.take(script.fillEvent(1, 50, PRICE));
    const [closed] = script.ofKind('position-closed', script.fill('close'));
    expect(closed, 'lots are left').toBeUndefined();
    expect(script.live('close').sizeLots).toBe(50);
    expect(script.ofKind('position-closed', script.fill('close'))).toHaveLength(1);
  });

  it.each([
    ['opposite', 'limit', (script: Script) => script.signal(-1)],
    ['time', 'limit', (script: Script) => script.wait(15 * 60_000)],
    ['operator', 'market', (script: Script) => script.operator({ do: 'flatten', by: 'a person' })],
  ] as const)(
    'for the reason %s goes out as a %s order, and so does what a late fill adds to it',
    (reason, type, begin) => {
      const script = new Script().enter(1);
      begin(script);
      expect(script.position.closing).toBe(reason);
      expect(script.live('close').order.terms.type).toBe(type);
      script.take(script.fillEvent(1, 50, PRICE));
      script.fill('close');
      expect(script.live('close')).toMatchObject({ sizeLots: 50, order: { terms: { type } } });
    },
  );

  it('of the next position goes out once the one before it, still on its way, is refused', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'nothing');
    script.cancellations = 'nothing';
    script.operator({ do: 'flatten', by: 'a person' });
    const [early] = script.placed.filter(({ role }) => role === 'close');
    if (early === undefined) throw new Error('no close was sent');
    script.take(script.fillEvent(-1, early.sizeLots, PRICE));
    script.take(script.fillEvent(1, 70, PRICE));
    script.answers.clear();
    script.operator({ do: 'flatten', by: 'a person' });
    expect(
      script.placed.filter(({ role }) => role === 'close'),
      'one thing at a time',
    ).toEqual([early]);
    script.take({ kind: 'order-rejected', at: script.now, clientId: early.clientId, code: '51169', message: '' });
    const late = script.placed.filter(({ role }) => role === 'close').at(-1);
    expect(late).toMatchObject({ position: early.position + 1, sizeLots: 70 });
  });

  it('larger than the largest market order goes out piece by piece', () => {
    const script = new Script({ instruments: [{ ...SCRIPT_SWAP, lotsMaxMarketOrder: lots(1000) }] });
    script.take(script.fillEvent(1, 2500, PRICE));
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.live('close').sizeLots).toBe(1000);
    script.fill('close');
    script.fill('close');
    expect(script.live('close').sizeLots).toBe(500);
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'operator' }]);
  });

  it('in pieces leaves none that is below the smallest order', () => {
    const script = new Script({
      instruments: [{ ...SCRIPT_SWAP, lotsMin: lots(10), lotsMaxMarketOrder: lots(1_000) }],
    });
    script.take(script.fillEvent(1, 2_005, PRICE));
    script.operator({ do: 'flatten', by: 'a person' });
    const pieces: number[] = [];
    while (script.symbol.position !== undefined) {
      pieces.push(script.live('close').sizeLots);
      script.fill('close');
    }
    expect(pieces).toEqual([1_000, 995, 10]);
  });

  it('of which a part was filled has not failed where the exchange ends it: the rest goes at once', () => {
    const script = new Script().enter(1);
    script.operator({ do: 'flatten', by: 'a person' });
    script.fill('close', { lots: 10 });
    script.end('close');
    expect(script.position.closeFailures).toBe(0);
    expect(script.live('close').sizeLots).toBe(script.position.holding.lots);
  });

  it('that is patient is overtaken by an urgent one, and says why', () => {
    const script = new Script().enter(1);
    script.wait(15 * 60_000);
    expect(script.live('close').order.terms.type).toBe('limit');
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.position.closeFailures, 'what was called back has not failed').toBe(0);
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'operator' }]);
  });

  it('that is patient is not hurried by another patient one', () => {
    const script = new Script().enter(1);
    script.signal(-1);
    const { order } = script.live('close');
    script.wait(5_000);
    expect(script.ofKind('cancel', script.signal(-1))).toEqual([]);
    expect([script.live('close').order, script.position.closing]).toEqual([order, 'opposite']);
  });

  it('calls back target and partial, and leaves the stop', () => {
    const script = new Script().enter(1);
    script.signal(-1);
    expect([...script.book.values()].map(({ order }) => order.role).toSorted()).toEqual(['close', 'stop']);
  });

  it('that is overtaken by an urgent one is watched by nobody any more', () => {
    const script = new Script({ config: { limits: { liquidation_distance_multiple: 0 } } }).enter(1);
    script.wait(15 * 60_000);
    expect(script.symbol.watchBelowTicks, 'the liquidation guard').toBeGreaterThan(0);
    script.operator({ do: 'flatten', by: 'a person' });
    expect([script.symbol.watchBelowTicks, script.symbol.watchAboveTicks]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('at the market is left alone where a person wants it once more', () => {
    const script = new Script().enter(1);
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.operator({ do: 'flatten', by: 'a person' })).toEqual([]);
  });

  it('at the market is not called back by another urgent reason', () => {
    const script = new Script().enter(1);
    script.answers.set('stop', 'reject');
    script.end('stop');
    const { order } = script.live('close');
    expect(order.terms.type).toBe('market');
    script.operator({ do: 'flatten', by: 'another person' });
    expect(script.live('close').order).toBe(order);
    expect(script.position.closing).toBe('stop-not-standing');
    expect(script.placed.filter(({ role }) => role === 'close')).toHaveLength(1);
  });

  it('is urgent after a rung that was called back for a patient one, once a person flattens', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const rung = script.live('rung');
    script.cancellations = 'nothing';
    script.signal(-1);
    script.operator({ do: 'flatten', by: 'a person' });
    script.cancellations = 'done';
    script.book.delete(rung.order.clientId);
    script.take(script.ended(rung));
    expect(script.live('close').order.terms.type).toBe('market');
  });

  it('is tried again where the exchange refuses it: at once, then at growing distances; a person is told, and flatten tries anew', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'reject');
    script.operator({ do: 'flatten', by: 'a person' });
    const began = script.now;
    const closes = () => script.placed.filter(({ role }) => role === 'close').length;
    const triedAfterMs: number[] = [];
    for (let tried = closes(); script.now < began + 46_000; tried = closes()) {
      script.wait(250);
      if (closes() > tried) triedAfterMs.push(script.now - began);
    }
    expect(closes() - triedAfterMs.length, 'the first and one more at once').toBe(2);
    expect(triedAfterMs).toEqual([250, 750, 1_750, 3_750, 7_750, 15_750, 30_750, 45_750]);
    expect(script.ofKind('alert').filter(({ code }) => code === 'close-failed')).toHaveLength(1);
    expect(script.live('stop').sizeLots, 'the stop goes on standing').toBe(script.position.holding.lots);
    script.answers.clear();
    script.end('stop', 'lost');
    script.answers.set('stop', 'reject');
    script.end('stop', 'lost');
    expect(script.has('close'), 'a stop that cannot stand waits for it like everybody').toBe(false);
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.ofKind('position-closed', script.fill('close'))).toHaveLength(1);
  });

  it('that the exchange refuses for hours has a name for every attempt', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'reject');
    for (let round = 0; round < 1_010; round++) script.operator({ do: 'flatten', by: 'a person' });
    const closes = script.placed.filter(({ role }) => role === 'close');
    expect(closes).toHaveLength(2_020);
    const named = [999, 1_000, 2_000].map((at) => closes[at]).map((order) => [order?.step, order?.attempt]);
    expect(named).toEqual([
      [0, 1_000],
      [1, 1],
      [2, 1],
    ]);
    script.answers.clear();
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'operator' }]);
  });

  it('that is patient and that the exchange refuses goes out again at the market', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'reject');
    script.wait(16 * 60_000);
    const closes = script.placed.filter(({ role }) => role === 'close');
    expect(closes.slice(0, 3).map(({ terms }) => terms.type)).toEqual(['limit', 'market', 'market']);
  });

  it.each(['end-of-data', 'emergency-stop'] as const)(
    'that failed again and again is tried anew at once by %s',
    (reason) => {
      const script = new Script().enter(1);
      script.answers.set('close', 'reject');
      script.operator({ do: 'flatten', by: 'a person' });
      script.answers.clear();
      closePosition(script.registry, script.symbol, script.position, reason);
      expect(script.registry.decisions.at(-1)).toMatchObject({ kind: 'place', order: { role: 'close', attempt: 3 } });
    },
  );

  it('that the exchange ends again and again without a fill does not go on for ever', () => {
    const script = new Script().enter(1);
    script.operator({ do: 'flatten', by: 'a person' });
    for (let seconds = 0; seconds < 40; seconds++) {
      if (script.has('close')) script.end('close', 'no liquidity');
      expect(script.has('close'), 'the second try alone goes out at once').toBe(seconds === 0);
      if (seconds === 0) script.end('close', 'no liquidity');
      script.wait(1_000);
    }
    expect(script.placed.filter(({ role }) => role === 'close').length).toBeLessThan(11);
    expect(script.ofKind('alert').map(({ code }) => code)).toEqual(['close-failed']);
  });

  it('allows no rung while it is under way, whatever became of its order', () => {
    const script = new Script().enter(1);
    script.answers.set('close', 'reject');
    script.operator({ do: 'flatten', by: 'a person' });
    script.operator({ do: 'resume', by: 'a person' });
    script.wait(60_000);
    expect(script.symbol.working).toBeUndefined();
    expect(script.refusals(script.signal(1)), 'what may not be reduced may not be known').toEqual(['state-unknown']);
    script.registry.ready = true;
    expect(script.refusals(script.signal(1))).toEqual(['order-in-flight']);
  });
});

describe('a person', () => {
  it.each(['pause', 'halt'] as const)(
    '%ss: entries on their way are called back, positions keep their exits',
    (word) => {
      const script = new Script().enter(1);
      script.wait(60_000);
      script.signal(1);
      script.operator({ do: word, by: 'a person' });
      expect(script.has('rung')).toBe(false);
      expect(script.has('stop') && script.has('target')).toBe(true);
      expect(script.refusals(script.signal(1))).toEqual(['halted']);
      script.operator({ do: 'resume', by: 'a person' });
      expect(script.refusals(script.signal(1))).toEqual([]);
    },
  );

  it('flattens: what is open closes at the market, trading halts', () => {
    const script = new Script().enter(1);
    script.operator({ do: 'flatten', by: 'a person' });
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'operator' }]);
    script.wait(600_000);
    expect(script.refusals(script.signal(1))).toEqual(['halted']);
  });

  it('flattens an entry that was too late to be called back: what it filled closes too', () => {
    const { script, entry } = entering();
    script.cancellations = 'nothing';
    script.operator({ do: 'flatten', by: 'a person' });
    script.fillOrder(entry);
    expect(script.live('close')).toMatchObject({ sizeLots: entry.sizeLots, order: { terms: { type: 'market' } } });
  });

  it('flattens one symbol while its entry is called back at the end of its window: no taker follows', () => {
    const { script, entry } = entering();
    script.cancellations = 'nothing';
    script.wait(10_000);
    script.operator({ do: 'flatten', by: 'a person', instId: SCRIPT_SWAP.instId });
    script.book.delete(entry.order.clientId);
    expect(script.ofKind('place', script.take(script.ended(entry)))).toEqual([]);
    expect(script.symbol.working).toBeUndefined();
  });

  it('flattens one symbol: the others go on', () => {
    const other = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
    const script = new Script({ instruments: [SCRIPT_SWAP, other] }).enter(1);
    script.price(PRICE, { instId: other.instId });
    script.operator({ do: 'flatten', by: 'a person', instId: SCRIPT_SWAP.instId });
    expect(script.registry.halt).toBeUndefined();
    expect(script.refusals(script.signal(1, { instId: other.instId }))).toEqual([]);
  });
});

describe('at every moment of a long random life', () => {
  it('no order outlives its position, and money adds up', () => {
    const script = new Script({ limits: { dailyLossPercentMax: decimal(100) } });
    for (let trade = 0; trade < 30; trade++) {
      script.enter(trade % 2 === 0 ? 1 : -1);
      const { side } = script.position.holding;
      script.price(PRICE - side * 75);
      script.fill('stop');
      expect(script.book.size).toBe(0);
      script.wait(180_000);
      script.price(PRICE);
    }
    const trades = script.ofKind('position-closed');
    const net = trades.reduce((sum, trade) => sum + trade.grossUnits - trade.feeUnits + trade.fundingUnits, 0);
    expect(script.registry.balance).toBe(money(100_000_000_000n + BigInt(net)));
  });
});
