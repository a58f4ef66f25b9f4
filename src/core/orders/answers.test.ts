/** The exchange's word on our orders, and what each leads to: no, late, never, or lost. Source: reliability.md ("No double orders" 3 and 4). */
import { describe, expect, it } from 'vitest';
import { type Answer, type BookedOrder, entering, PRICE, Script } from '../../../test/script.ts';
import { lots } from '../numbers/units.ts';
import { nextDeadlineMs } from '../registry.ts';
import { fold } from '../step.ts';
import type { OrderRole } from './order.ts';

function answering(role: OrderRole, answer: Answer, options: ConstructorParameters<typeof Script>[0] = {}): Script {
  const script = new Script(options);
  script.answers.set(role, answer);
  return script;
}

describe('an amendment that the exchange refuses', () => {
  it('leaves the entry as it stands, and is tried again with the next touch', () => {
    const { script, entry } = entering();
    script.amendments = 'refused';
    script.price(PRICE + 1);
    script.wait(2_500);
    expect(entry.ticks).toBe(PRICE);
    script.amendments = 'done';
    script.wait(2_500);
    expect(entry.ticks).toBe(PRICE + 1);
  });

  it.each(['target', 'partial'] as const)('replaces a %s: one is called back, one of the new size stands', (role) => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    script.amendments = 'refused';
    script.fill('entry', { lots: 100 });
    script.amendments = 'done';
    expect(script.live(role).order.attempt).toBe(2);
    expect(script.live('target').sizeLots + script.live('partial').sizeLots).toBe(1100);
    expect(script.registry.orders.size, 'entry, stop, partial, target').toBe(4);
  });

  it('replaces a stop without a gap: the new one is placed before the old one is gone', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const stop = script.live('stop');
    script.amendments = 'refused';
    const decided = script.fill('entry', { lots: 100 });
    const about = decided.filter(
      (decision) =>
        (decision.kind === 'place' && decision.order.role === 'stop') ||
        (decision.kind === 'cancel' && decision.clientId === stop.order.clientId),
    );
    expect(about.map(({ kind }) => kind)).toEqual(['place', 'cancel']);
    expect(script.live('stop')).toMatchObject({ sizeLots: 1100, order: { attempt: 2 } });
  });

  it('calls the old stop back once the new one is confirmed, however that is heard', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const old = script.live('stop');
    script.amendments = 'refused';
    script.answers.set('stop', 'unknown');
    script.fill('entry', { lots: 100 });
    expect(script.book.has(old.order.clientId), 'nobody has said that another one stands').toBe(true);
    const { clientId } = script.placed.findLast(({ role }) => role === 'stop') ?? old.order;
    script.take({ kind: 'order-standing', at: script.now, clientId, ticks: old.ticks, sizeLots: lots(1100) });
    expect(script.book.has(old.order.clientId)).toBe(false);
  });

  it('leaves the old stop standing where the exchange refuses the new one; the second refusal closes what it does not cover', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const old = script.live('stop').order.clientId;
    script.amendments = 'refused';
    script.cancellations = 'nothing';
    script.answers.set('stop', 'reject');
    const calledBack = (decided: ReturnType<Script['fill']>) =>
      script.ofKind('cancel', decided).some(({ clientId }) => clientId === old);
    expect(calledBack(script.fill('entry', { lots: 100 }))).toBe(false);
    expect(script.ofKind('alert').at(-1)).toMatchObject({ code: 'order-rejected' });
    expect(script.position.closing, 'the old one stands').toBeUndefined();
    script.cancellations = 'done';
    expect(calledBack(script.fill('entry', { lots: 100 }))).toBe(false);
    expect(script.position.closing).toBe('stop-not-standing');
    expect(script.has('stop'), 'until it is flat').toBe(true);
    script.fill('close');
    expect([script.symbol.position, script.has('stop')]).toEqual([undefined, false]);
  });

  it('leaves a stop of the whole position where it is, however often the exchange refuses to have it elsewhere', () => {
    const script = new Script().enter(1);
    const old = script.live('stop');
    script.amendments = 'refused';
    script.answers.set('stop', 'reject');
    for (let gain = 100; gain < 150; gain += 5) script.price(PRICE + gain);
    expect(script.ofKind('alert').filter(({ code }) => code === 'order-rejected').length).toBeGreaterThan(2);
    expect([script.live('stop'), script.position.closing]).toEqual([old, undefined]);
  });

  it.each([1, -1] as const)(
    'of side %i keeps a stop standing where the market is beyond its new place: the close goes out beside it',
    (side) => {
      const script = new Script({ exits: { trailing: undefined } as never }).enter(side);
      const stop = script.live('stop');
      script.amendments = 'nothing';
      script.price(PRICE + side * 98);
      expect(script.ofKind('amend').at(-1)).toMatchObject({ clientId: stop.order.clientId, because: 'breakeven' });
      script.price(PRICE + side * 2);
      const { now: at } = script;
      const { clientId } = stop.order;
      const decided = script.take({ kind: 'order-amended', at, clientId, done: false });
      expect(decided).toContainEqual(expect.objectContaining({ kind: 'place', because: 'stop' }));
      expect(decided.flatMap((each) => (each.kind === 'cancel' ? [each.clientId] : []))).not.toContain(clientId);
      expect(script.live('stop').order.clientId, 'the old one').toBe(clientId);
      script.fill('close');
      expect(script.registry.orders.size, 'nothing is left').toBe(0);
    },
  );
});

it('an amendment says what changes and nothing else: of a stop its trigger, of a target its size', () => {
  const { script } = entering();
  script.fill('entry', { lots: 1000 });
  const said = (role: 'stop' | 'target') => {
    const { clientId } = script.live(role).order;
    const last = script.ofKind('amend').findLast((each) => each.clientId === clientId);
    return [last?.priceTicks, last?.triggerTicks, last?.sizeLots];
  };
  script.fill('entry', { lots: 100 });
  expect(said('stop')).toEqual([undefined, undefined, 1100]);
  expect(said('target')).toEqual([undefined, undefined, 1100 - script.live('partial').sizeLots]);
  script.price(PRICE + 98);
  expect(said('stop')).toEqual([undefined, PRICE + 8, undefined]);
});

describe('a late answer', () => {
  it('to a stop: what the position needs meanwhile is asked for once it is confirmed', () => {
    const script = answering('stop', 'nothing');
    script.signal(1);
    script.fill('entry', { lots: 1000 });
    const stop = script.live('stop');
    script.fill('entry', { lots: 200 });
    expect(stop.sizeLots, 'nothing is amended that nobody confirmed').toBe(1000);
    script.take({ kind: 'order-accepted', at: script.now, clientId: stop.order.clientId });
    expect(stop.sizeLots).toBe(1200);
  });

  it('to an amendment: the newest wish is asked for, not every one between', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const stop = script.live('stop');
    script.amendments = 'nothing';
    script.fill('entry', { lots: 100 });
    script.fill('entry', { lots: 100 });
    script.fill('entry', { lots: 100 });
    const ofStop = () => script.ofKind('amend').filter(({ clientId }) => clientId === stop.order.clientId);
    expect(ofStop().map(({ sizeLots }) => sizeLots)).toEqual([1100]);
    script.amendments = 'done';
    stop.sizeLots = 1100;
    script.take({ kind: 'order-amended', at: script.now, clientId: stop.order.clientId, done: true });
    expect(ofStop().map(({ sizeLots }) => sizeLots)).toEqual([1100, 1300]);
  });

  it('to an amendment, told again, is no answer to the next one', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const { clientId } = script.live('stop').order;
    const known = () => {
      const open = script.registry.orders.get(clientId);
      return [open?.sizeLots, open?.amending];
    };
    script.amendments = 'nothing';
    script.fill('entry', { lots: 100 });
    const told = { kind: 'order-amended', at: script.now, clientId, done: true } as const;
    script.take(told);
    expect(known()).toEqual([1100, false]);
    script.now += 1_001;
    script.fill('entry', { lots: 100 });
    script.take(told);
    expect(known(), 'the exchange has said nothing of 1200 yet').toEqual([1100, true]);
    script.take({ ...told, at: script.now });
    expect(known()).toEqual([1200, false]);
  });

  it('to an amendment, told again within the second, is known by where the order stands with it', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const { clientId } = script.live('stop').order;
    const stop = () => script.registry.orders.get(clientId);
    script.amendments = 'nothing';
    script.fill('entry', { lots: 100 });
    const said = (sizeLots: number, stopTicks: number) =>
      ({
        kind: 'order-amended',
        at: script.now,
        clientId,
        done: true,
        stands: { ticks: stopTicks, sizeLots: lots(sizeLots) },
      }) as const;
    const first = said(1100, stop()?.ticksAsked ?? 0);
    script.take(first);
    script.fill('entry', { lots: 100 });
    script.take(first);
    expect([stop()?.sizeLots, stop()?.amending], 'the exchange has said nothing of 1200 yet').toEqual([1100, true]);
    script.take(said(1200, stop()?.ticksAsked ?? 0));
    expect([stop()?.sizeLots, stop()?.amending]).toEqual([1200, false]);
  });

  it('to a rung: additions are refused while its stop is not confirmed', () => {
    const script = answering('stop', 'nothing').enter(1);
    script.wait(60_000);
    expect(script.refusals(script.signal(1))).toEqual(['liquidation-too-near']);
  });
});

describe('no answer', () => {
  it('locks the symbol: an unknown entry counts as filled for the account and lets nothing else in', () => {
    const script = answering('entry', 'unknown');
    script.signal(1);
    expect(script.refusals(script.signal(1))).toEqual(['order-in-flight']);
    script.wait(60_000);
    expect(script.refusals(script.signal(1)), 'no counter ends it').toEqual(['order-in-flight']);
    expect(script.ofKind('cancel'), 'and it is not touched').toEqual([]);
  });

  it('does not ask for the same deadline for ever where an unknown order outlives its window', () => {
    const script = answering('entry', 'unknown');
    script.signal(1);
    script.wait(600_000);
    expect(nextDeadlineMs(script.registry)).toBeGreaterThan(script.now);
  });

  it('ends by proof of absence: the symbol is free, and the signal is not followed up after so long', () => {
    const script = answering('entry', 'unknown');
    script.signal(1);
    const { clientId, takenByMs } = script.live('entry').order;
    script.book.clear();
    script.take({ kind: 'order-absent', at: takenByMs, clientId });
    expect(script.symbol.working, 'it may still arrive: that proves nothing').toBeDefined();
    script.now = takenByMs + 1;
    script.price(PRICE);
    script.take({ kind: 'order-absent', at: script.now, clientId });
    expect(script.symbol.working).toBeUndefined();
    expect(script.placed).toHaveLength(1);
    script.answers.clear();
    expect(script.ofKind('place', script.signal(1))).toMatchObject([{ order: { attempt: 1, position: 2 } }]);
  });

  it('ends by a fill: the order lives', () => {
    const script = answering('entry', 'unknown');
    script.signal(1);
    script.fill('entry', { lots: 10 });
    expect(script.registry.orders.get(script.live('entry').order.clientId)?.state).toBe('live');
    expect(script.position.holding.lots).toBe(10);
  });

  it('to a stop: it is neither trusted nor replaced; once it stands it has the position’s size', () => {
    const script = answering('stop', 'unknown').enter(1);
    const stop = script.live('stop');
    script.wait(60_000);
    expect(script.refusals(script.signal(1))).toEqual(['liquidation-too-near']);
    script.take(script.fillEvent(1, 100, PRICE));
    const standing = {
      at: script.now,
      clientId: stop.order.clientId,
      ticks: stop.ticks,
      sizeLots: lots(stop.sizeLots),
    };
    script.take({ kind: 'order-standing', ...standing });
    expect(stop.sizeLots).toBe(script.position.holding.lots);
    expect(script.placed.filter(({ role }) => role === 'stop')).toHaveLength(1);
  });

  it('to a cancellation: an order that was called back and still stands is called back again', () => {
    const { script, entry } = entering();
    script.cancellations = 'nothing';
    script.operator({ do: 'pause', by: 'a person' });
    const { clientId } = entry.order;
    script.take({ kind: 'order-unknown', at: script.now, clientId, reason: 'time-out' });
    script.cancellations = 'done';
    const standing = { at: script.now, clientId, ticks: entry.ticks, sizeLots: lots(entry.sizeLots) };
    script.take({ kind: 'order-standing', ...standing });
    expect(script.registry.orders.size).toBe(0);
    expect(script.symbol.working).toBeUndefined();
  });

  it('to the entry when it is called back: it is called back again as soon as it is seen to stand', () => {
    const script = answering('entry', 'unknown');
    script.signal(1);
    const entry = script.live('entry');
    script.cancellations = 'nothing';
    script.operator({ do: 'halt', by: 'a person' });
    script.cancellations = 'done';
    const standing = {
      at: script.now,
      clientId: entry.order.clientId,
      ticks: entry.ticks,
      sizeLots: lots(entry.sizeLots),
    };
    script.take({ kind: 'order-standing', ...standing });
    expect(script.book.size).toBe(0);
    expect(script.registry.orders.size).toBe(0);
  });

  describe('to an amendment', () => {
    /** A stop that is to become smaller, and nobody says whether it did. */
    function unheard(): { script: Script; stop: BookedOrder; stands: (sizeLots: number) => void } {
      const script = new Script().enter(1);
      const stop = script.live('stop');
      script.amendments = 'nothing';
      script.take(script.fillEvent(-1, 100, PRICE));
      const { clientId } = stop.order;
      script.take({ kind: 'order-unknown', at: script.now, clientId, reason: 'time-out' });
      script.amendments = 'done';
      const stands = (sizeLots: number) =>
        void script.take({
          kind: 'order-standing',
          at: script.now,
          clientId,
          ticks: stop.ticks,
          sizeLots: lots(sizeLots),
        });
      return { script, stop, stands };
    }

    it('is asked for again where the order still stands as it was', () => {
      const { script, stop, stands } = unheard();
      stands(stop.sizeLots);
      expect(stop.sizeLots).toBe(script.position.holding.lots);
    });

    it('is followed by the next wish where it took hold', () => {
      const { script, stop, stands } = unheard();
      stands(script.position.holding.lots);
      script.take(script.fillEvent(-1, 100, PRICE));
      expect(stop.sizeLots).toBe(script.position.holding.lots);
    });
  });

  it('to a stop, and then proof that it never was: the rung that is on its way goes on', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const { clientId, takenByMs } = script.live('stop').order;
    script.now = takenByMs + 1;
    script.take({ kind: 'order-absent', at: script.now, clientId });
    expect(script.symbol.working).toMatchObject({ purpose: 'rung', ending: undefined });
    expect([...script.book.values()].filter(({ order }) => order.role === 'stop' && order.attempt === 2)).toHaveLength(
      1,
    );
  });

  it('to an old stop does not make it the stop: the newest is sized', () => {
    const { script } = entering();
    script.fill('entry', { lots: 1000 });
    const old = script.live('stop');
    script.amendments = 'refused';
    script.cancellations = 'nothing';
    script.fill('entry', { lots: 100 });
    script.take({ kind: 'order-unknown', at: script.now, clientId: old.order.clientId, reason: 'time-out' });
    script.amendments = 'done';
    script.fill('entry', { lots: 100 });
    const newest = [...script.book.values()].find(({ order }) => order.role === 'stop' && order.attempt === 2);
    expect(newest?.sizeLots).toBe(1200);
  });
});

describe('an order that the exchange rejects', () => {
  it('as an entry leaves us sure of what is open; as an exit it does not', () => {
    const entry = answering('entry', 'reject');
    entry.signal(1);
    expect(entry.registry.ready).toBe(true);
    const exit = answering('target', 'reject').enter(1);
    expect(exit.registry.ready).toBe(false);
  });

  it('as an entry frees the symbol, and a person is told', () => {
    const script = answering('entry', 'reject');
    expect(script.ofKind('alert', script.signal(1))).toMatchObject([{ code: 'order-rejected' }]);
    expect(script.symbol.working).toBeUndefined();
    expect(script.registry.orders.size, 'it reserves nothing any more').toBe(0);
    expect(script.placed, 'and no other is sent in its place').toHaveLength(1);
  });

  it('as a stop closes the position: none stands without', () => {
    const script = answering('stop', 'reject').enter(1);
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'stop-not-standing' }]);
  });
});

describe.each([1, -1] as const)('stops of a position of side %i', (side) => {
  it('that take the place of one another, where the exchange amends none, may be as many as a trail makes', () => {
    const script = new Script().enter(side);
    script.amendments = 'refused';
    for (let gain = 100; gain < 400; gain += 5) script.price(PRICE + side * gain);
    expect(script.position.attempts.get('stop0')).toBeGreaterThan(40);
    expect(script.position.closing).toBeUndefined();
    expect(side * (script.live('stop').ticks - PRICE)).toBe(345);
  });

  it('that the exchange has ended twenty times close it', () => {
    const script = new Script().enter(side);
    script.amendments = 'refused';
    for (let gain = 100; gain < 200; gain += 5) script.price(PRICE + side * gain);
    for (let ended = 0; ended < 19; ended++) script.end('stop', 'by the exchange');
    expect([script.has('stop'), script.position.closing]).toEqual([true, undefined]);
    script.end('stop', 'by the exchange');
    expect([script.has('stop'), script.position.closing]).toEqual([false, 'stop-not-standing']);
  });
});

describe.each([1, -1] as const)('what never left, of a position of side %i', (side) => {
  it('a stop is asked for anew, as often as it takes: nobody is told, and it counts as none that was lost', () => {
    const script = new Script();
    script.answers.set('stop', 'nothing');
    script.enter(side);
    for (let times = 0; times < 30; times++) script.end('stop', 'not-sent');
    expect([script.live('stop').order.attempt, script.position.closing]).toEqual([31, undefined]);
    expect(script.ofKind('alert')).toEqual([]);
  });

  it('an amendment of a stop is asked for anew, for what is open by then', () => {
    const script = new Script();
    script.signal(side);
    script.fill('entry', { lots: 1000 });
    const { clientId } = script.live('stop').order;
    script.amendments = 'nothing';
    script.fill('entry', { lots: 100 });
    script.fill('entry', { lots: 50 });
    const notSent = { kind: 'order-amended', clientId, done: false, code: 'not-sent' } as const;
    const asked = script.ofKind('amend').filter((each) => each.clientId === clientId);
    expect(asked.map(({ sizeLots }) => sizeLots)).toEqual([1100]);
    const told = script.take({ ...notSent, at: script.now });
    expect(script.ofKind('amend', told)).toMatchObject([{ clientId, sizeLots: 1150, because: 'it stands as it was' }]);
    expect(script.ofKind('place', told)).toEqual([]);
  });
});

describe.each(['target', 'partial'] as const)('a %s', (role) => {
  it('that is rejected, or that the exchange ends, closes nothing and is no lost stop', () => {
    const rejected = new Script();
    rejected.answers.set(role, 'reject');
    rejected.enter(1);
    const ended = new Script().enter(1);
    ended.end(role);
    for (const script of [rejected, ended]) {
      expect([script.has('close'), script.position.closing]).toEqual([false, undefined]);
      expect(script.ofKind('alert').map(({ code }) => code)).not.toContain('stop-lost');
    }
  });

  it('that stands where nobody has asked for it is brought back', () => {
    for (const moved of [1, -1]) {
      const script = new Script().enter(1);
      const { order, ticks, sizeLots } = script.live(role);
      const stands = { ticks: ticks + moved, sizeLots: lots(sizeLots) };
      const told = script.take({ kind: 'order-standing', at: script.now, clientId: order.clientId, ...stands });
      const moves = script.ofKind('amend', told).filter(({ clientId }) => clientId === order.clientId);
      expect(moves).toMatchObject([{ priceTicks: ticks, triggerTicks: undefined, sizeLots: undefined }]);
    }
  });
});

describe('an order whose window is over', () => {
  const late = (role: 'entry' | 'rung', more: { readonly waitMs?: number } = {}) => {
    const script = new Script();
    if (role === 'rung') script.enter(1).wait(60_000);
    script.signal(1);
    const order = script.live(role);
    script.cancellations = 'nothing';
    script.wait(script.policy.execution.makerWindowMs + (more.waitMs ?? 0));
    script.book.delete(order.order.clientId);
    return { script, ended: script.ended(order) };
  };

  it.each([
    ['entry', 'entry'],
    ['rung', 'addition'],
  ] as const)('is followed up to a minute later, as an %s, and refused after that', (role, what) => {
    const inTime = late(role, { waitMs: 60_000 });
    inTime.script.take(inTime.ended);
    expect(inTime.script.live(role).order.terms.type).toBe('market');
    const tooLate = late(role, { waitMs: 60_001 });
    expect(tooLate.script.ofKind('refused', tooLate.script.take(tooLate.ended))).toMatchObject([
      { what, code: 'price-stale' },
    ]);
  });

  it('is followed by nothing where somebody has opened the position meanwhile', () => {
    const { script, ended } = late('entry');
    script.take(script.fillEvent(1, 100, PRICE));
    expect(script.ofKind('place', script.take(ended))).toEqual([]);
  });

  it('is followed by nothing in the past: what followed is known from its rows', () => {
    const { script, ended } = late('entry');
    fold(script.registry, ended);
    expect([script.registry.decisions, script.symbol.working]).toEqual([[], undefined]);
  });
});

it('a rung that an opposite signal calls back makes room for a close that waits as maker first', () => {
  const script = new Script().enter(1);
  script.wait(60_000);
  script.signal(1);
  expect(script.has('rung')).toBe(true);
  script.signal(-1);
  expect([script.has('rung'), script.live('close').order.terms]).toMatchObject([
    false,
    { type: 'limit', postOnly: true },
  ]);
});

it('what is called back is called back once, however often it is wanted back', () => {
  const script = new Script();
  script.signal(1);
  script.cancellations = 'nothing';
  for (let i = 0; i < 2; i++) script.operator({ do: 'flatten', by: 'a person' });
  expect(script.ofKind('cancel')).toHaveLength(1);
});
