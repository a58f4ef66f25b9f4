/** How an order stands, where the exchange words its no in another way than the paper exchange does. */
import { describe, expect, it } from 'vitest';
import { okReply, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { Rest } from '../door/rest.ts';
import { ApiKey } from '../door/sign.ts';
import { evidenceOf } from './evidence.ts';

const SOUGHT = { clientId: 'rwtest000001s000101', instId: BTC.instId, kind: 'algo', sinceMs: 0 } as const;
const STOP = {
  instType: 'SWAP',
  instId: BTC.instId,
  algoId: '7',
  algoClOrdId: SOUGHT.clientId,
  ordType: 'conditional',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  sz: '1',
  state: 'live',
  tpTriggerPx: '',
  tpOrdPx: '',
  slTriggerPx: '59000',
  slOrdPx: '-1',
  triggerPx: '',
  ordPx: '',
  cTime: '1700000000000',
};

async function restWith(pending: readonly object[]) {
  const { origin } = await startHttp(({ target }, response) =>
    target.includes('/order-algo?')
      ? sendJson(response, { code: '51000', msg: 'Parameter algoClOrdId error', data: [] }, 400)
      : sendJson(response, okReply(target.includes('pending') ? pending : [])),
  );
  const key = new ApiKey({ key: 'key', secret: 'secret', passphrase: 'phrase' });
  return new Rest({ origin, key, isDemo: false, nowMs: Date.now, timeoutMs: 2_000, waitMsMax: 2_000 });
}

describe('a stop whose name the exchange calls a wrong parameter', () => {
  it('is looked for in every list, and is nowhere where they do not have it', async () => {
    expect(await evidenceOf(await restWith([]), SOUGHT, BTC)).toEqual({ kind: 'nothing' });
  });

  it('lives where a list has it', async () => {
    expect(await evidenceOf(await restWith([STOP]), SOUGHT, BTC)).toMatchObject({ kind: 'living', ticks: 590_000 });
  });
});
