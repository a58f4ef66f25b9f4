/**
 * reliability.md R3 for protective stops: placed, moved, cancelled, the answer lost, false or late, for every kind of error, whatever became of the
 * stop and whenever the error struck. Real sockets to the paper exchange through a proxy that misbehaves; the private sockets are mute, so that only
 * asking can tell.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { type Answer, type Asked, type FaultProxy, type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import {
  ERRORS,
  MARKETS,
  PATIENCE_MS,
  reply,
  TAKEN_WITHIN_MS,
  TIMEOUT_MS,
  TIMINGS,
  type Timing,
  type Told,
  TRUTHS,
  type Truth,
  toldOf,
} from '../../../test/okx/lost-answers.ts';
import { LAST_TICKS, type Rig, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { Lots, Ticks } from '../../core/numbers/units.ts';
import type { Approved, Order } from '../../core/orders/order.ts';
import { endpoints } from '../wire/endpoints.ts';

const VERBS = ['placed', 'moved', 'cancelled'] as const;
type Verb = (typeof VERBS)[number];
const PATHS: Readonly<Record<Verb, string>> = {
  placed: endpoints.placeAlgo.path,
  moved: endpoints.amendAlgo.path,
  cancelled: endpoints.cancelAlgos.path,
};

/** More than what always stands at the touch, 10,000 USDT: a fall without volume fills a part. */
const SIZE = 2_400 as Lots;
const FIRST = Math.round(LAST_TICKS * 0.98) as Ticks;
const MOVED = Math.round(LAST_TICKS * 0.985) as Ticks;
/** A sell's stop above the market would wake at once: it is turned down. */
const ABSURD = Math.round(LAST_TICKS * 1.01) as Ticks;
const PLENTY = 10_000_000;
const counted = { cases: 0, resolved: 0 };

interface Case {
  readonly verb: Verb;
  readonly name: string;
  readonly error: Answer;
  readonly stop: Approved;
}

/** `npm test` tries a third of the kinds of error with each, another third with the next; `test:long` tries all. */
function casesOf(verb: Verb, truth: Truth, timing: Timing): Case[] {
  const turn = VERBS.indexOf(verb) + TRUTHS.indexOf(truth) + TIMINGS.indexOf(timing);
  return Object.entries(ERRORS).flatMap(([name, error], at) => {
    if ((at + turn) % long(3, 1) !== 0) return [];
    const triggerTicks = verb === 'placed' && truth === 'rejected' ? ABSURD : FIRST;
    const stop: Order = {
      clientId: `rwtest0000${at.toString(36).padStart(2, '0')}s00010`,
      instId: MARKETS[at]?.instId ?? '',
      role: 'stop',
      position: at,
      step: 0,
      attempt: 1,
      part: 0,
      side: -1,
      sizeLots: SIZE,
      reduceOnly: true,
      terms: { type: 'stop', triggerTicks, by: 'mark' },
      takenByMs: Date.now() + (verb === 'placed' ? TAKEN_WITHIN_MS : 60_000),
    };
    return [{ verb, name, error, stop: stop as Approved }];
  });
}

/** What the proxy does with a request of one of the cases. */
function planFor(cases: () => readonly Case[], truth: Truth, timing: Timing): (asked: Asked) => Plan | undefined {
  const asking = new Set<string>();
  return (asked) => {
    const meant = cases().find(({ stop }) => (asked.body + asked.target).includes(stop.clientId));
    if (meant === undefined) return undefined;
    const { clientId } = meant.stop;
    const isMeant = asked.method === 'POST' && asked.path === PATHS[meant.verb];
    const forward = truth === 'never arrived' ? 'never' : timing === 'before send' ? 'late' : 'first';
    if (isMeant && timing !== 'after ack') return { forward, answer: meant.error };
    if (isMeant) {
      const yes = { algoId: '1', algoClOrdId: clientId, clOrdId: clientId, reqId: 'a1', sCode: '0', sMsg: '', tag: '' };
      return forward === 'never' ? { forward, answer: reply(200, { code: '0', msg: '', data: [yes] }) } : { forward };
    }
    if (timing !== 'after ack' || asked.method === 'POST' || asking.has(clientId)) return undefined;
    asking.add(clientId);
    return { forward: 'never', answer: meant.error };
  };
}

function algoOf(rig: Rig, { stop }: Case) {
  return rig.paper.desk('rig')?.algos.named(undefined, stop.clientId);
}

/** How the stop stands at the exchange. */
function truthOf(rig: Rig, each: Case): Told {
  const algo = algoOf(rig, each);
  if (algo === undefined) return { end: 'absent', ticks: undefined, filledLots: 0 };
  if (algo.state === 'live') return { end: 'standing', ticks: algo.stop?.triggerTicks, filledLots: 0 };
  const sent = rig.paper.desk('rig')?.orders.byId(algo.ordId);
  const isWorking = sent?.state === 'partially_filled' || sent?.state === 'live';
  return { end: isWorking ? 'standing' : 'ended', ticks: undefined, filledLots: sent?.filledLots ?? 0 };
}

async function waitFor(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`after ${withinMs} ms still not: ${what}`);
    await resting(5);
  }
}

/** Every market has a long of the stop's size; before the proxy misbehaves. */
async function openLongs(rig: Rig, cases: readonly Case[]): Promise<void> {
  for (const { stop } of cases) {
    const { instId } = stop;
    rig.paper.floor.setPrice(rig.paper.floor.listingOf(instId), LAST_TICKS, LAST_TICKS, PLENTY);
    const order = { instId, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: String(SIZE / 100) };
    const done = await rig.byHand.post(endpoints.placeOrder, order);
    expect(done.kind === 'ok' && done.rows[0]?.sCode, instId).toBe('0');
    rig.paper.floor.setPrice(rig.paper.floor.listingOf(instId), LAST_TICKS, LAST_TICKS, 0);
  }
}

function fall(rig: Rig, { stop }: Case, truth: Truth): void {
  // Between where the stop stood and where it was moved to: it wakes only where it stands as the truth says.
  const ticks = MOVED - 500 > FIRST ? MOVED - 500 : FIRST;
  const listing = rig.paper.floor.listingOf(stop.instId);
  const algo = rig.paper.desk('rig')?.algos.named(undefined, stop.clientId);
  const to = Math.min(ticks, (algo?.stop?.triggerTicks ?? ticks) - 100);
  rig.paper.floor.setPrice(listing, to, to, truth === 'filled' ? PLENTY : 0);
}

async function cancelByHand(rig: Rig, { stop }: Case): Promise<void> {
  const done = await rig.byHand.post(endpoints.cancelAlgos, [{ instId: stop.instId, algoClOrdId: stop.clientId }]);
  expect(done.kind === 'ok' && done.rows[0]?.sCode, stop.instId).toBe('0');
}

/** Before a cancellation is asked: what it will find. */
async function beforeCancelling(rig: Rig, cases: readonly Case[], truth: Truth): Promise<void> {
  for (const each of cases) {
    if (truth === 'filled' || truth === 'partly filled') fall(rig, each, truth);
    if (truth === 'rejected') await cancelByHand(rig, each);
  }
  // The exchange says no, and the stop sleeps on.
  if (truth === 'live')
    rig.admin('faults', {
      kind: 'error',
      when: 'before',
      path: PATHS.cancelled,
      method: 'POST',
      code: '51000',
      status: 400,
      times: cases.length,
    });
}

/** Makes the truth true for every stop once the request has come. */
async function become(rig: Rig, cases: readonly Case[], verb: Verb, truth: Truth): Promise<void> {
  if (truth === 'never arrived' || truth === 'rejected' || verb === 'cancelled') return resting(TIMEOUT_MS * 3);
  const hasCome = (each: Case) => {
    const algo = algoOf(rig, each);
    return algo !== undefined && (verb === 'placed' || algo.stop?.triggerTicks === MOVED);
  };
  await waitFor(`every stop is ${verb}`, () => cases.every(hasCome));
  for (const each of cases) {
    if (truth === 'filled' || truth === 'partly filled') fall(rig, each, truth);
    if (truth === 'cancelled') await cancelByHand(rig, each);
  }
}

/** Asks as the loop does: until the evidence says what is so, and every fill is told. */
async function resolve(rig: Rig, cases: readonly Case[]): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  const isOpen = (each: Case) => {
    const [told, truth] = [toldOf(rig.events, each.stop.clientId), truthOf(rig, each)];
    return told.end === undefined || (truth.end === 'standing' && told.end !== 'standing');
  };
  while (cases.some(isOpen) && performance.now() < untilMs) {
    for (const each of cases) if (isOpen(each)) rig.exchange.inquire(each.stop);
    await resting(200);
  }
  await rig.settled();
  const isTold = (each: Case) => toldOf(rig.events, each.stop.clientId).filledLots === truthOf(rig, each).filledLots;
  // A stop that was found sleeping and then woke or ended, with no push to tell: the loop's next reading misses it among the open ones.
  const isLate = (each: Case) =>
    truthOf(rig, each).end === 'ended' && toldOf(rig.events, each.stop.clientId).end === 'standing';
  while (!cases.every((each) => isTold(each) && !isLate(each)) && performance.now() < untilMs) {
    rig.exchange.read();
    await resting(500);
  }
  await rig.settled();
}

async function outcomes(verb: Verb, truth: Truth, timing: Timing) {
  let cases: Case[] = [];
  let proxy: FaultProxy | undefined;
  let isSpoilt = false;
  const rig = await startRig({
    instruments: MARKETS,
    balance: 100_000,
    timeoutMs: TIMEOUT_MS,
    limits: { clockErrorMs: 100, orderLifeMs: TAKEN_WITHIN_MS },
    through: async (origin) => {
      const plan = planFor(() => cases, truth, timing);
      proxy = await startFaultProxy(origin, (asked) => (isSpoilt ? plan(asked) : undefined));
      return proxy.origin;
    },
  });
  try {
    cases = casesOf(verb, truth, timing);
    await openLongs(rig, cases);
    if (verb !== 'placed') {
      for (const { stop } of cases) rig.exchange.place(stop);
      await waitFor('every stop sleeps', () => cases.every((each) => algoOf(rig, each) !== undefined));
    }
    await rig.settled();
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    if (verb === 'cancelled') await beforeCancelling(rig, cases, truth);
    isSpoilt = true;
    // The taking of a stop that is placed is timed from now, not from when its market was made ready.
    cases = casesOf(verb, truth, timing);
    for (const { stop } of cases) {
      const { instId, clientId } = stop;
      if (verb === 'placed') rig.exchange.place(stop);
      else if (verb === 'cancelled') rig.exchange.cancel(instId, clientId);
      else rig.exchange.amend({ instId, clientId, triggerTicks: truth === 'rejected' ? ABSURD : MOVED });
    }
    // Asked for at once, what is still on its way does not show: that is no proof.
    const isAskedAtOnce = truth === 'live' || truth === 'never arrived';
    await Promise.all([become(rig, cases, verb, truth), isAskedAtOnce ? askAtOnce(rig, cases) : undefined]);
    await resolve(rig, cases);
    return cases.map((each) => {
      const { clientId } = each.stop;
      const isMeant = ({ method, path, body }: Asked) =>
        method === 'POST' && path === PATHS[verb] && body.includes(clientId);
      return {
        verb,
        name: each.name,
        told: toldOf(rig.events, clientId),
        said: rig.events.filter((event) => 'clientId' in event && event.clientId === clientId).map(({ kind }) => kind),
        standings: rig.events.flatMap((event) =>
          event.kind === 'order-standing' && event.clientId === clientId ? [event.ticks as number] : [],
        ),
        exchange: truthOf(rig, each),
        sent: proxy?.asked.filter(isMeant).length,
      };
    });
  } finally {
    await rig.close();
    proxy?.close();
  }
}

async function askAtOnce(rig: Rig, cases: readonly Case[]): Promise<void> {
  for (const untilMs = performance.now() + TIMEOUT_MS; performance.now() < untilMs; ) {
    for (const { stop } of cases) rig.exchange.inquire(stop);
    await resting(50);
  }
}

const ENDS: Readonly<Record<Verb, Readonly<Record<Truth, Told['end']>>>> = {
  placed: {
    'never arrived': 'absent',
    live: 'standing',
    'partly filled': 'standing',
    filled: 'ended',
    // There is no state "rejected": after a lost answer such a stop was never there.
    rejected: 'absent',
    cancelled: 'ended',
  },
  moved: {
    'never arrived': 'standing',
    live: 'standing',
    'partly filled': 'standing',
    filled: 'ended',
    rejected: 'standing',
    cancelled: 'ended',
  },
  cancelled: {
    'never arrived': 'standing',
    live: 'standing',
    'partly filled': 'standing',
    filled: 'ended',
    rejected: 'ended',
    cancelled: 'ended',
  },
};

/** An answer that came is believed: a no is a no; a yes to a stop that is nowhere ended without a fill. */
function endOf(verb: Verb, truth: Truth, timing: Timing): Told['end'] {
  if (verb === 'placed' && timing === 'after ack') {
    if (truth === 'rejected') return 'rejected';
    if (truth === 'never arrived') return 'ended';
  }
  return ENDS[verb][truth];
}

describe('a stop whose answer is not known', () => {
  for (const truth of TRUTHS)
    for (const timing of TIMINGS)
      it(`${truth}, ${timing}: placed, moved or cancelled, every kind of error is resolved to the truth, and nothing is sent twice`, async () => {
        const all = await Promise.all(VERBS.map((verb) => outcomes(verb, truth, timing)));
        for (const { verb, name, told, said, standings, exchange, sent } of all.flat()) {
          counted.cases += 1;
          const what = `${verb}, ${truth}, ${timing}, ${name}: ${said.join(' ')}`;
          const end = endOf(verb, truth, timing);
          expect(told.end, what).toBe(end);
          expect(told.filledLots, `${what}: every fill is told once`).toBe(exchange.filledLots);
          expect(sent, `${what}: sent once`).toBe(1);
          if (truth === 'partly filled') expect(exchange.filledLots, what).toBeGreaterThan(0);
          if (truth === 'partly filled') expect(exchange.filledLots, what).toBeLessThan(SIZE);
          if (end === 'standing') {
            const ends = said.filter((kind) => /^order-(ended|absent|rejected)$/.test(kind));
            expect(ends, `${what}: nobody said that it was no more`).toEqual([]);
          }
          if (exchange.ticks !== undefined)
            expect(standings.at(-1), `${what}: it stands where the exchange has it`).toBe(exchange.ticks);
          if (verb === 'moved' && truth === 'live' && timing !== 'after ack')
            expect(new Set(standings), `${what}: a move on its way is not called undone`).toEqual(new Set([MOVED]));
          counted.resolved += 1;
        }
      });
});

afterAll(() => {
  expect(counted.cases, 'stops tried').toBe(long(216, 648));
  expect(counted.resolved, 'all of the matrix').toBe(counted.cases);
});
