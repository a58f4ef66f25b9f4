import { inspect } from 'node:util';
import { okx } from 'ccxt';
import { RestClient } from 'okx-api';
import { describe, expect, test } from 'vitest';
import { okReply, type Received, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { ApiKey, signature } from './sign.ts';

const parts = {
  key: '0b9a1c7e-6b1f-4a55-9d37-000000000042',
  secret: 'A5C9E8D7F6B41234A5C9E8D7F6B41234',
  passphrase: 'Correct-Horse-9',
};
const key = new ApiKey(parts);

/** What we would have signed for a request as it arrived. */
function ours({ method, target, headers, body }: Received): Record<string, string> {
  const nowMs = Date.parse(String(headers['ok-access-timestamp']));
  return key.restHeaders({ method: method as 'GET' | 'POST', target, body, nowMs });
}

function theirs({ headers }: Received): Record<string, unknown> {
  return Object.fromEntries(
    ['OK-ACCESS-KEY', 'OK-ACCESS-SIGN', 'OK-ACCESS-TIMESTAMP', 'OK-ACCESS-PASSPHRASE'].map((name) => [
      name,
      headers[name.toLowerCase()],
    ]),
  );
}

const orderAck = okReply([{ ordId: '1', clOrdId: 'a', tag: '', ts: '1', sCode: '0', sMsg: '' }]);

describe('signatures', () => {
  test('equal those of ccxt for the same GET with a comma in its query, and the same POST', async () => {
    const { origin, received } = await startHttp((request, response) =>
      sendJson(response, request.method === 'POST' ? orderAck : okReply([])),
    );
    const client = new okx({ apiKey: parts.key, secret: parts.secret, password: parts.passphrase });
    client.urls.api = { rest: origin };
    await client.privateGetAccountPositions({ instType: 'SWAP', instId: 'BTC-USDT-SWAP,ETH-USDT-SWAP' });
    await client.privatePostTradeOrder({
      instId: 'BTC-USDT-SWAP',
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'market',
      sz: '1',
    });
    expect(received.map(({ method }) => method)).toEqual(['GET', 'POST']);
    for (const request of received) expect(theirs(request)).toEqual(ours(request));
  });

  test('equal those of okx-api for the same GET and POST', async () => {
    const { origin, received } = await startHttp((request, response) =>
      sendJson(response, request.method === 'POST' ? orderAck : okReply([])),
    );
    const client = new RestClient({
      apiKey: parts.key,
      apiSecret: parts.secret,
      apiPass: parts.passphrase,
      baseUrl: origin,
    });
    await client.getPositions({ instType: 'SWAP', instId: 'BTC-USDT-SWAP,ETH-USDT-SWAP' });
    await client.submitOrder({ instId: 'BTC-USDT-SWAP', tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' });
    expect(received.map(({ method }) => method)).toEqual(['GET', 'POST']);
    for (const request of received) expect(theirs(request)).toEqual(ours(request));
  });

  test('cover timestamp, method, target and body: another of any of them is another signature', () => {
    const request = {
      method: 'POST',
      target: '/api/v5/trade/order?x=1',
      body: '{"a":1}',
      nowMs: 1_795_327_925_127,
    } as const;
    const sign = (changed: object) => key.restHeaders({ ...request, ...changed })['OK-ACCESS-SIGN'];
    const all = [
      {},
      { method: 'GET' as const },
      { target: '/api/v5/trade/order?x=2' },
      { body: '{"a":2}' },
      { nowMs: request.nowMs + 1 },
    ].map(sign);
    expect(new Set(all).size).toBe(5);
    expect(key.restHeaders(request)['OK-ACCESS-TIMESTAMP']).toBe('2026-11-22T06:12:05.127Z');
  });

  test('log in with seconds over GET /users/self/verify', () => {
    const arg = key.loginArg(1_795_327_925_999);
    expect(arg).toEqual({
      apiKey: parts.key,
      passphrase: parts.passphrase,
      timestamp: '1795327925',
      sign: signature(parts.secret, '1795327925GET/users/self/verify'),
    });
  });
});

describe('ApiKey', () => {
  test('shows itself to nobody: not printed, not in JSON, not in text', () => {
    for (const shown of [
      String(key),
      JSON.stringify({ key }),
      inspect(key),
      inspect({ key }, { depth: 5, showHidden: true }),
    ]) {
      for (const secret of Object.values(parts)) expect(shown).not.toContain(secret);
      expect(shown).toContain('…0042');
    }
  });

  test('takes itself out of a text', () => {
    expect(key.redact(`key ${parts.key} with ${parts.passphrase} and ${parts.secret}`)).toBe(
      'key [redacted] with [redacted] and [redacted]',
    );
  });

  test.each([
    ['the passphrase begins the key', { passphrase: 'pass', key: 'pass-and-more' }],
    ['the passphrase begins the secret', { passphrase: 'pass', secret: 'pass-and-more' }],
    ['the key begins the passphrase', { key: 'key', passphrase: 'key-and-more' }],
    ['the secret begins the key', { secret: 'secret', key: 'secret-and-more' }],
  ])('leaves nothing of itself where %s', (_, more) => {
    const own = { ...parts, ...more };
    const text = Object.values(own).join(' ');
    expect(new ApiKey(own).redact(text)).toBe('[redacted] [redacted] [redacted]');
  });

  test.each([
    ['key', ''],
    ['secret', 'with blank '],
    ['passphrase', 'пароль'],
  ] as const)('refuses a %s that cannot be right: "%s"', (name, value) => {
    expect(() => new ApiKey({ ...parts, [name]: value })).toThrow(
      `the OKX ${name} is empty or holds a blank or non-ASCII character`,
    );
  });
});
