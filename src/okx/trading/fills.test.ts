/** Fills as they are read from the exchange's list, page by page. */
import { describe, expect, it } from 'vitest';
import { okReply, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { Rest } from '../door/rest.ts';
import { ApiKey } from '../door/sign.ts';
import { Fills } from './fills.ts';
import { OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

const START = 1_700_000_000_000;

/** A list of fills, newest first. `before` alone gives the newest of all, as OKX documents it for candles; of fills it does not say. */
async function listing({ subType = '104', order = undefined as object | undefined, ordId = '1' } = {}) {
  const ids: number[] = [];
  const timeOf = (id: number) => START + id * 1_000;
  const { origin, received } = await startHttp(({ target }, response) => {
    if (target.includes('trade/order?') && ordId === '')
      return sendJson(response, { code: '51003', msg: 'Either client order ID or order ID is required.', data: [] });
    if (target.includes('trade/order?'))
      return sendJson(response, order === undefined ? { code: '51603', msg: 'not found', data: [] } : okReply([order]));
    if (target.includes('history') || target.includes('archive'))
      return sendJson(response, okReply(Array.from({ length: 100 }, () => ({ ...fillRow(0, START), ...FUNDING }))));
    if (target.includes('bills')) return sendJson(response, okReply([{ ...fillRow(7, clock.nowMs), ...FUNDING }]));
    const asked = new URL(target, 'http://okx.invalid').searchParams;
    const number = (name: string, otherwise: number) => Number(asked.get(name) ?? otherwise);
    const found = ids.filter(
      (id) =>
        id < number('after', Number.POSITIVE_INFINITY) && id > number('before', 0) && timeOf(id) >= number('begin', 0),
    );
    sendJson(
      response,
      okReply(
        found
          .toReversed()
          .slice(0, 100)
          .map((id) => ({ ...fillRow(id, timeOf(id)), subType, ordId })),
      ),
    );
  });
  const clock = { nowMs: START };
  const rest = new Rest({
    origin,
    key: new ApiKey({ key: 'key', secret: 'secret', passphrase: 'phrase' }),
    isDemo: false,
    nowMs: () => clock.nowMs,
    timeoutMs: 2_000,
    waitMsMax: 2_000,
  });
  const heard: string[] = [];
  const causes: string[] = [];
  const odd: string[] = [];
  const funding: CoreEvent[] = [];
  const hear = (event: CoreEvent) => {
    if (event.kind !== 'filled') return;
    heard.push(event.tradeId);
    causes.push(event.cause);
  };
  const fills = new Fills({
    rest,
    instruments: new Map([[BTC.instId, BTC]]),
    lives: new OrderLives('test', hear),
    telling: {
      odd: (message: string) => odd.push(message),
      tell: (event: CoreEvent) => funding.push(event),
    } as unknown as Telling,
    fillsSinceMs: START,
    fundingSinceMs: START,
  });
  return { ids, fills, heard, causes, odd, funding, clock, rest, received };
}

/** What a bill has beside a fill. */
const FUNDING = { type: '8', subType: '173', ccy: 'USDT', balChg: '-1', pnl: '-1' };

/** Of a liquidation: nobody has to be asked whose it was. */
function fillRow(id: number, atMs: number) {
  return {
    instId: BTC.instId,
    tradeId: `-${id}`,
    ordId: '1',
    clOrdId: '',
    billId: String(id),
    fillPx: '60000',
    fillSz: '0.01',
    side: 'sell',
    execType: '',
    fee: '-0.1',
    feeCcy: 'USDT',
    ts: String(atMs),
  };
}

describe('new fills', () => {
  it('are all told, however many came since the last reading, each once and oldest first', async () => {
    const { ids, fills, heard, clock } = await listing();
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    for (let id = 100; id < 350; id += 1) ids.push(id);
    clock.nowMs = START + 400_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(await fills.readNew()).toBeUndefined();
    expect(heard).toEqual(ids.map((id) => `-${id}`));
  });

  it('of which there are more than are read are told by the newest 5,000, with a word; the next reading goes on from there', async () => {
    const { ids, fills, heard, odd, clock, received } = await listing();
    for (let id = 1; id <= 5_010; id += 1) ids.push(id);
    clock.nowMs = START + 6_000_000;
    expect(await fills.readNew()).toBeUndefined();
    expect([heard.length, heard[0], heard.at(-1)]).toEqual([5_000, '-11', '-5010']);
    expect(odd).toEqual([expect.stringMatching(/^more than 5000 fills since the last reading/)]);
    const before = received.length;
    ids.push(5_011);
    expect(await fills.readNew()).toBeUndefined();
    expect([heard.length, odd.length, received.length - before]).toEqual([5_001, 1, 1]);
  });

  it('of one order that is nobody’s we know are asked about once', async () => {
    const { ids, fills, heard, clock, received } = await listing({ subType: '' });
    for (let id = 1; id <= 20; id += 1) ids.push(id);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(heard.length).toBe(20);
    expect(received.filter(({ target }) => target.includes('trade/order?')).length).toBe(1);
  });

  it('are asked for from the newest on that nothing older can follow', async () => {
    const { ids, fills, clock, received } = await listing();
    for (let id = 1; id <= 250; id += 1) ids.push(id);
    clock.nowMs = START + 400_000;
    await fills.readNew();
    const first = received.length;
    await fills.readNew();
    expect([first, received.length - first]).toEqual([3, 1]);
  });

  it('of an order that is not ours are told with what its category says, each of them', async () => {
    const order = { ...ORDER, category: 'full_liquidation' };
    const { ids, fills, causes, clock } = await listing({ subType: '', order });
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(causes).toEqual(['liquidation', 'liquidation']);
  });

  it('of no order (a block trade, a spread) are nobody’s: nobody is asked, and the account is read', async () => {
    const { ids, fills, causes, clock } = await listing({ subType: '', ordId: '' });
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(causes).toEqual(['foreign', 'foreign']);
  });

  it('and funding are read after a long absence on an account whose history has no end: what it would explain a difference tells', async () => {
    const { ids, fills, heard, funding, clock, rest } = await listing();
    rest.pace.book = ({ nowMs }) => ({ kind: 'granted', atMs: nowMs });
    ids.push(1);
    clock.nowMs = START + 8 * 86_400_000;
    expect([await fills.readNew(), heard]).toEqual([undefined, ['-1']]);
    expect([await fills.readFunding(), funding]).toMatchObject([undefined, [{ at: clock.nowMs }]]);
  });
});

/** Somebody's. */
const ORDER = {
  instType: 'SWAP',
  instId: BTC.instId,
  ordId: '1',
  clOrdId: '',
  px: '',
  sz: '1',
  ordType: 'market',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  accFillSz: '1',
  avgPx: '60000',
  fillPx: '60000',
  fillSz: '1',
  fillTime: String(START),
  tradeId: '1',
  state: 'filled',
  fee: '0',
  feeCcy: 'USDT',
  cTime: String(START),
  uTime: String(START),
};
