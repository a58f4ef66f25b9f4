import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BTC, ETH, NOW, type PaperTest, paper, wellKnown } from '../../../test/paper.ts';
import { GeneratedMarket } from '../market/generated-market.ts';
import { readState, type SavedExchange, StateFileError, writeState } from './state-file.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };
const MARKET = { ...LIMIT, ordType: 'market', px: '' };
const STOP = { ...LIMIT, side: 'sell', ordType: 'conditional', slTriggerPx: '58000', slOrdPx: '-1', reduceOnly: true };
const market = { kind: 'generated', seed: 1, bornAt: NOW, instIds: [BTC, ETH] } as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungwise-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything that a client can ask of an account. */
function shown(test: PaperTest): unknown {
  const swap = { instType: 'SWAP' };
  return [
    test.get('account/config'),
    test.get('account/balance'),
    test.get('account/positions', { instId: `${BTC},${ETH}` }),
    test.get('account/positions-history'),
    test.get('account/bills'),
    test.get('trade/orders-pending'),
    test.get('trade/orders-history', swap),
    test.get('trade/fills'),
    test.get('trade/orders-algo-pending', { ordType: 'conditional,oco' }),
    test.get('trade/orders-algo-history', { ordType: 'conditional', state: 'canceled' }),
    test.get('account/leverage-info', { instId: BTC, mgnMode: 'isolated' }),
  ];
}

function busy(): PaperTest {
  const test = paper();
  test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: '7' });
  test.post('trade/order', { ...MARKET, sz: '3', clOrdId: 'first' });
  test.post('trade/order', { ...MARKET, side: 'sell', sz: '1' });
  test.post('trade/order', { ...MARKET, instId: ETH, tdMode: 'cross', sz: '2' });
  test.post('trade/order', { ...LIMIT, clOrdId: 'resting' });
  const { ordId } = test.post('trade/order', LIMIT).data[0] ?? {};
  test.post('trade/cancel-order', { instId: BTC, ordId });
  test.post('trade/order-algo', { ...STOP, algoClOrdId: 'stop' });
  const { algoId } = test.post('trade/order-algo', STOP).data[0] ?? {};
  test.post('trade/cancel-algos', [{ instId: BTC, algoId }]);
  return test;
}

function restarted(test: PaperTest): PaperTest {
  const path = join(folder, 'state.json');
  writeState(path, { market, floor: test.exchange.floor.save() });
  const state = readState(path);
  if (state === undefined) throw new Error('nothing was written');
  return paper({ saved: state.floor });
}

describe('an exchange that was stopped', () => {
  it('shows after its restart what it showed before', () => {
    const before = busy();
    const after = restarted(before);
    expect(shown(after)).toEqual(shown(before));
  });

  it('goes on alike: the same orders fill, the same stop closes, no id is given twice', () => {
    const before = busy();
    const after = restarted(before);
    for (const test of [before, after]) {
      test.post('trade/order', { ...LIMIT, sz: '2', clOrdId: 'later' });
      expect(test.post('trade/order', { ...LIMIT, clOrdId: 'resting' }).data[0]?.['sCode']).toBe('51016');
      test.price(BTC, '58990');
      test.price(BTC, '57999');
      test.pass(8 * 3_600_000);
    }
    expect(shown(after)).toEqual(shown(before));
    const ids = after.get('trade/fills').data.map(({ tradeId }) => tradeId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('fires the dead-man switch that fell due while it was away', () => {
    const before = paper();
    before.post('trade/order', LIMIT);
    before.post('trade/cancel-all-after', { timeOut: '10' });
    const after = restarted(before);
    after.pass(10_000);
    expect(after.get('trade/orders-pending').data).toEqual([]);
  });

  it('stands in the same generated market, and lives through the time it missed', () => {
    const source = (fromMs: number) =>
      new GeneratedMarket({ seed: 3, instruments: [wellKnown(BTC)], bornAt: NOW, fromMs });
    const before = paper({ source: source(NOW) });
    before.post('trade/order', { ...MARKET, sz: '1' });
    before.pass(90_500);
    const saved = before.exchange.floor.save();
    before.pass(120_000);
    const after = paper({ source: source(saved.at), saved });
    after.pass(210_500);
    const candles = (test: PaperTest) => test.get('market/candles', { instId: BTC, limit: '10' }).data;
    expect(candles(after)).toEqual(candles(before));
    expect(after.get('account/positions').data).toEqual(before.get('account/positions').data);
  });
});

describe('the file', () => {
  it('is for its owner only, and nothing is left beside it', () => {
    const path = join(folder, 'state.json');
    writeState(path, { market, floor: paper().exchange.floor.save() });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('is refused where it is not one, and absent where there is none', () => {
    const path = join(folder, 'state.json');
    expect(readState(path)).toBeUndefined();
    for (const text of ['{"version":', '{}', '{"version":2,"market":{},"floor":{}}']) {
      writeFileSync(path, text);
      expect(() => readState(path)).toThrow(StateFileError);
    }
  });

  it('keeps money to the last unit through its texts', () => {
    const floor = busy().exchange.floor.save();
    const state = JSON.parse(JSON.stringify({ market, floor })) as SavedExchange;
    expect(state.floor.desks[0]?.totals).toEqual(floor.desks[0]?.totals);
  });
});

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  it('the state that was saved stays, nothing lies beside it, and what is thrown names the file', () => {
    const path = join(folder, 'state.json');
    const state = { market, floor: busy().exchange.floor.save() };
    writeState(path, state);
    symlinkSync('/dev/full', `${path}.new`);
    expect(() => writeState(path, state)).toThrow(expect.objectContaining({ code: 'ENOSPC', path }));
    expect(readState(path)).toMatchObject({ market });
    expect(readdirSync(folder)).toEqual(['state.json']);
  });
});
