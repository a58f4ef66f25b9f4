import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../test/fixtures/btc-swap.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, firstCandles } from '../core/candle.ts';
import { decimal } from '../core/decimal.ts';
import { Market } from '../sim/market.ts';
import { DataError } from './data-error.ts';
import { candlePath, listStored, loadCandles, mergedCandles, storeCandles, verifyStored } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'rungwise-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = Market.of({
  seed: 1,
  startMinute: 29_000_000,
  correlation: 0,
  symbols: [{ instId: BTC_SWAP.instId, startTicks: 600_000, minuteLots: 400_000, volatility: 0.0008, spreadTicks: 1 }],
}).candles(5_000)[0] as Candles;

const plain = (candles: Candles) =>
  CANDLE_COLUMNS.map((column) => Buffer.from(candles[column]).toString('hex') + candles[column].join());

const problemOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof DataError) return error.problem.code;
    throw error;
  }
  return 'none';
};

describe('stored candles', () => {
  const path = storeCandles(folder, stored, BTC_SWAP);

  it('come back as they were, in memory of either kind', () => {
    for (const shared of [false, true]) {
      const candles = loadCandles(folder, BTC_SWAP, shared);
      expect(plain(candles)).toEqual(plain(stored));
      expect(candles.openTicks.buffer instanceof SharedArrayBuffer).toBe(shared);
    }
  });

  it('take 24 bytes each, and a head', () => {
    expect(statSync(path).size - 24 * stored.length).toBeLessThan(512);
  });

  it('stand one column after another, in the order that every file written so far has', () => {
    const bytes = readFileSync(path).subarray(-24 * stored.length);
    const numbers = new Uint32Array(Uint8Array.from(bytes).buffer);
    const { openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = stored;
    const columns = [openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots];
    for (const [at, column] of columns.entries())
      expect(numbers.subarray(at * stored.length, (at + 1) * stored.length)).toEqual(Uint32Array.from(column));
  });

  it('leave nothing else in the folder', () => {
    expect(readdirSync(join(folder, BTC_SWAP.instId))).toEqual(['1m.candles']);
  });

  it('are the same bytes when stored again', () => {
    const before = readFileSync(path);
    storeCandles(folder, loadCandles(folder, BTC_SWAP), BTC_SWAP);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('are listed and verified with their head', () => {
    const head = {
      instId: 'BTC-USDT-SWAP',
      candles: 5_000,
      firstMinute: 29_000_000,
      lastMinute: 29_004_999,
      tickSz: '0.1',
      lotSz: '0.01',
    };
    expect(listStored(folder).files).toMatchObject([{ path, head }]);
    expect(verifyStored(path)).toMatchObject(head);
  });

  it('may be part of larger columns', () => {
    const part = mkdtempSync(join(folder, 'part-'));
    storeCandles(part, firstCandles(stored, 10), BTC_SWAP);
    expect(plain(loadCandles(part, BTC_SWAP))).toEqual(plain(firstCandles(stored, 10)));
  });

  it('may be none', () => {
    const none = mkdtempSync(join(folder, 'none-'));
    storeCandles(none, emptyCandles(BTC_SWAP.instId, 0), BTC_SWAP);
    expect(loadCandles(none, BTC_SWAP).length).toBe(0);
  });
});

describe('what is refused', () => {
  it('candles that are not there', () => {
    expect(() => loadCandles(join(folder, 'nowhere'), BTC_SWAP)).toThrow('no candles of BTC-USDT-SWAP are stored');
    expect(listStored(join(folder, 'nowhere'))).toEqual({ files: [], damaged: [] });
  });

  it.each(['../BTC', '', 'a/b', '.', 'a\0b', 'x'.repeat(65)])('a symbol "%s" that names no folder', (instId) => {
    expect(problemOf(() => candlePath(folder, instId))).toBe('name');
  });

  it('a grid that the exchange has changed since', () => {
    const finer = { ...BTC_SWAP, tickSize: decimal('0.01') };
    expect(() => loadCandles(folder, finer)).toThrow('stored with tickSz 0.1, but the instrument now has 0.01');
  });

  it('any byte changed, any cut: told, and told by list too', () => {
    const own = mkdtempSync(join(folder, 'damage-'));
    const path = storeCandles(own, firstCandles(stored, 12), BTC_SWAP);
    const good = readFileSync(path);
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 0x01;
      writeFileSync(path, bad);
      expect(
        problemOf(() => verifyStored(path)),
        `byte ${at}`,
      ).not.toBe('none');
    }
    for (let size = 0; size < good.length; size += 7) {
      writeFileSync(path, good);
      truncateSync(path, size);
      expect(
        problemOf(() => verifyStored(path)),
        `cut at ${size}`,
      ).not.toBe('none');
    }
    writeFileSync(path, Buffer.concat([good, Buffer.alloc(4)]));
    expect(
      problemOf(() => verifyStored(path)),
      'longer',
    ).toBe('size');
    writeFileSync(path, 'nonsense');
    expect(listStored(own).damaged.map((error) => error.problem.code)).toEqual(['not-candles']);
  });

  it('a newer format, by name', () => {
    const own = mkdtempSync(join(folder, 'newer-'));
    const path = candlePath(own, 'BTC-USDT-SWAP');
    mkdirSync(join(own, 'BTC-USDT-SWAP'));
    writeFileSync(path, 'RWC2\0\0\0\0');
    expect(problemOf(() => loadCandles(own, BTC_SWAP))).toBe('newer');
  });

  it('candles out of order, though their checksum is right', () => {
    const own = mkdtempSync(join(folder, 'order-'));
    const wrong = emptyCandles(BTC_SWAP.instId, 2);
    for (const column of CANDLE_COLUMNS) wrong[column].fill(5);
    expect(problemOf(() => verifyStored(storeCandles(own, wrong, BTC_SWAP)))).toBe('broken-candle');
  });
});

it('two imports merge: every minute once, the newer one where both know it', () => {
  const minutes = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 40 }).map((all) => all.toSorted((a, b) => a - b));
  const made = (all: readonly number[], price: number) => {
    const candles = emptyCandles('X', all.length);
    candles.openMinute.set(all);
    for (const column of CANDLE_COLUMNS.slice(1)) candles[column].fill(price);
    return candles;
  };
  fc.assert(
    fc.property(minutes, minutes, (older, newer) => {
      const { candles, added, replaced } = mergedCandles(made(older, 1), made(newer, 2));
      const all = [...new Set([...older, ...newer])].toSorted((a, b) => a - b);
      expect([...candles.openMinute]).toEqual(all);
      expect([...candles.closeTicks]).toEqual(all.map((minute) => (newer.includes(minute) ? 2 : 1)));
      expect([added, replaced]).toEqual([all.length - older.length, older.length + newer.length - all.length]);
    }),
    { numRuns: 1_000 },
  );
});
