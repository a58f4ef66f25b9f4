import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BTC, NOW, paper } from '../../../test/paper.ts';
import { ApiKey } from '../../okx/door/sign.ts';

const key = new ApiKey({ key: 'a', secret: 'aSecret', passphrase: 'aPass' });
const TARGET = '/api/v5/account/balance?ccy=USDT';

function headers(changes: Record<string, string> = {}, target = TARGET, nowMs = NOW) {
  const own = key.restHeaders({ method: 'GET', target, body: '', nowMs });
  const lower = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...lower, ...changes };
}

describe('who may ask', () => {
  it.each([
    // what is sent                                                code     status
    [{}, '0', 200],
    [{ 'ok-access-key': '' }, '50103', 401],
    [{ 'ok-access-passphrase': '' }, '50104', 401],
    [{ 'ok-access-sign': '' }, '50106', 401],
    [{ 'ok-access-timestamp': '' }, '50107', 401],
    [{ 'ok-access-timestamp': '1700000000' }, '50112', 401],
    [{ 'ok-access-timestamp': '2026-03-02T09:59:29.999Z' }, '50102', 401],
    [{ 'ok-access-timestamp': '2026-03-02T10:00:30.001Z' }, '50102', 401],
    [{ 'ok-access-key': 'nobody' }, '50111', 401],
    [{ 'ok-access-passphrase': 'wrong' }, '50105', 401],
    [{ 'ok-access-sign': 'AAAA' }, '50113', 401],
  ] as const)('answers %j with %s', (changes, code, status) => {
    const answered = paper().raw({ target: TARGET, headers: headers(changes) });
    expect([answered.body.code, answered.status]).toEqual([code, status]);
    expect('data' in answered.body, 'the gateway’s no has none').toBe(status === 200);
  });

  it('checks the signature over the target as it came: the same query in another order is another one', () => {
    const signed = '/api/v5/account/positions?instId=BTC-USDT-SWAP,ETH-USDT-SWAP&instType=SWAP';
    const test = paper();
    expect(test.raw({ target: signed, headers: headers({}, signed) }).body.code).toBe('0');
    const turned = '/api/v5/account/positions?instType=SWAP&instId=BTC-USDT-SWAP,ETH-USDT-SWAP';
    expect(test.raw({ target: turned, headers: headers({}, signed) }).body.code).toBe('50113');
  });

  it('accepts signatures in the time of the exchange and in that of the world', () => {
    const wall = NOW + 86_400_000;
    const test = paper({ wall: () => wall });
    for (const nowMs of [NOW, wall])
      expect(test.raw({ target: TARGET, headers: headers({}, TARGET, nowMs) }).body.code).toBe('0');
    expect(test.raw({ target: TARGET, headers: headers({}, TARGET, NOW + 3_600_000) }).body.code).toBe('50102');
  });

  it('never looks at the headers of a public request', () => {
    const answered = paper().raw({ target: '/api/v5/public/time', headers: headers({ 'ok-access-sign': 'stale' }) });
    expect(answered.body).toEqual({ code: '0', msg: '', data: [{ ts: String(NOW) }] });
  });
});

describe('what can not be read', () => {
  const post = (body: string, changes: Record<string, string> = {}, target = '/api/v5/trade/order') => {
    const own = key.restHeaders({ method: 'POST', target, body, nowMs: NOW });
    const lower = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
    return paper().raw({
      method: 'POST',
      target,
      body,
      headers: { ...lower, 'content-type': 'application/json', ...changes },
    });
  };

  it.each([
    ['', {}, '50000', 400],
    ['{"instId":', {}, '50002', 400],
    ['7', {}, '50002', 400],
    ['{}', { 'content-type': 'text/plain' }, '50006', 400],
    ['{}', { exptime: String(NOW - 1) }, '50036', 400],
    ['{}', { exptime: 'soon' }, '51000', 400],
  ] as const)('answers the body %j %j with %s', (body, changes, code, status) => {
    const answered = post(body, changes);
    expect([answered.body.code, answered.status]).toEqual([code, status]);
  });

  it('knows no other paths and no other methods', () => {
    const test = paper();
    expect(test.raw({ target: '/api/v5/no/such' })).toMatchObject({
      status: 404,
      body: { code: 404, data: {}, error_code: '404', msg: 'Not Found' },
    });
    expect(test.raw({ method: 'POST', target: '/api/v5/public/time' })).toMatchObject({
      status: 405,
      body: { code: '50115' },
    });
  });

  it.each(absent(/\//))('does not know %s, and docs/paper-exchange.md says so', (path) => {
    expect(paper().raw({ target: `/api/v5/${path}`, headers: headers({}, `/api/v5/${path}`) }).status).toBe(404);
  });

  it.each(absent(/^[^/]+$/))('has no channel %s, and docs/paper-exchange.md says so', (channel) => {
    const heard = paper().socket();
    heard.say(JSON.stringify({ op: 'subscribe', args: [{ channel, instType: 'SWAP', instId: BTC }] }));
    expect(heard.take()).toMatchObject([{ event: 'error', code: '60018' }]);
  });

  it('takes more than 20 orders in one request for none', () => {
    const rows = Array.from({ length: 21 }, () => ({ instId: BTC }));
    expect(post(JSON.stringify(rows), {}, '/api/v5/trade/batch-orders').body).toMatchObject({
      code: '51111',
      data: [],
    });
  });
});

describe('how often', () => {
  it('says 50011 past the limit of an endpoint, and lets the next window begin anew', () => {
    const test = paper({ isRateLimited: true });
    const codes = Array.from({ length: 6 }, () => test.get('account/config').code);
    expect(codes).toEqual(['0', '0', '0', '0', '0', '50011']);
    test.pass(2_000);
    expect(test.get('account/config').code).toBe('0');
  });

  it('counts orders for each instrument by itself, and a batch of one with the single ones', () => {
    const test = paper({ isRateLimited: true });
    const order = (instId: string) => ({ instId, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '1' });
    for (let i = 0; i < 30; i++) {
      test.post('trade/order', order(BTC));
      test.post('trade/batch-orders', [order(BTC)]);
    }
    expect(test.post('trade/order', order(BTC)).code).toBe('50011');
    expect(test.post('trade/batch-orders', [order(BTC)]).code).toBe('50011');
    expect(test.post('trade/batch-orders', [order(BTC), order(BTC)]).code).toBe('0');
    expect(test.post('trade/order', order('ETH-USDT-SWAP')).code).toBe('0');
  });
});

/** As the paper for users names them: paths have a slash, channels none. */
function absent(what: RegExp): string[] {
  const paper = readFileSync(new URL('../../../docs/paper-exchange.md', import.meta.url), 'utf8');
  const section = /## What is not there\n([^]*?)\n## /.exec(paper)?.[1] ?? '';
  return [...section.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '').filter((name) => what.test(name));
}
