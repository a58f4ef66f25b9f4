/** The loop: what is written before what, what waits, what a failure stops. The core is real, exchange and journal are spies. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../test/script.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent, Filled, LostBecause } from '../core/event.ts';
import { money, type Side, ticks } from '../core/numbers/units.ts';
import { SimClock } from '../sim/clock.ts';
import { BacklogError } from './backlog.ts';
import { LOOP_LIMITS, Loop, type LoopLimits } from './loop.ts';
import type { Exchange, Journal } from './ports.ts';

const { instId } = SCRIPT_SWAP;

/** A loop over a scripted registry; `did` is everything that it did, in order. */
class Spied {
  readonly did: string[] = [];
  readonly failures: unknown[] = [];
  readonly warnings: unknown[] = [];
  readonly script = new Script();
  readonly clock: SimClock;
  readonly loop: Loop;
  commitFails = false;
  appendFails = false;
  witnessFails = false;
  warningFails = false;
  rows = 0;
  /** Events as the journal got them. */
  readonly heard: CoreEvent[] = [];
  snapshots: number[] = [];
  /** What had been done last when each checkpoint was made. */
  checkpointsAfter: (string | undefined)[] = [];

  constructor(
    options: { readonly limits?: Partial<LoopLimits>; readonly rows?: number; readonly clockMs?: number } = {},
  ) {
    this.rows = options.rows ?? 0;
    const { registry } = this.script;
    this.clock = new SimClock(options.clockMs ?? registry.now);
    this.loop = new Loop({
      registry,
      exchange: this.#exchange(),
      journal: this.#journal(),
      clock: this.clock,
      limits: { ...LOOP_LIMITS, ...options.limits },
      witness: { thought: () => this.#look(), warn: (error) => this.#warn(error) },
      failed: (error) => this.failures.push(error),
    });
    this.did.length = 0;
  }

  get now(): number {
    return this.script.registry.now;
  }

  /** Why the exchange was lost, each time. */
  get lost(): (LostBecause | undefined)[] {
    return this.heard.flatMap((event) => (event.kind === 'exchange-lost' ? [event.because] : []));
  }

  signal(side: Side): CoreEvent {
    const { strength, source } = { strength: 1, source: 'test' };
    return { kind: 'signal', at: this.now, instId, side, strength, priceTicks: ticks(PRICE), source, reasons: [] };
  }

  price(markTicks: number, at = this.now): CoreEvent {
    const price = ticks(markTicks);
    return { kind: 'price', at, instId, markTicks: price, bidTicks: price, askTicks: price };
  }

  /** The clock goes on; whatever wanted to be woken is. */
  wait(ms: number): void {
    this.clock.advanceTo(this.clock.nowMs() + ms);
  }

  #warn(error: unknown): void {
    if (this.warningFails) throw new Error('nobody can be told');
    this.warnings.push(error);
  }

  #look(): void {
    if (this.witnessFails) throw new Error('the witness fell over');
  }

  #journal(): Journal {
    const lastSeq = () => this.rows;
    return {
      append: (kind, _, payload) => {
        if (this.appendFails) throw new Error('the disk is gone');
        this.rows += 1;
        if (kind === 'event') this.heard.push(payload as CoreEvent);
        const decisions = kind === 'decision' ? (payload as { decisions: Decision[] }).decisions : [];
        this.did.push(
          kind === 'event' ? `event ${(payload as CoreEvent).kind}` : `decision ${decisions.map(named).join(' ')}`,
        );
        return this.rows;
      },
      commit: () => {
        if (this.commitFails) throw new Error('the disk is full');
        this.did.push('commit');
      },
      snapshot: (seq) => {
        this.snapshots.push(seq);
        this.did.push(`snapshot ${seq}`);
      },
      checkpoint: () => void this.checkpointsAfter.push(this.did.at(-1)),
      archive: () => void this.did.push('archive'),
      get lastSeq() {
        return lastSeq();
      },
    };
  }

  #exchange(): Exchange {
    const say = (what: string) => void this.did.push(what);
    return {
      place: ({ role }) => say(`place ${role}`),
      cancel: () => say('cancel'),
      amend: () => say('amend'),
      setLeverage: () => say('set leverage'),
      inquire: ({ role }) => say(`inquire ${role}`),
      read: () => say('read'),
    };
  }
}

function named(decision: Decision): string {
  return decision.kind === 'place' ? `place ${decision.order.role}` : decision.kind;
}

describe('an event', () => {
  it('is a row before anybody thinks, its decision a row, both durable before anything is sent', () => {
    const spied = new Spied();
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.did).toEqual([
      'event signal',
      'decision set-leverage place entry',
      'commit',
      'set leverage',
      'place entry',
    ]);
  });

  it('that comes with others shares their commit; what they led to is sent in their order', () => {
    const spied = new Spied();
    spied.loop.hear(spied.price(PRICE));
    spied.loop.hear(spied.signal(1));
    spied.loop.hear({ kind: 'operator', at: spied.now, command: { do: 'halt', by: 'a person' } });
    spied.loop.drain();
    expect(spied.did).toEqual([
      'event price',
      'event signal',
      'decision set-leverage place entry',
      'event operator',
      'decision cancel',
      'commit',
      'set leverage',
      'place entry',
      'cancel',
    ]);
  });

  it('is not kept waiting by the journal’s housekeeping: that comes when the order is sent', () => {
    const spied = new Spied();
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.checkpointsAfter).toEqual(['place entry']);
  });

  it('waits for the loop to wake: nothing is thought inside the call that tells it', () => {
    const spied = new Spied();
    spied.loop.hear(spied.signal(1));
    expect([spied.did, spied.loop.waiting]).toEqual([[], 1]);
    spied.wait(0);
    expect(spied.loop.waiting).toBe(0);
    expect(spied.did).toContain('place entry');
  });

  it('is thought about in batches of the size that is allowed', () => {
    const spied = new Spied({ limits: { batchMax: 2 } });
    for (let n = 0; n < 5; n++) spied.loop.hear(spied.price(PRICE + n));
    spied.loop.drain();
    expect(spied.did.map((each) => (each === 'commit' ? '|' : '.')).join('')).toBe('..|..|.|');
  });

  it('does not mind a witness who throws and cannot be told so either', () => {
    const spied = new Spied();
    spied.witnessFails = true;
    spied.warningFails = true;
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.did).toContain('place entry');
    expect([spied.loop.state, spied.failures]).toEqual(['running', []]);
  });

  it('does not mind a witness that throws: it is told, and nothing changes', () => {
    const spied = new Spied();
    spied.witnessFails = true;
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.did).toContain('place entry');
    expect(spied.warnings).toHaveLength(1);
    expect(spied.loop.state).toBe('running');
  });
});

describe('a journal that fails', () => {
  it.each(['commitFails', 'appendFails'] as const)('(%s) sends nothing, is told once, and ends the loop', (how) => {
    const spied = new Spied();
    spied[how] = true;
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    spied[how] = false;
    spied.loop.hear(spied.signal(-1));
    spied.loop.drain();
    spied.wait(60_000);
    expect(
      spied.did.filter((each) => !/^(event|decision)/.test(each)),
      'not one byte left the bot',
    ).toEqual([]);
    expect([spied.failures.length, spied.loop.state, spied.loop.waiting]).toEqual([1, 'failed', 0]);
  });
});

describe('an event that is an hour ahead of all others', () => {
  const HOUR_MS = 3_600_000;
  function trading(): Spied {
    const spied = new Spied();
    spied.loop.hear(spied.price(PRICE));
    spied.loop.drain();
    spied.did.length = 0;
    return spied;
  }

  it('is not thought about: nothing is added before the exchange was read again, and prices go on', () => {
    const spied = trading();
    const { now } = spied;
    spied.loop.hear(spied.price(PRICE * 2, now + HOUR_MS));
    spied.loop.hear(spied.price(PRICE * 2, now + 3 * HOUR_MS));
    spied.loop.hear(spied.signal(1));
    spied.loop.hear(spied.price(PRICE + 1, now + 10));
    spied.loop.drain();
    expect(spied.lost, 'told once').toEqual([
      { code: 'time-ahead', event: 'price', saidAt: now + HOUR_MS, aheadMs: HOUR_MS },
    ]);
    expect(spied.did).not.toContain('place entry');
    expect(spied.script.symbol.markTicks).toBe(PRICE + 1);
    expect(spied.now).toBe(now + 10);
    expect(spied.script.registry.ready).toBe(false);
  });

  it('is booked all the same where it is a fill, as of now: nobody tells it again', () => {
    const spied = trading();
    const { now } = spied;
    spied.loop.hear({ ...spied.script.fillEvent(1, 500, PRICE), at: now + HOUR_MS });
    spied.loop.hear({ ...spied.script.fillEvent(1, 100, PRICE), at: now + HOUR_MS });
    spied.loop.drain();
    expect(spied.script.symbol.position?.holding.lots, 'the second confirms the first').toBe(600);
    expect(spied.lost).toHaveLength(1);
    expect(spied.did).toContain('place stop');
    const alone = trading();
    alone.loop.hear({ ...alone.script.fillEvent(1, 500, PRICE), at: alone.now + HOUR_MS });
    alone.loop.hear(alone.price(PRICE + 1, alone.now + 10));
    alone.loop.drain();
    expect(alone.script.symbol.position).toMatchObject({ holding: { lots: 500 }, openedAt: alone.now - 10 });
  });

  it('is heard all the same where it is how an instrument is from then on: nobody tells it again', () => {
    const spied = trading();
    const { now } = spied;
    spied.loop.hear({ kind: 'instrument', at: now + HOUR_MS, instId, stopped: 'suspend', changes: [] });
    spied.loop.hear(spied.price(PRICE + 1, now + 10));
    spied.loop.drain();
    expect(spied.script.symbol.untradable).toMatchObject({ facts: { state: 'suspend' } });
    expect([spied.lost.length, spied.now]).toEqual([1, now + 10]);
  });

  it('waits for its time where it is a settlement of funding, which is named by it, and is booked once', () => {
    const spied = trading();
    const { now } = spied;
    const { balance } = spied.script.registry;
    const settled: CoreEvent = { kind: 'funding-settled', at: now + HOUR_MS, instId, amount: money(7n) };
    spied.loop.hear(settled);
    spied.loop.hear(spied.price(PRICE + 1, now + 10));
    spied.loop.drain();
    expect(spied.script.registry.balance).toBe(balance);
    spied.loop.hear(spied.price(PRICE + 2, now + HOUR_MS));
    spied.loop.hear(spied.price(PRICE + 3, now + HOUR_MS + 100));
    spied.loop.drain();
    expect(spied.script.registry.balance, 'nobody has to tell it again').toBe(balance + 7n);
    spied.loop.hear(spied.price(PRICE + 4, now + HOUR_MS + 200));
    spied.loop.drain();
    expect(spied.heard.filter(({ kind }) => kind === 'funding-settled')).toEqual([settled]);
    spied.loop.hear(settled);
    spied.loop.drain();
    expect(spied.script.registry.balance).toBe(balance + 7n);
  });

  it('counts once a second one says the same', () => {
    const spied = trading();
    const { now } = spied;
    spied.loop.hear(spied.price(PRICE + 1, now + HOUR_MS));
    spied.loop.hear(spied.price(PRICE + 2, now + HOUR_MS + 100));
    spied.loop.drain();
    expect(spied.now).toBe(now + HOUR_MS + 100);
    expect([spied.lost.length, spied.script.registry.ready], 'and the exchange is read first').toEqual([1, false]);
  });

  it('is obeyed at once where a person says it', () => {
    const spied = trading();
    const { now } = spied;
    spied.loop.hear({ kind: 'operator', at: now + HOUR_MS, command: { do: 'pause', by: 'a person' } });
    spied.loop.drain();
    expect(spied.script.registry.halt).toMatchObject({ kind: 'pause' });
    expect(spied.now).toBe(now);
  });
});

describe('a queue that is full', () => {
  it('gives up the older price of the symbol, and keeps the newest', () => {
    const spied = new Spied({ limits: { queueMax: 3 } });
    for (let n = 0; n < 50; n++) spied.loop.hear(spied.price(PRICE + n));
    expect(spied.loop.waiting).toBe(3);
    spied.loop.drain();
    expect(spied.script.symbol.markTicks).toBe(PRICE + 49);
    expect(spied.script.registry.ready).toBe(true);
  });

  it('gives up a price for anything else', () => {
    const spied = new Spied({ limits: { queueMax: 3 } });
    for (let n = 0; n < 3; n++) spied.loop.hear(spied.price(PRICE + n));
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.did).toContain('place entry');
  });

  const fill = (spied: Spied, n: number): CoreEvent => ({
    ...spied.script.fillEvent(1, 1, PRICE, { tradeId: `flood${n}` }),
  });
  const settled = (spied: Spied, n: number): CoreEvent => ({
    kind: 'funding-settled',
    at: spied.now + n,
    instId,
    amount: money(1n),
  });

  it('of what cannot be given up has lost the world: it never grows, nothing is added, the exchange is read anew', () => {
    const spied = new Spied({ limits: { queueMax: 10 } });
    let most = 0;
    for (let n = 0; n < 1_000; n++) {
      spied.loop.hear({ kind: 'order-accepted', at: spied.now, clientId: `flood${n}` });
      most = Math.max(most, spied.loop.waiting);
    }
    expect(most).toBeLessThanOrEqual(10);
    spied.wait(0);
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.script.registry.ready).toBe(false);
    expect(spied.lost.at(-1)).toEqual({ code: 'events-dropped', events: 10 });
    expect(spied.did.filter((each) => each.startsWith('place entry'))).toEqual([]);
    spied.wait(LOOP_LIMITS.inquireEveryMs);
    expect(spied.did).toContain('read');
  });

  it('keeps what a person commanded', () => {
    const spied = new Spied({ limits: { queueMax: 5 } });
    spied.loop.hear({ kind: 'operator', at: spied.now, command: { do: 'halt', by: 'a person' } });
    for (let n = 0; n < 20; n++) spied.loop.hear({ kind: 'order-accepted', at: spied.now, clientId: `flood${n}` });
    spied.loop.drain();
    expect(spied.script.registry.halt?.by).toBe('a person');
  });

  it('keeps every fill and funding, each once however often it is told: nobody tells it again', () => {
    const spied = new Spied({ limits: { queueMax: 10 } });
    const { balance } = spied.script.registry;
    spied.loop.hear(fill(spied, 1));
    spied.loop.hear(settled(spied, 1));
    let most = 0;
    for (let n = 0; n < 500; n++) {
      spied.loop.hear(n % 2 === 0 ? fill(spied, 1 + (n % 3)) : settled(spied, 1 + (n % 2)));
      spied.loop.hear({ kind: 'order-accepted', at: spied.now, clientId: `flood${n}` });
      most = Math.max(most, spied.loop.waiting);
    }
    expect(most).toBeLessThanOrEqual(10);
    spied.loop.drain();
    expect(spied.script.symbol.position?.holding.lots, 'three fills of a lot each').toBe(3);
    const fees = 3n * (spied.script.fillEvent(1, 1, PRICE) as Filled).fee;
    expect(spied.script.registry.balance, 'and two settlements').toBe(balance - fees + 2n);
    expect(spied.script.registry.ready).toBe(false);
  });

  it('keeps closed minutes, and the last word on an instrument and on maintenance: nobody tells them again', () => {
    const spied = new Spied({ limits: { queueMax: 20 } });
    const { series } = spied.script.symbol;
    const firstMinute = Math.floor(spied.now / 60_000);
    for (let n = 0; n < 4; n++) {
      const openMinute = firstMinute + n;
      const prices = { openTicks: PRICE, highTicks: PRICE, lowTicks: PRICE, closeTicks: PRICE, volumeLots: 1 };
      spied.loop.hear({ kind: 'candle-closed', at: spied.now, instId, openMinute, ...prices });
      spied.loop.hear({ kind: 'instrument', at: spied.now, instId, stopped: `word ${n}`, changes: [] });
      spied.loop.hear({ kind: 'maintenance', at: spied.now, windows: [] });
      const window = { title: `${n}`, service: '', state: 'running', stopsTrading: true } as const;
      spied.loop.hear({ kind: 'maintenance', at: spied.now, windows: [window] });
    }
    for (let n = 0; n < 100; n++) spied.loop.hear({ kind: 'order-accepted', at: spied.now, clientId: `flood${n}` });
    expect(spied.loop.waiting).toBeLessThanOrEqual(20);
    spied.loop.drain();
    expect(spied.heard[0]?.kind, 'before any minute could lead to an addition').toBe('exchange-lost');
    expect(series.openMinute).toBe(firstMinute + 3);
    expect(spied.heard.filter(({ kind }) => kind === 'candle-closed').length, 'each of them').toBe(4);
    expect(spied.script.symbol.untradable?.facts).toEqual({ code: 'instrument-stopped', state: 'word 3' });
    expect(spied.script.registry.maintenance).toMatchObject([{ title: '3' }]);
  });

  it('of closed minutes alone keeps the newest, and goes on', () => {
    const spied = new Spied({ limits: { queueMax: 20 } });
    const firstMinute = Math.floor(spied.now / 60_000);
    const prices = { openTicks: PRICE, highTicks: PRICE, lowTicks: PRICE, closeTicks: PRICE, volumeLots: 1 };
    let most = 0;
    for (let n = 0; n < 200; n++) {
      spied.loop.hear({ kind: 'candle-closed', at: spied.now, instId, openMinute: firstMinute + n, ...prices });
      most = Math.max(most, spied.loop.waiting);
    }
    expect([most <= 20, spied.loop.state]).toEqual([true, 'running']);
    spied.loop.drain();
    expect(spied.script.symbol.series.openMinute).toBe(firstMinute + 199);
  });

  it('of fills alone ends the loop before one is lost: who starts anew is told them again', () => {
    const spied = new Spied({ limits: { queueMax: 10 } });
    for (let n = 0; n < 1_000; n++) spied.loop.hear(fill(spied, n));
    expect(spied.loop.state).toBe('failed');
    expect(spied.failures).toEqual([new BacklogError(10)]);
    expect(spied.loop.waiting).toBe(0);
  });
});

describe('silence', () => {
  it('after a send is unknown, is asked for again and again, and never counts as a no', () => {
    const spied = new Spied({ limits: { answerMs: 3_000, inquireEveryMs: 2_000, readEveryMs: 1e9 } });
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    const [open] = spied.script.registry.orders.values();
    spied.wait(2_999);
    expect(open?.state).toBe('sent');
    spied.wait(1);
    expect(open?.state).toBe('unknown');
    expect(spied.heard.at(-1)).toMatchObject({ kind: 'order-unknown', silentMs: 3_000 });
    spied.wait(0);
    expect(spied.did.at(-1), 'a stop that never arrived must not wait longer').toBe('inquire entry');
    spied.wait(60_000);
    expect(spied.did.filter((each) => each === 'inquire entry').length).toBeGreaterThanOrEqual(29);
    expect(spied.script.registry.orders.has(open?.order.clientId ?? '')).toBe(true);
  });

  it('of while the exchange was lost is asked about as soon as it is read again, once', () => {
    const spied = new Spied({ limits: { answerMs: 3_000, inquireEveryMs: 2_000, readEveryMs: 1e9 } });
    const inquiries = () => spied.did.filter((each) => each === 'inquire entry').length;
    const nothing = { balance: money(0n), available: money(0n), positions: [], orders: [] };
    const read = () => {
      spied.loop.hear({ kind: 'exchange-read', at: spied.now, ...nothing });
      spied.loop.drain();
      spied.wait(0);
    };
    spied.loop.hear(spied.signal(1));
    spied.loop.hear({ kind: 'exchange-lost', at: spied.now, reason: 'test' });
    spied.wait(3_000);
    spied.wait(3_100);
    const before = inquiries();
    read();
    expect(inquiries()).toBe(before + 1);
    spied.wait(100);
    read();
    expect(inquiries()).toBe(before + 1);
  });

  it('of the exchange is ended by a reading at its time, and sooner while it is not known', () => {
    const spied = new Spied({ limits: { readEveryMs: 15_000, inquireEveryMs: 2_000 } });
    const readings = () => spied.did.filter((each) => each === 'read').length;
    spied.wait(60_000);
    expect(readings()).toBe(5);
    spied.loop.hear({ kind: 'exchange-lost', at: spied.now, reason: 'test' });
    spied.wait(20_000);
    expect(readings()).toBeGreaterThanOrEqual(14);
  });

  it('is what a reading means that a fill has overtaken: another one is asked for soon', () => {
    const spied = new Spied({ limits: { readEveryMs: 15_000, inquireEveryMs: 2_000 } });
    const readings = () => spied.did.filter((each) => each === 'read').length;
    const reads = (at: number) =>
      spied.loop.hear({
        kind: 'exchange-read',
        at,
        balance: money(0n),
        available: money(0n),
        positions: [],
        orders: [],
      });
    spied.wait(500);
    const at = spied.now;
    spied.loop.hear(spied.script.fillEvent(1, 100, PRICE));
    reads(at);
    spied.loop.drain();
    expect(spied.script.registry.readAt, 'it was not believed').toBeLessThan(at);
    const before = readings();
    spied.wait(2_000);
    expect(readings() - before).toBe(1);
    spied.wait(10_000);
    expect(readings() - before, 'the next one has its turn again').toBe(1);
  });
});

describe('a clock', () => {
  it.each([0, 3_600_000, -3_600_000])('that is %i ms off changes nothing', (offMs) => {
    const spied = new Spied({ clockMs: new Script().now + offMs, limits: { readEveryMs: 1e9 } });
    spied.loop.hear(spied.price(PRICE));
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    const before = spied.now;
    spied.wait(2_999);
    expect(spied.now - before, 'only the deadlines of the order were thought of').toBeLessThanOrEqual(3_000);
    const [open] = spied.script.registry.orders.values();
    expect(open?.state).toBe('sent');
    spied.wait(2);
    expect(open?.state).toBe('unknown');
  });
});

describe('a stop of the loop', () => {
  it('thinks what waits, saves the state, takes no more, and leaves the orders where they are', () => {
    const spied = new Spied();
    spied.loop.drain();
    spied.loop.hear(spied.signal(1));
    spied.loop.stop();
    expect(spied.did).toEqual([
      'event signal',
      'decision set-leverage place entry',
      'commit',
      'set leverage',
      'place entry',
      'snapshot 2',
      'commit',
    ]);
    spied.loop.hear(spied.signal(1));
    spied.did.length = 0;
    spied.wait(60_000);
    expect([spied.loop.state, spied.loop.waiting, spied.rows, spied.did]).toEqual(['stopped', 0, 2, []]);
  });

  it('of a journal that fails while the state is saved is a failure too', () => {
    const spied = new Spied();
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    spied.commitFails = true;
    spied.loop.stop();
    expect([spied.loop.state, spied.failures.length]).toEqual(['failed', 1]);
  });

  it('of a journal that fails then is a failure, not a stop', () => {
    const spied = new Spied();
    spied.commitFails = true;
    spied.loop.hear(spied.signal(1));
    spied.loop.stop();
    expect([spied.loop.state, spied.failures.length, spied.snapshots]).toEqual(['failed', 1, []]);
  });
});

describe('a loop on a journal with a past', () => {
  it('first hears that the exchange was lost: nothing is added, and what was sent is unknown', () => {
    const spied = new Spied({ rows: 100 });
    spied.loop.hear(spied.signal(1));
    spied.loop.drain();
    expect(spied.did.slice(0, 3)).toEqual(['event exchange-lost', 'event signal', 'decision refused']);
    expect(spied.lost).toEqual([{ code: 'not-running' }]);
  });
});

describe('snapshots', () => {
  it('are taken after so many rows, and are part of the next commit', () => {
    const spied = new Spied({ limits: { snapshotEveryRows: 10, batchMax: 1 } });
    for (let n = 0; n < 25; n++) spied.loop.hear(spied.price(PRICE + n));
    spied.loop.drain();
    expect(spied.snapshots).toEqual([10, 20]);
    const at = spied.did.indexOf('snapshot 10');
    expect(spied.did.slice(at + 1, at + 3), 'what is before it may leave the file').toEqual(['commit', 'archive']);
  });
});
