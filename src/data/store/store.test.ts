import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, firstCandles } from '../../core/market/candle.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { Market } from '../../sim/market/market.ts';
import { DataError } from '../data-error.ts';
import { mergedStretches, type Origin, type Stretch } from './origin.ts';
import { addCandles, candlePath, listStored, loadStored, mergedCandles, storeCandles, verifyStored } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'rungwise-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = Market.of({
  seed: 1,
  startMinute: 29_000_000,
  correlation: 0,
  symbols: [{ instId: BTC_SWAP.instId, startTicks: 600_000, minuteLots: 400_000, volatility: 0.0008, spreadTicks: 1 }],
}).candles(5_000)[0] as Candles;

const all: readonly Stretch[] = [
  { kind: 'okx', name: 'https://www.okx.com', firstMinute: 29_000_000, lastMinute: 29_004_999 },
];

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
  const path = storeCandles(folder, stored, BTC_SWAP, all);

  it('take away what a process that was killed while it wrote has left aside, and nothing else', () => {
    const own = mkdtempSync(join(tmpdir(), 'rungwise-store-'));
    const file = candlePath(own, BTC_SWAP.instId);
    mkdirSync(dirname(file), { recursive: true });
    for (const name of [`${file}.4711.new`, join(dirname(file), 'funding.csv.4711.new')]) writeFileSync(name, 'half');
    storeCandles(own, stored, BTC_SWAP, all);
    expect(readdirSync(dirname(file)).toSorted()).toEqual(['1m.candles', 'funding.csv.4711.new']);
    rmSync(own, { recursive: true });
  });

  it('come back as they were', () => {
    expect(plain(loadStored(folder, BTC_SWAP).candles)).toEqual(plain(stored));
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
    storeCandles(folder, loadStored(folder, BTC_SWAP).candles, BTC_SWAP, all);
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
      stretches: all,
    };
    expect(listStored(folder).files).toMatchObject([{ path, head }]);
    expect(verifyStored(path)).toMatchObject(head);
  });

  it('may be part of larger columns', () => {
    const part = mkdtempSync(join(folder, 'part-'));
    storeCandles(part, firstCandles(stored, 10), BTC_SWAP, []);
    expect(plain(loadStored(part, BTC_SWAP).candles)).toEqual(plain(firstCandles(stored, 10)));
  });

  it('may be none', () => {
    const none = mkdtempSync(join(folder, 'none-'));
    storeCandles(none, emptyCandles(BTC_SWAP.instId, 0), BTC_SWAP, []);
    expect(loadStored(none, BTC_SWAP).candles.length).toBe(0);
  });
});

describe('what is refused', () => {
  it('candles that are not there', () => {
    expect(() => loadStored(join(folder, 'nowhere'), BTC_SWAP)).toThrow('no candles of BTC-USDT-SWAP are stored');
    expect(listStored(join(folder, 'nowhere'))).toEqual({ files: [], damaged: [] });
  });

  it.each(['../BTC', '', 'a/b', '.', 'a\0b', 'x'.repeat(65)])('a symbol "%s" that names no folder', (instId) => {
    expect(problemOf(() => candlePath(folder, instId))).toBe('name');
  });

  it.each(['1000000', '0.000001'])('a grid of ticks of %s, on which a price has no place', (tick) => {
    const other = { ...BTC_SWAP, tickSize: decimal(tick) };
    expect(() => loadStored(folder, other)).toThrow(
      `stored with tickSz 0.1; the instrument now has ${tick}, and a price`,
    );
  });

  it('any byte changed, any cut: told, and told by list too', () => {
    const own = mkdtempSync(join(folder, 'damage-'));
    const path = storeCandles(own, firstCandles(stored, 12), BTC_SWAP, []);
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
    expect(problemOf(() => loadStored(own, BTC_SWAP))).toBe('newer');
  });

  it('candles out of order, though their checksum is right', () => {
    const own = mkdtempSync(join(folder, 'order-'));
    const wrong = emptyCandles(BTC_SWAP.instId, 2);
    for (const column of CANDLE_COLUMNS) wrong[column].fill(5);
    expect(problemOf(() => verifyStored(storeCandles(own, wrong, BTC_SWAP, [])))).toBe('broken-candle');
  });
});

describe('what no one has stored so', () => {
  const own = mkdtempSync(join(tmpdir(), 'rungwise-forged-'));
  const path = storeCandles(own, firstCandles(stored, 10), BTC_SWAP, all);
  const good = readFileSync(path);
  const headBytes = good.readUInt32LE(4);
  afterAll(() => rmSync(own, { recursive: true }));

  /** The file with another head of the same length or not, its checksum left as it was. */
  const forge = (change: object) => {
    const json = Buffer.from(JSON.stringify({ ...JSON.parse(good.toString('utf8', 8, 8 + headBytes)), ...change }));
    const start = Buffer.from(good.subarray(0, 8));
    start.writeUInt32LE(json.length, 4);
    writeFileSync(path, Buffer.concat([start, json, good.subarray(8 + headBytes)]));
  };

  it.each([
    [{ firstMinute: 'x' }, 'not-candles'],
    [{ lastMinute: 1e300 }, 'not-candles'],
    [{ stretches: 5 }, 'not-candles'],
    [{ stretches: [null] }, 'not-candles'],
    [{ candles: 9 }, 'size'],
    [{ instId: 'ETH-USDT-SWAP' }, 'other-folder'],
  ])('a head with %j is told, by list too', (change, code) => {
    forge(change);
    expect(listStored(own).damaged.map(({ problem }) => problem.code)).toEqual([code]);
    expect(problemOf(() => loadStored(own, BTC_SWAP))).toBe(code);
  });

  it('a folder in the place of the file is told, by everybody who reads it', () => {
    rmSync(path);
    mkdirSync(path);
    expect(listStored(own).damaged.map(({ problem }) => problem.code)).toEqual(['unreadable']);
    for (const read of [() => loadStored(own, BTC_SWAP), () => verifyStored(path)])
      expect(problemOf(read)).toBe('unreadable');
    rmSync(path, { recursive: true });
  });

  it.skipIf(process.platform === 'win32')('a symbol whose folder is a link is listed', () => {
    const there = mkdtempSync(join(folder, 'elsewhere-'));
    const linked = mkdtempSync(join(folder, 'linked-'));
    storeCandles(there, firstCandles(stored, 10), BTC_SWAP, all);
    symlinkSync(join(there, BTC_SWAP.instId), join(linked, BTC_SWAP.instId));
    expect(listStored(linked).files).toHaveLength(1);
  });
});

describe('where candles are from', () => {
  const OKX: Origin = { kind: 'okx', name: 'https://www.okx.com' };
  const FILE: Origin = { kind: 'file', name: 'week.csv' };
  const PAPER: Origin = { kind: 'exchange', name: 'http://127.0.0.1:8780' };
  const OTHER: Origin = { kind: 'exchange', name: 'http://127.0.0.1:8781' };
  const minutes = (first: number, last: number) => {
    const candles = emptyCandles(BTC_SWAP.instId, last - first + 1);
    for (const column of CANDLE_COLUMNS) candles[column].fill(5);
    candles.openMinute.set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
    return candles;
  };
  /** The file as a version wrote it that noted no origins. */
  const withoutOrigins = (path: string) => {
    const bytes = readFileSync(path);
    const { stretches: _, crc32: __, ...head } = JSON.parse(bytes.toString('utf8', 8, 8 + bytes.readUInt32LE(4)));
    const columns = bytes.subarray(8 + bytes.readUInt32LE(4));
    const sum = crc32(columns, crc32(JSON.stringify(head)))
      .toString(16)
      .padStart(8, '0');
    const json = Buffer.from(JSON.stringify({ ...head, crc32: sum }));
    const start = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
    start.write('RWC1');
    start.writeUInt32LE(start.length - 8, 4);
    json.copy(start, 8);
    writeFileSync(path, Buffer.concat([start, columns]));
  };
  const added = (own: string, candles: Candles, origin: Origin) => {
    const older = existsSync(candlePath(own, BTC_SWAP.instId)) ? loadStored(own, BTC_SWAP) : undefined;
    return addCandles(own, BTC_SWAP, older, candles, origin);
  };

  it('is noted of every stretch: the newer one holds where both know a minute', () => {
    const own = mkdtempSync(join(folder, 'origin-'));
    added(own, minutes(10, 19), OKX);
    added(own, minutes(14, 15), FILE);
    added(own, minutes(30, 31), OKX);
    expect(loadStored(own, BTC_SWAP).stretches).toEqual([
      { ...OKX, firstMinute: 10, lastMinute: 13 },
      { ...FILE, firstMinute: 14, lastMinute: 15 },
      { ...OKX, firstMinute: 16, lastMinute: 31 },
    ]);
  });

  it.each([
    // stored  more    verdict
    [OKX, FILE, 'none'],
    [FILE, OKX, 'none'],
    [PAPER, PAPER, 'none'],
    [OKX, PAPER, 'other-market'],
    [FILE, PAPER, 'other-market'],
    [PAPER, OKX, 'other-market'],
    [PAPER, FILE, 'other-market'],
    [PAPER, OTHER, 'other-market'],
  ])('of $name, then of $name: $2', (stored, more, verdict) => {
    const own = mkdtempSync(join(folder, 'mixed-'));
    added(own, minutes(1, 2), stored);
    expect(problemOf(() => added(own, minutes(3, 4), more))).toBe(verdict);
    expect(loadStored(own, BTC_SWAP).candles.length).toBe(verdict === 'none' ? 4 : 2);
  });

  it('is unknown of files that noted nothing, and such files stay apart from an exchange of its own market', () => {
    const own = mkdtempSync(join(folder, 'older-'));
    withoutOrigins(storeCandles(own, minutes(1, 2), BTC_SWAP, []));
    const unknown = { kind: 'unknown', name: '', firstMinute: 1, lastMinute: 2 };
    expect(loadStored(own, BTC_SWAP).stretches).toEqual([unknown]);
    expect(problemOf(() => added(own, minutes(3, 4), PAPER))).toBe('other-market');
    added(own, minutes(3, 4), OKX);
    expect(loadStored(own, BTC_SWAP).stretches).toEqual([unknown, { ...OKX, firstMinute: 3, lastMinute: 4 }]);
  });

  it('is not noted without end', () => {
    const whole = minutes(0, 8_010);
    const even = emptyCandles('X', 4_005);
    even.openMinute.set(Array.from({ length: 4_005 }, (_, i) => 2 * i));
    const older = [{ ...OKX, firstMinute: 0, lastMinute: 8_010 }];
    expect(problemOf(() => mergedStretches('a', whole, older, even, FILE))).toBe('patchwork');
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
