/** `data`: nothing of a file is dropped in silence, and what is stored can be listed and checked. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { CANDLE_COLUMNS, emptyCandles } from '../../core/market/candle.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { loadStored, storeCandles } from '../../data/store/store.ts';
import { takeWriterLock } from '../../journal/files/writer-lock.ts';

inEmptyFolder();

const STORED = 'state/candles/BTC-USDT-SWAP/1m.candles';

const START = Date.UTC(2024, 0, 1);
const row = (minute: number, price = 60_000) =>
  `${START + minute * 60_000},${price},${price + 10},${price - 10},${price},1.5`;
const csv = (...rows: readonly string[]) => `ts,open,high,low,close,volume\n${rows.join('\n')}\n`;

async function imported(text: string | Uint8Array, words = '') {
  writeFileSync('a.csv', text);
  return rungwise(`data import a.csv --symbol BTC-USDT-SWAP ${words}`);
}

describe('a sound file', () => {
  it('is stored, listed and verified', async () => {
    const { code, out, err } = await imported(csv(row(0), row(1), row(2)));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('stored 3 candles in state/candles/BTC-USDT-SWAP/1m.candles');
    expect((await rungwise('data list')).out).toMatch(
      /BTC-USDT-SWAP +3 +2024-01-01 00:00 +2024-01-01 00:02 +0 +0\.\d kB/,
    );
    expect(await rungwise('data verify')).toEqual({ code: 0, out: '✓ BTC-USDT-SWAP: sound, 3 candles\n', err: '' });
  });

  it('lies where RUNGWISE_HOME says', async () => {
    writeFileSync('a.csv', csv(row(0)));
    const env = { RUNGWISE_HOME: 'elsewhere' };
    await rungwise('data import a.csv --symbol BTC-USDT-SWAP', { env });
    expect(readFileSync('elsewhere/candles/BTC-USDT-SWAP/1m.candles').length).toBeGreaterThan(0);
  });

  it('joins the candles that are there', async () => {
    await imported(csv(row(0), row(1)));
    const { out } = await imported(csv(row(1, 61_000), row(2)));
    expect(out).toContain('stored 3 candles');
    expect(out).toContain('1 new, 1 replaced');
  });

  it('is noted by its name, each stretch of it, in the list and its JSON', async () => {
    await imported(csv(row(0), row(1), row(2)));
    expect((await rungwise('data list', { columns: 40 })).out).toContain('\nall from the file a.csv\n');
    writeFileSync('b.csv', csv(row(1)));
    await rungwise('data import b.csv --symbol BTC-USDT-SWAP');
    const { out } = await rungwise('data list');
    expect(out).toContain('BTC-USDT-SWAP  2024-01-01 00:01 … 2024-01-01 00:01 UTC: the file b.csv\n');
    expect((await rungwise('data list --lang ru')).out).toContain('00:02 UTC: файл a.csv\n');
    const [stored] = JSON.parse((await rungwise('data list --json')).out).stored;
    expect(stored.stretches.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`)).toEqual([
      'file a.csv',
      'file b.csv',
      'file a.csv',
    ]);
  });

  it('is reported as JSON where that is asked for', async () => {
    const { out } = await imported(csv(row(0), row(3)), '--json');
    expect(JSON.parse(out)).toMatchObject({
      stored: { candles: 2, added: 2 },
      report: { rows: 2, missingMinutes: 2, gaps: { count: 1, first: [{ line: 3, minutes: 2 }] } },
    });
  });
});

describe('candles that were stored before their exchange changed the grid', () => {
  const was = { ...BTC_SWAP, tickSize: decimal('0.25'), contractValue: decimal('0.02') };
  const keep = () => {
    const candles = emptyCandles(BTC_SWAP.instId, 2);
    candles.openMinute.set([START / 60_000, START / 60_000 + 1]);
    for (const column of CANDLE_COLUMNS.slice(1)) candles[column].set([240_001, 240_004]);
    storeCandles('state/candles', candles, was, []);
  };
  const told = 'were stored on another grid (tickSz 0.25, now 0.1, ctVal 0.02, now 0.01)';

  it.each(['backtest --symbol BTC-USDT-SWAP', 'plan BTC-USDT-SWAP'])(
    'are used by "%s", which tells it',
    async (words) => {
      keep();
      const { code, err } = await rungwise(words);
      expect([code, err]).toEqual([0, expect.stringContaining(told)]);
      expect(err.split('prices of 1 and volume of 0 of 2 candles rounded')).toHaveLength(2);
      const ru = await rungwise(`${words} --lang ru`);
      expect(ru.err).toContain('сохранены на другой сетке (tickSz 0.25, теперь 0.1, ctVal 0.02, теперь 0.01)');
    },
  );

  it('stay beside those of an import, on the grid that is from then on', async () => {
    keep();
    const { code, out, err } = await imported(csv(row(2)));
    expect([code, out, err]).toEqual([0, expect.stringContaining('stored 3 candles'), expect.stringContaining(told)]);
    expect((await rungwise('backtest --symbol BTC-USDT-SWAP')).err).not.toContain('another grid');
    const { candles } = loadStored('state/candles', BTC_SWAP);
    expect([[...candles.highTicks], [...candles.volumeLots]]).toEqual([
      [600_003, 600_010, 600_100],
      [480_002, 480_008, 15_000],
    ]);
  });
});

describe('while another process stores candles of the symbol', () => {
  it('none are put beside them, for they would be lost or lose the others: exit code 4', async () => {
    await imported(csv(row(0)));
    const before = readFileSync(STORED);
    const lock = takeWriterLock('state/candles/BTC-USDT-SWAP/store', 0);
    const en = await imported(csv(row(1)));
    expect([en.code, en.out]).toEqual([4, '']);
    expect(en.err).toContain('another process is storing candles of BTC-USDT-SWAP: begin again when it has ended');
    expect((await imported(csv(row(1)), '--lang ru')).err).toContain(
      'свечи BTC-USDT-SWAP сейчас сохраняет другой процесс',
    );
    expect(readFileSync(STORED).equals(before)).toBe(true);
    lock.release();
    expect((await imported(csv(row(1)))).out).toContain('stored 2 candles');
  });
});

it.each(['data list', 'data verify', 'backtest --symbol BTC-USDT-SWAP', 'plan BTC-USDT-SWAP'])(
  '"%s" tells of a folder in the place of the candles, in either language',
  async (words) => {
    mkdirSync(STORED, { recursive: true });
    const [en, ru] = [await rungwise(words), await rungwise(`${words} --lang ru`)];
    for (const { code } of [en, ru]) expect(code).toBeGreaterThan(0);
    expect(en.out + en.err).toContain('1m.candles: this is a folder, not a file');
    expect(ru.out + ru.err).toContain('1m.candles: это папка, а не файл');
  },
);

describe('a file without a last line end', () => {
  const open = `${csv(row(0))}${row(1)}`;

  it('is stored, and its last line is named: nobody can see whether it was cut there', async () => {
    const en = await imported(open);
    expect([en.code, en.out]).toEqual([0, expect.stringContaining('line 3, the last one')]);
    const ru = await imported(open, '--lang ru');
    expect([ru.code, ru.out]).toEqual([0, expect.stringContaining('строка 3, последняя')]);
    const whole = await imported(csv(row(0), row(1)));
    expect(whole.out).not.toContain('the last one');
  });

  it('is told by backtest too, gzip or not', async () => {
    for (const bytes of [Buffer.from(open), gzipSync(open)]) {
      writeFileSync('a.csv', bytes);
      const { code, err } = await rungwise('backtest --candles a.csv --symbol BTC-USDT-SWAP');
      expect([code, err]).toEqual([0, expect.stringContaining('a.csv: line 3, the last one')]);
    }
  });

  it('that is cut within a number of known length is refused', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => row(i).replace(/1\.5$/, '1.50'));
    const { code, out } = await imported(csv(...lines).slice(0, -2));
    expect([code, out]).toEqual([2, expect.stringContaining('line 31, the last one, breaks off')]);
  });
});

describe('counts', () => {
  it.each([
    [1, 'a.csv: 1 candle of BTC-USDT-SWAP from 1 line of data', 'a.csv: 1 свеча BTC-USDT-SWAP из 1 строки данных'],
    [1_200, '1,200 candles of BTC-USDT-SWAP from 1,200 lines', '1\u202f200 свечей BTC-USDT-SWAP из 1\u202f200 строк'],
  ])('of %i are said as people say them', async (count, english, russian) => {
    const text = csv(...Array.from({ length: count }, (_, i) => row(i)));
    expect((await imported(text)).out).toContain(english);
    expect((await imported(text, '--lang ru')).out).toContain(russian);
  });
});

describe('a file from the newest to the oldest', () => {
  it('is refused as unsorted, with a hint that works, and nothing else is said of it', async () => {
    writeFileSync('a.csv', csv(row(2), row(1), row(0)));
    for (const words of ['backtest --candles a.csv', 'data import a.csv']) {
      const refused = await rungwise(`${words} --symbol BTC-USDT-SWAP`);
      expect(refused.code, words).toBe(2);
      expect(refused.out + refused.err).toMatch(/newest (to the oldest|first).*--mend/s);
      expect(refused.out + refused.err).not.toContain('nothing was left out');
      expect((await rungwise(`${words} --symbol BTC-USDT-SWAP --mend`)).code, words).toBe(0);
    }
  });
});

describe('a file with faults', () => {
  it.each([
    // what            rows                                                  said
    ['a bad number', [row(0), `${START + 60_000},NaN,1,1,1,1`], 'line 3'],
    ['a missing column', [row(0), `${START + 60_000},1,1`], 'line 3'],
    ['disorder', [row(0), row(2), row(1)], 'line 4'],
    ['a repetition', [row(0), row(0)], 'line 3'],
    ['a cut end', [row(0), row(1), `${START + 120_000},600`], 'line 4'],
  ])('%s is told with its line and nothing is stored', async (_, rows, said) => {
    const { code, out, err } = await imported(csv(...rows));
    expect(code).toBe(2);
    expect(out).toContain(said);
    expect(err).toContain('nothing was stored: mend the file, or store what is good of it with "--mend"');
    expect((await rungwise('data list')).err).toContain('no candles in state/candles');
  });

  it('is stored without them where that is asked for', async () => {
    const { code, out } = await imported(csv(row(0), row(2), row(1), 'x,y,z,a,b,c'), '--mend');
    expect(code).toBe(0);
    expect(out).toContain('stored 3 candles');
    expect(out, 'and the bad line is told all the same').toContain('line 5');
  });
});

describe('a file that nothing can be made of ends with 2', () => {
  it.each([
    ['empty', '', 'empty', 'пуст'],
    ['binary', new Uint8Array(4096).fill(1), 'binary data', 'двоичные данные'],
    ['a zip archive', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 'zip', 'zip'],
    ['wrong columns', 'a,b,c\n1,2,3\n', 'column', 'столбц'],
  ])('%s', async (_, text, english, russian) => {
    const en = await imported(text);
    const ru = await imported(text, '--lang ru');
    expect([en.code, ru.code, en.out, ru.out]).toEqual([2, 2, '', '']);
    expect(en.err).toContain(english);
    expect(ru.err).toContain(russian);
    expect(en.err.trim().split('\n'), 'no stack').toHaveLength(1);
  });

  it.each([
    ['data import no.csv --symbol BTC-USDT-SWAP', 'no.csv: there is no such file', 'no.csv: нет такого файла'],
    ['data import there --symbol BTC-USDT-SWAP', 'there: this is a folder', 'there: это папка'],
    ['data import no.csv --symbol BTC', 'did you mean BTC-USDT-SWAP?', 'может быть, BTC-USDT-SWAP?'],
  ])('%s', async (words, english, russian) => {
    mkdirSync('there');
    const en = await rungwise(words);
    const ru = await rungwise(`${words} --lang ru`);
    expect([en.code, ru.code]).toEqual([2, 2]);
    expect(en.err).toContain(english);
    expect(ru.err).toContain(russian);
  });
});

describe('damage', () => {
  it('of one byte is found by verify, which ends with 1', async () => {
    await imported(csv(row(0), row(1)));
    const path = 'state/candles/BTC-USDT-SWAP/1m.candles';
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { code, out } = await rungwise('data verify');
    expect(code).toBe(1);
    expect(out).toContain('✗');
    expect(out).toContain('checksum');
    const json = await rungwise('data verify --json');
    expect(JSON.parse(json.out).files).toMatchObject([{ ok: false }]);
  });

  it.each([
    ['a cut end', (bytes: Buffer) => bytes.subarray(0, -5)],
    ['another head', (bytes: Buffer) => bytes.subarray(9)],
    ['another byte', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(255)])],
  ])('by %s is mended as it is advised: what is stored is never written over', async (_, damaged) => {
    await imported(csv(row(0), row(1)));
    writeFileSync(STORED, damaged(readFileSync(STORED)));
    const { code, err } = await imported(csv(row(0), row(1)));
    expect([code, err]).toEqual([2, expect.stringContaining('move the file away and import the candles again')]);
    renameSync(STORED, 'away');
    expect((await imported(csv(row(0), row(1)))).code).toBe(0);
    expect((await rungwise('data verify')).code).toBe(0);
  });

  it('of the head is told by list, beside what can be read', async () => {
    await imported(csv(row(0)));
    mkdirSync('state/candles/ETH-USDT-SWAP');
    writeFileSync('state/candles/ETH-USDT-SWAP/1m.candles', 'nonsense');
    const { code, out, err } = await rungwise('data list');
    expect(code).toBe(1);
    expect(out).toContain('BTC-USDT-SWAP');
    expect(err).toContain('damaged: state/candles/ETH-USDT-SWAP/1m.candles');
  });

  it('is not that a symbol was never stored: that is a wrong name, told with those that are', async () => {
    const empty = await rungwise('data verify SOL-USDT-SWAP');
    expect([empty.code, empty.out]).toEqual([2, '']);
    expect(empty.err).toContain('no candles of SOL-USDT-SWAP are stored: bring some with "rungwise data import"');
    await imported(csv(row(0)));
    const en = await rungwise('data verify BTC');
    expect([en.code, en.out]).toEqual([2, '']);
    expect(en.err).toContain('no candles of BTC are stored; did you mean BTC-USDT-SWAP? Stored: BTC-USDT-SWAP');
    const ru = await rungwise('data verify BTC --json --lang ru');
    expect([ru.code, ru.out]).toEqual([2, '']);
    expect(ru.err).toContain('сохранённых свечей BTC нет; может быть, BTC-USDT-SWAP? Есть: BTC-USDT-SWAP');
  });
});

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  it('says so with the name of the file, in either language, and keeps what was stored', async () => {
    await imported(csv(row(0), row(1)));
    const folder = 'state/candles/BTC-USDT-SWAP';
    const stored = readFileSync(`${folder}/1m.candles`);
    for (const [words, why] of [
      ['', 'the disk is full'],
      ['--lang ru', 'на диске нет места'],
    ] as const) {
      symlinkSync('/dev/full', `${folder}/1m.candles.${process.pid}.new`);
      const { code, err } = await imported(csv(row(0), row(1), row(2)), words);
      expect(code).toBe(2);
      expect(err).toContain(`rungwise: ${folder}/1m.candles: ${why}\n`);
      expect(readdirSync(folder)).toEqual(['1m.candles', 'store.lock.db']);
      expect(readFileSync(`${folder}/1m.candles`)).toEqual(stored);
    }
  });
});

it.each([
  ['data import a.csv --symbol BTC-USDT-SWAP', 'interrupted: nothing was stored\n'],
  ['data import a.csv --symbol BTC-USDT-SWAP --lang ru', 'прервано: ничего не сохранено\n'],
  ['exchange --market replay a.csv --symbol BTC-USDT-SWAP', 'interrupted while candles were read: nothing was run\n'],
  ['backtest --candles a.csv --symbol BTC-USDT-SWAP', 'interrupted while candles were read: nothing was run\n'],
])('Ctrl-C while the file of "%s" is read ends with 130 and a sentence', async (words, said) => {
  writeFileSync('a.csv', csv(...Array.from({ length: 20_000 }, (_, minute) => row(minute))));
  const others = process.listeners('SIGINT');
  const running = rungwise(words);
  const isHeard = () => process.listeners('SIGINT').some((listener) => !others.includes(listener));
  await vi.waitUntil(isHeard, { timeout: 30_000, interval: 1 });
  process.emit('SIGINT');
  const { code, err } = await running;
  expect(code).toBe(130);
  expect(err).toContain(said);
  expect(existsSync('state')).toBe(false);
});

it.each([
  [String(START), 'time in ms', 'время: мс'],
  [String(START / 1_000), 'time in s', 'время: с,'],
  [new Date(START).toISOString(), 'time as date', 'время: дата'],
])('a time written as %s is named in words, in either language', async (time, en, ru) => {
  const text = csv(row(0).replace(String(START), time));
  expect((await imported(text)).out).toContain(en);
  expect((await imported(text, '--lang ru')).out).toContain(ru);
});
