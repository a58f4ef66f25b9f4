/** The facts that decision 0010 rests on: what the two clients put on the wire besides what they were asked to. */
import { okx } from 'ccxt';
import { RestClient } from 'okx-api';
import { expect, test } from 'vitest';
import { Rest } from '../../src/okx/door/rest.ts';
import { ApiKey } from '../../src/okx/door/sign.ts';
import { endpoints } from '../../src/okx/wire/endpoints.ts';
import { okReply, sendJson, startHttp } from './local-server.ts';

const parts = { key: 'key-0123456789', secret: 'secret-0123456789', passphrase: 'Passphrase-9' };
const ack = okReply([{ ordId: '1', clOrdId: 'a', tag: '', ts: '1', sCode: '0', sMsg: '' }]);
const instrument = {
  instType: 'SWAP',
  instId: 'BTC-USDT-SWAP',
  uly: 'BTC-USDT',
  instFamily: 'BTC-USDT',
  settleCcy: 'USDT',
  ctVal: '0.01',
  ctMult: '1',
  ctValCcy: 'BTC',
  ctType: 'linear',
  tickSz: '0.1',
  lotSz: '0.01',
  minSz: '0.01',
  lever: '100',
  state: 'live',
  baseCcy: '',
  quoteCcy: '',
  listTime: '1573557408000',
  expTime: '',
  optType: '',
  stk: '',
  alias: '',
  category: '1',
  maxLmtSz: '100000000',
  maxMktSz: '12000',
};

async function start() {
  const { origin, received } = await startHttp((request, response) => {
    if (request.target.includes('instType=SWAP')) return sendJson(response, okReply([instrument]));
    sendJson(response, request.method === 'POST' ? ack : okReply([]));
  });
  const bodies = () => received.filter(({ method }) => method === 'POST').map(({ body }): unknown => JSON.parse(body));
  return { origin, bodies };
}

test('okx-api puts its tag on every private POST, orders and leverage alike', async () => {
  const { origin, bodies } = await start();
  const client = new RestClient({
    apiKey: parts.key,
    apiSecret: parts.secret,
    apiPass: parts.passphrase,
    baseUrl: origin,
  });
  await client.submitOrder({
    instId: 'BTC-USDT-SWAP',
    tdMode: 'isolated',
    side: 'buy',
    ordType: 'market',
    sz: '1',
    clOrdId: 'ours',
  });
  await client.setLeverage({ instId: 'BTC-USDT-SWAP', lever: '5', mgnMode: 'isolated' });
  expect(bodies()).toMatchObject([{ tag: expect.stringMatching(/BCDE$/) }, { tag: expect.stringMatching(/BCDE$/) }]);
});

test('ccxt names an order itself, after its broker, unless it is given a name, and tags it', async () => {
  const { origin, bodies } = await start();
  const client = new okx({
    apiKey: parts.key,
    secret: parts.secret,
    password: parts.passphrase,
    options: { fetchMarkets: { types: ['swap'] } },
  });
  client.urls.api = { rest: origin };
  await client.createOrder('BTC/USDT:USDT', 'market', 'buy', 1, undefined, { tdMode: 'isolated' });
  expect(bodies()).toMatchObject([[{ clOrdId: expect.stringMatching(/BCDE/), tag: expect.stringMatching(/BCDE$/) }]]);
});

test('ours sends the order as it was given and nothing else', async () => {
  const { origin, bodies } = await start();
  const rest = new Rest({
    origin,
    key: new ApiKey(parts),
    isDemo: true,
    nowMs: Date.now,
    timeoutMs: 1000,
    waitMsMax: 0,
  });
  const order = {
    instId: 'BTC-USDT-SWAP',
    tdMode: 'isolated',
    side: 'buy',
    ordType: 'market',
    sz: '1',
    clOrdId: 'ours',
  };
  await rest.post(endpoints.placeOrder, order);
  expect(bodies()).toEqual([order]);
});
