/** What a pushed row leads to: an order, a stop, a position. Source: okx-v5.md §3, §4.4. */
import { describe, expect, it } from 'vitest';
import { approvedOrder, BTC } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent, Filled } from '../../core/event.ts';
import { ticks } from '../../core/numbers/units.ts';
import { AccountPushes, type AccountPushesOptions } from './account-pushes.ts';
import type { FillFacts } from './fill-facts.ts';
import { OrderLives } from './order-lives.ts';

const { instId } = BTC;
const TARGET = approvedOrder('target', 1, { type: 'limit', priceTicks: ticks(510_000), postOnly: false });
const STOP = approvedOrder('stop', 1, { type: 'stop', triggerTicks: ticks(490_000), by: 'mark' });

/** Pushes to a bot with an order of 20 lots and, where it is asked for, a sleeping stop; each thing done is a line. */
function pushes({ isStopSleeping = false, heldLots = 0 } = {}) {
  const done: string[] = [];
  const later: (() => void)[] = [];
  const lives = new OrderLives('test', (event) => done.push(lineOf(event)));
  lives.begin(TARGET, 'order', 0);
  if (isStopSleeping) lives.begin(STOP, 'algo', 0);
  const say = (line: string) => async () => void done.push(line);
  const it = new AccountPushes({
    instruments: new Map([[instId, BTC]]),
    lives,
    errands: {
      inBackground: (act: () => unknown) => act(),
      guarded: (act: () => void) => act(),
      after: (_ms: number, act: () => void) => later.push(act),
    },
    telling: {
      suspect: (words: string) => done.push(words),
      tell: (event: CoreEvent) => done.push(lineOf(event)),
      now: () => 9,
    },
    fills: {
      filled: (fill: FillFacts, clientId: string | undefined, cause: Filled['cause']) =>
        lives.filled(fill, clientId, cause),
      leaveOut: (_instId: string, ordId: string) => done.push(`${ordId} is left out`),
      tellUnnamed: (_fill: FillFacts, ordId: string) => say(`whose is ${ordId}?`)(),
      tellOf: (_clientId: string, _instId: string, ordId: string) => say(`which fills has ${ordId}?`)(),
      signedLots: () => heldLots,
    },
    lookUps: { lookUp: (_clientId: string, _instId: string, kind: string) => say(`what became of the ${kind}?`)() },
    explainWithinMs: 5,
    read: () => done.push('reads'),
  } as unknown as AccountPushesOptions);
  const hear = (channel: string, ...data: object[]) => it.hear({ arg: { channel }, data } as never);
  return { hear, done, later, lives };
}

function lineOf(event: CoreEvent): string {
  const kind = event.kind.replace('order-', '');
  if (event.kind === 'filled') return `filled ${event.sizeLots}, ${event.cause}`;
  if (event.kind === 'order-ended') return `${kind} after ${event.filledLots}: ${event.cause}`;
  if (event.kind === 'order-amended')
    return `${kind}: ${event.done}${event.code === undefined ? '' : ` ${event.code}`}`;
  return event.kind === 'leverage' ? `${kind} ${event.leverage} at ${event.at}` : kind;
}

const NO_FILL = { fillSz: '0', fillPx: '', fillTime: '', tradeId: '', fillFee: '0', fillFeeCcy: '', execType: '' };
const FILL = { fillSz: '0.05', fillPx: '51000', fillTime: '7', tradeId: '77', fillFee: '-0.01', fillFeeCcy: 'USDT' };
const ROW = {
  instType: 'SWAP',
  instId,
  ordId: '1',
  clOrdId: TARGET.clientId,
  px: '51000',
  sz: '0.2',
  ordType: 'limit',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  accFillSz: '0',
  avgPx: '',
  fee: '0',
  feeCcy: 'USDT',
  state: 'live',
  cTime: '5',
  uTime: '6',
  ...NO_FILL,
};
const THEIRS = { clOrdId: 'theirs' };

describe('a pushed order', () => {
  it.each([
    ['that is live lives', {}, ['accepted']],
    ['tells its fill', { ...FILL, state: 'partially_filled', accFillSz: '0.05' }, ['accepted', 'filled 5, order']],
    [
      'that is filled says so by its fill',
      { ...FILL, fillSz: '0.2', state: 'filled', accFillSz: '0.2' },
      ['accepted', 'filled 20, order'],
    ],
    [
      'that is filled has its fills asked for where they are not known',
      { state: 'filled', accFillSz: '0.2' },
      ['accepted', 'which fills has 1?'],
    ],
    ['that is cancelled says why', { state: 'canceled', cancelSource: '31' }, ['accepted', 'ended after 0: post-only']],
    [
      'that is cancelled has its fills asked for where they are not known',
      { state: 'canceled', accFillSz: '0.05' },
      ['accepted', 'ended after 5: cancelled', 'which fills has 1?'],
    ],
    ['in a state that nobody knows is looked up', { state: 'mmp_canceled' }, ['what became of the order?']],
    [
      'whose fill is told by half has the account read',
      { ...FILL, fillFee: '', state: 'partially_filled' },
      ['reads', 'accepted'],
    ],
    ['of another instrument is nobody’s business', { ...FILL, instId: 'OTHER-USDT-SWAP' }, []],
    ['of somebody else is theirs', { ...THEIRS, state: 'canceled' }, []],
    [
      'of somebody else with cross margin is left out, with what it fills',
      { ...THEIRS, ...FILL, tdMode: 'cross' },
      ['1 is left out'],
    ],
    ['of ours is ours with cross margin, too', { tdMode: 'cross' }, ['accepted']],
    ['of somebody else tells its fill', { ...THEIRS, ...FILL }, ['filled 5, foreign']],
    [
      'of a liquidation tells why there is one',
      { ...THEIRS, ...FILL, category: 'full_liquidation' },
      ['filled 5, liquidation'],
    ],
  ])('%s', (_, changes, expected) => {
    const { hear, done } = pushes();
    hear('orders', { ...ROW, ...changes });
    expect(done).toEqual(expected);
  });

  it.each([
    ['of nobody’s name is asked whose it is', { clOrdId: '' }, ['whose is 1?']],
    ['that a liquidation has filled is asked nothing', { clOrdId: '', category: 'adl' }, ['filled 5, adl']],
    ['of the stop’s name is the stop’s', { clOrdId: '', algoClOrdId: STOP.clientId }, ['accepted', 'filled 5, order']],
    ['of ours is ours', {}, ['accepted', 'filled 5, order']],
  ])('%s, while a stop of ours sleeps', (_, changes, expected) => {
    const { hear, done } = pushes({ isStopSleeping: true });
    hear('orders', { ...ROW, ...FILL, ...changes });
    expect(done).toEqual(expected);
  });

  it('is known to come by the connection, and by its number once it has been named', () => {
    const { hear, done, lives } = pushes();
    hear('orders', ROW, { ...ROW, ...FILL, clOrdId: '' });
    expect([done, lives.get(TARGET.clientId)?.isPushed]).toEqual([['accepted', 'filled 5, order'], true]);
  });

  it.each([
    ['0', {}, ['amended: true', 'accepted']],
    ['-1', { code: '51503' }, ['amended: false 51503', 'accepted']],
    ['-1', { code: '0' }, ['amended: false', 'accepted']],
    ['-1', {}, ['amended: false', 'accepted']],
    ['', {}, ['accepted']],
  ])('says what became of its amendment: "%s", %j', (amendResult, changes, expected) => {
    const { hear, done, lives } = pushes();
    const life = lives.get(TARGET.clientId);
    if (life !== undefined) life.amending = { reqId: 'q', ticks: 1, sizeLots: undefined, expiresAtMs: 9 };
    hear('orders', { ...ROW, ...THEIRS, amendResult, reqId: 'q' }, { ...ROW, amendResult, reqId: 'q', ...changes });
    expect(done).toEqual(expected);
  });

  it('that cannot be read is told and suspected; the one beside it counts', () => {
    const { hear, done } = pushes();
    hear('orders', { ...ROW, sz: 'many' }, ROW);
    expect(done).toEqual(['accepted', expect.stringContaining('a pushed row cannot be read: sz')]);
  });
});

const ALGO = {
  instType: 'SWAP',
  instId,
  algoId: '5',
  algoClOrdId: STOP.clientId,
  ordType: 'conditional',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  sz: '0.2',
  state: 'live',
  cTime: '5',
  tpTriggerPx: '',
  tpOrdPx: '',
  slTriggerPx: '49000',
  slOrdPx: '-1',
  triggerPx: '',
  ordPx: '',
};

describe('a pushed stop', () => {
  it.each([
    ['that sleeps lives', {}, ['accepted']],
    ['that pauses lives', { state: 'pause' }, ['accepted']],
    ['that is cancelled has ended', { state: 'canceled' }, ['accepted', 'ended after 0: cancelled']],
    [
      'that has failed says why',
      { state: 'order_failed', failCode: '51008' },
      ['accepted', 'ended after 0: failed 51008'],
    ],
    ['that has failed may not say why', { state: 'order_failed' }, ['accepted', 'ended after 0: failed']],
    ['that has woken has not ended: its order will', { state: 'effective', ordId: '8' }, []],
    ['of another instrument is nobody’s business', { instId: 'OTHER-USDT-SWAP' }, []],
    ['of somebody else is theirs', { algoClOrdId: 'theirs' }, []],
    ['that was moved says so', { amendResult: '0', reqId: 'q' }, ['amended: true', 'accepted']],
    [
      'that was not moved has the account read',
      { amendResult: '-1', reqId: 'q', code: '51527' },
      ['amended: false 51527', 'reads', 'accepted'],
    ],
    ['of which nothing was asked says nothing of it', { amendResult: '' }, ['accepted']],
  ])('%s', (_, changes, expected) => {
    const { hear, done, lives } = pushes({ isStopSleeping: true });
    const life = lives.get(STOP.clientId);
    if (life !== undefined) life.amending = { reqId: 'q', ticks: 1, sizeLots: undefined, expiresAtMs: 9 };
    hear('orders-algo', { ...ALGO, ...changes });
    expect(done).toEqual(expected);
  });

  it.each([{ ordId: '1' }, { ordIdList: ['1'] }, { ordId: '8', ordIdList: ['8', '1'] }])(
    'that has woken names the order that it has sent: %j',
    (sent) => {
      const { hear, done } = pushes({ isStopSleeping: true });
      hear('orders-algo', { ...ALGO, state: 'effective', ...sent });
      hear('orders', { ...ROW, ...FILL, clOrdId: 'okx' });
      expect(done).toEqual(['accepted', 'filled 5, order']);
    },
  );
});

const POSITION = {
  instType: 'SWAP',
  instId,
  mgnMode: 'isolated',
  posId: '3',
  posSide: 'net',
  pos: '0.2',
  avgPx: '50000',
  lever: '5',
  liqPx: '',
  margin: '',
  uTime: '6',
};

describe('a pushed position', () => {
  it.each([
    ['that fills explain is as it is known', { pos: '0.2' }, 20, []],
    ['short, too', { pos: '-0.2' }, -20, []],
    ['flat, too', { pos: '0' }, 0, []],
    ['of another size has the account read', { pos: '0.2' }, 19, ['reads']],
    ['of the other side has the account read', { pos: '-0.2' }, 20, ['reads']],
    ['that is gone has the account read', { pos: '0' }, 20, ['reads']],
    ['with cross margin has the account read', { pos: '0.2', mgnMode: 'cross' }, 20, ['reads']],
    ['of another instrument is nobody’s business', { pos: '0.2', instId: 'OTHER-USDT-SWAP' }, 0, []],
  ])('%s, once fills had time to explain it', (_, changes, heldLots, expected) => {
    const { hear, done, later } = pushes({ heldLots });
    hear('positions', { ...POSITION, ...changes });
    const atOnce = done.splice(0).filter((line) => !line.startsWith('leverage'));
    for (const act of later) act();
    expect([atOnce, done]).toEqual([[], expected]);
  });

  it('tells its leverage, and again only where it is another one', () => {
    const { hear, done } = pushes();
    for (const lever of ['5', '5', '', '0', '7', '5']) hear('positions', { ...POSITION, lever });
    hear('positions', { ...POSITION, pos: '0', lever: '20' }, { ...POSITION, mgnMode: 'cross', lever: '20' });
    expect(done).toEqual(['leverage 5 at 9', 'leverage 7 at 9', 'leverage 5 at 9']);
  });
});
