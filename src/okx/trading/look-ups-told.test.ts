/** What a look at an order tells, and when what was found proves it. Source: reliability.md, "No double orders" 3 and 4. */
import { describe, expect, it } from 'vitest';
import { approvedOrder, BTC } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { DAY_MS } from '../../core/market/candle.ts';
import { ticks } from '../../core/numbers/units.ts';
import { faultOfCode } from '../door/faults.ts';
import type { Rest } from '../door/rest.ts';
import { endpoints } from '../wire/endpoints.ts';
import { EXCHANGE_LIMITS } from './exchange-options.ts';
import type { Fills } from './fills.ts';
import { LookUps } from './look-ups.ts';
import { OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

const { instId } = BTC;
const ENTRY = approvedOrder('entry', 1, { type: 'limit', priceTicks: ticks(590_000), postOnly: true });
const { clientId } = ENTRY;
const ROW = { ordId: '8', clOrdId: clientId, px: '59000', sz: '0.2', accFillSz: '0', state: 'live' };
/** After this moment the exchange does not act on the order; both clocks may be off by five. */
const EXPIRES = 1_000;

/** An exchange that finds this of every order and has nothing else listed, and an order of ours that may have got there. */
function looking({
  found = [] as readonly object[] | string,
  nowMs = 2 * EXPIRES,
  uncertaintyMs = 0,
  isKnown = true,
} = {}) {
  const done: string[] = [];
  const asked: string[] = [];
  const since: unknown[] = [];
  const exchange = { found, answers: Promise.resolve(), history: [] as readonly object[] };
  const rest = {
    get: async (endpoint: object, query: { readonly begin?: number }) => {
      if (endpoint === endpoints.fills) since.push(query.begin);
      const listed = endpoint === endpoints.ordersHistory ? exchange.history : [];
      if (endpoint !== endpoints.order) return { kind: 'ok', rows: listed, faults: [], receivedAtMs: 0 };
      asked.push('order');
      const said = exchange.found;
      await exchange.answers;
      if (typeof said === 'string') return { kind: 'fault', fault: faultOfCode(said, 'no') };
      return { kind: 'ok', rows: said, faults: [], receivedAtMs: 0 };
    },
    exchangeNowMs: () => nowMs,
    clockUncertaintyMs: uncertaintyMs,
  };
  const lives = new OrderLives('test', (event: CoreEvent) =>
    done.push(event.kind === 'order-ended' ? `ended: ${event.cause}` : event.kind.replace('order-', '')),
  );
  const telling = {
    now: () => 9,
    unanswered: ({ code }: { code: string }) => done.push(`unanswered: ${code}`),
    odd: (words: string) => done.push(words),
  };
  const fills = { tellOf: async (_id: string, _inst: string, ordId: string) => done.push(`fills of ${ordId}`) };
  const lookUps = new LookUps({
    rest: rest as unknown as Rest,
    instruments: new Map([[instId, BTC]]),
    limits: { ...EXCHANGE_LIMITS, clockErrorMs: 5, orderLifeMs: 300 },
    lives,
    telling: telling as unknown as Telling,
    fills: fills as unknown as Fills,
    fillsSinceMs: 11 * DAY_MS,
  });
  lookUps.start(11 * DAY_MS + 7);
  if (isKnown) lives.begin(ENTRY, 'order', 100_000).expiresAtMs = EXPIRES;
  const life = () => lives.get(clientId) ?? expect.fail('it is known');
  const look = (takenByMs?: number) => lookUps.lookUp(clientId, instId, 'order', takenByMs);
  return { lookUps, look, lives, life, done, asked, since, exchange };
}

const found = (changes: object) => [{ ...ROW, ...changes }];

describe('what is found of an order', () => {
  it.each([
    ['lives', [ROW], ['accepted'], ['standing', 'standing']],
    [
      'has ended',
      found({ state: 'canceled' }),
      ['accepted', 'ended: cancelled'],
      ['ended: cancelled', 'ended: cancelled'],
    ],
    [
      'has filled',
      found({ state: 'partially_filled', accFillSz: '0.05' }),
      ['fills of 8', 'accepted', 'fills of 8'],
      ['fills of 8', 'standing', 'fills of 8', 'standing'],
    ],
    ['has no answer', '50026', ['unanswered: 50026', 'unanswered: 50026'], ['unanswered: 50026', 'unanswered: 50026']],
  ])('that %s is told once, and to the core as often as it asks', async (_, said, told, toldToTheCore) => {
    for (const [takenByMs, expected] of [
      [undefined, told],
      [0, toldToTheCore],
    ] as const) {
      const { look, done } = looking({ found: said });
      for (let times = 0; times < 2; times += 1) await look(takenByMs);
      expect(done).toEqual(expected);
    }
  });

  it('has no fills asked for that are known', async () => {
    const { look, life, done } = looking({ found: found({ state: 'partially_filled', accFillSz: '0.05' }) });
    life().filledLots = 5;
    await look();
    expect(done).toEqual(['accepted']);
  });
});

describe('an order that is nowhere', () => {
  const OFF = 5;
  it.each([
    // now, the core wants it taken by, what is told, how often it is asked
    ['may still come at its expiry by our clock', EXPIRES + OFF, 0, [], 2],
    ['never will, once it has passed by every clock', EXPIRES + OFF + 1, 0, ['absent'], 1],
    ['may still come until the core wants it taken', EXPIRES + OFF + 1, EXPIRES + OFF, [], 2],
    ['is told to nobody who has not asked', EXPIRES + OFF + 1, undefined, [], 1],
    ['is not asked for again where nobody has asked', EXPIRES, undefined, [], 1],
    ['is not waited for longer than a minute', EXPIRES - 70_000, 0, [], 1],
  ] as const)('%s', async (_, nowMs, takenByMs, told, times) => {
    const { look, done, asked } = looking({ found: '51603', nowMs });
    await look(takenByMs);
    expect([done, asked.length]).toEqual([told, times]);
  });

  it('may still come for as long as the exchange’s clock is not known better', async () => {
    for (const [nowMs, told] of [
      [EXPIRES + 20, []],
      [EXPIRES + 21, ['absent']],
    ] as const) {
      const { look, done } = looking({ found: '51603', nowMs, uncertaintyMs: 20 });
      await look(0);
      expect(done, `at ${nowMs}`).toEqual(told);
    }
  });

  it('and that was never sent never will be, at once', async () => {
    const { look, life, done } = looking({ found: '51603', nowMs: 0 });
    life().expiresAtMs = Number.NEGATIVE_INFINITY;
    await look(0);
    expect(done).toEqual(['absent']);
  });

  it('and that has lived has ended without a fill, whoever asks', async () => {
    for (const takenByMs of [undefined, 0]) {
      const { look, lives, done } = looking({ found: '51603' });
      lives.accepted(clientId, 1);
      await look(takenByMs);
      expect(done).toEqual(['accepted', 'ended: not-listed']);
    }
  });

  it('and that an earlier process has sent may come for as long as an order lives after the start', async () => {
    for (const [lateMs, told] of [
      [300 + OFF, []],
      [300 + OFF + 1, ['absent']],
    ] as const) {
      const { look, done } = looking({ found: '51603', nowMs: 11 * DAY_MS + 7 + lateMs, isKnown: false });
      await look(0);
      expect(done, `${lateMs} ms after the start`).toEqual(told);
    }
  });

  it.each([
    ['a minute before its birth', true, 40_000],
    ['a day before the start, where nobody knows its birth', false, 10 * DAY_MS + 7],
  ])('is looked for from %s on', async (_, isKnown, sinceMs) => {
    const { look, since } = looking({ found: '51603', isKnown, nowMs: 20 * DAY_MS });
    await look();
    expect(since).toEqual([sinceMs]);
  });
});

it('a history without end is told to a person once for each order: it counts as filled until it can be found out', async () => {
  const { look, done, exchange } = looking({ found: '51603' });
  exchange.history = Array.from({ length: 100 }, () => ({ ordId: '9', clOrdId: 'theirs', cTime: String(DAY_MS) }));
  for (let times = 0; times < 2; times += 1) await look(0);
  const words = `what became of order ${clientId} of ${instId} cannot be found out`;
  expect(done).toEqual([expect.stringContaining(words), 'unanswered: too-long', 'unanswered: too-long']);
});

describe('an amendment that is under way', () => {
  const amending = { reqId: 'q', ticks: undefined, sizeLots: undefined, expiresAtMs: EXPIRES };
  it.each([
    ['is carried out where the price shows it', { ticks: 590_000 }, 0, ['standing']],
    ['is carried out where the size shows it', { sizeLots: 20 }, 0, ['standing']],
    ['may still be where the price does not show it', { ticks: 580_000 }, EXPIRES + 5, []],
    ['may still be where the size does not show it', { ticks: 590_000, sizeLots: 21 }, EXPIRES + 5, []],
    ['never will be once it has expired by every clock', { ticks: 580_000 }, EXPIRES + 6, ['standing']],
  ] as const)('%s', async (_, asks, nowMs, told) => {
    const { look, life, done } = looking({ found: [ROW], nowMs });
    life().amending = { ...amending, ...asks };
    await look(0);
    expect(done).toEqual(told);
  });

  it('is no reason to wait where the order has ended', async () => {
    const { look, life, done } = looking({ found: found({ state: 'canceled' }), nowMs: 0 });
    life().amending = { ...amending, ticks: 580_000 };
    await look(0);
    expect(done).toEqual(['ended: cancelled']);
  });

  it('has nobody asked while it stands in line: its own answer will say', async () => {
    const { look, life, asked } = looking({ found: [ROW] });
    life().amending = { ...amending, expiresAtMs: Number.POSITIVE_INFINITY };
    await look(0);
    expect(asked).toEqual([]);
  });
});

describe('a look', () => {
  const slow = () => {
    let answer = () => undefined as void;
    const answers = new Promise<void>((resolve) => (answer = resolve));
    return { answer, answers };
  };

  it('is one at a time, and there is another once it is over', async () => {
    const { look, done, asked } = looking({ found: [ROW] });
    await Promise.all([look(0), look(0)]);
    expect([done, asked.length]).toEqual([['standing'], 1]);
    await look(0);
    expect(asked.length).toBe(2);
  });

  it('that hangs on a connection of before counts no more, and keeps nobody from another', async () => {
    const { lookUps, look, done, asked, exchange } = looking({ found: found({ state: 'canceled' }) });
    const { answer, answers } = slow();
    exchange.answers = answers;
    const first = look(0);
    while (asked.length === 0) await Promise.resolve();
    lookUps.giveUp();
    Object.assign(exchange, { found: [ROW], answers: Promise.resolve() });
    await look(0);
    answer();
    await first;
    expect(done).toEqual(['standing']);
  });

  it.each([
    ['waits while the order is on its way', false, 1],
    ['that has waited over a connection that was lost asks nobody', true, 0],
  ])('%s', async (_, isGivenUp, times) => {
    const { lookUps, look, life, asked } = looking({ found: [ROW] });
    const { answer, answers } = slow();
    life().placing = answers;
    const first = look(0);
    await Promise.resolve();
    expect(asked).toEqual([]);
    if (isGivenUp) lookUps.giveUp();
    answer();
    await first;
    expect(asked.length).toBe(times);
  });

  it('at an instrument that is not ours is none', async () => {
    const { lookUps, asked } = looking({ found: [ROW] });
    await lookUps.lookUp(clientId, 'OTHER-USDT-SWAP', 'order', 0);
    expect(asked).toEqual([]);
  });
});
