import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { long } from '../../../test/long.ts';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import type { Candles } from '../../core/market/candle.ts';
import { DataError } from '../data-error.ts';
import { problemText } from '../texts.ts';
import { importCsv, importCsvFile } from './csv.ts';
import { type CsvOptions, CsvReader, type Imported } from './csv-reader.ts';
import { isFaultless, LISTED_MAX, refuseFaults } from './import-report.ts';

const options: CsvOptions = { instrument: BTC_SWAP };
const HEADER = 'ts,open,high,low,close,volume';
const START = 1_613_692_800_000;

/** A good line of minute `i`. */
const row = (i: number, close = 100) => `${START + i * 60_000},100,${Math.max(100, close)},99,${close},1`;
const rows = (count: number) => Array.from({ length: count }, (_, i) => row(i));
const file = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

const readBytes = (bytes: Uint8Array, chunkBytes = bytes.length, given = options): Imported => {
  const reader = new CsvReader('test.csv', given);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  return reader.finish();
};
const readText = (text: string, given = options) => readBytes(Buffer.from(text), undefined, given);

const problemOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof DataError) return error.problem;
    throw error;
  }
  return undefined;
};

async function* inChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const columnsOf = (candles: Candles) =>
  Array.from({ length: candles.length }, (_, i) => [
    candles.openMinute[i],
    candles.openTicks[i],
    candles.highTicks[i],
    candles.lowTicks[i],
    candles.closeTicks[i],
    candles.volumeLots[i],
  ]);

describe('a header by many names', () => {
  const minute = START / 60_000;
  const expected = [[minute, 1_005, 1_012, 992, 1_003, 25_000]];
  // biome-ignore format: a table
  it.each<[whose: string, text: string]>([
    ['this house',        `ts,open,high,low,close,volume\n${START},100.5,101.2,99.2,100.3,2.5`],
    ['pandas, the index without a name', `,close,high,low,open,volume\n2021-02-19 00:00:00,100.3,101.2,99.2,100.5,2.5`],
    ['another order',     `volume,close,low,high,open,timestamp\n2.5,100.3,99.2,101.2,100.5,${START}`],
    ['Binance',           `open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n${START},100.5,101.2,99.2,100.3,2.5,${START + 59_999},250,9,1,100,0`],
    ['OKX',               `ts,open,high,low,close,vol,volCcy,volCcyQuote,confirm\n${START},100.5,101.2,99.2,100.3,250,2.5,250,1`],
    ['OKX archive',       `instrument_name,open,high,low,close,vol,vol_ccy,vol_quote,open_time,confirm\nBTC-USDT-SWAP,100.5,101.2,99.2,100.3,250,2.5,250,${START},1`],
    ['ccxt, seconds',     `timestamp,open,high,low,close,volume\n${START / 1_000},100.5,101.2,99.2,100.3,2.5`],
    ['pandas index',      `,date,open,high,low,close,volume\n0,2021-02-19 00:00:00+00:00,100.5,101.2,99.2,100.3,2.5`],
    ['cryptodatadownload', `https://www.example.org\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USDT\n${START},2021-02-19 00:00:00,BTCUSDT,100.5,101.2,99.2,100.3,2.5,250`],
    ['quote volume first', `unix,date,symbol,open,high,low,close,Volume USDT,Volume BTC\n${START},2021-02-19 00:00:00,BTCUSDT,100.5,101.2,99.2,100.3,250,2.5`],
    ['MetaTrader',        `<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\n2021.02.19\t00:00:00\t100.5\t101.2\t99.2\t100.3\t2.5`],
    ['semicolons, decimal commas', `Date;Open;High;Low;Close;Volume\n2021-02-19 00:00;100,5;101,2;99,2;100,3;2,5`],
    ['quotes',            `"ts","open","high","low","close","volume"\n"${START}","100.5","101.2","99.2","100.3","2.5"`],
    ['spaces and CRLF',   ` ts , open , high , low , close , volume \r\n ${START} , 100.5 , 101.2 , 99.2 , 100.3 , 2.5 \r\n\r\n`],
    ['a byte order mark', `\uFEFFts,open,high,low,close,volume\n${START},100.5,101.2,99.2,100.3,2.5`],
    ['microseconds',      `open_time|open|high|low|close|volume\n${START}000|100.5|101.2|99.2|100.3|2.5`],
    ['comments',          `# made by hand\nts,open,high,low,close,volume\n# the first\n${START},100.5,101.2,99.2,100.3,2.5`],
    ['no header',         `${START},100.5,101.2,99.2,100.3,2.5`],
    ['no header, OKX',    `${START},100.5,101.2,99.2,100.3,250,2.5,250,1`],
    ['no header, Binance', `${START},100.5,101.2,99.2,100.3,2.5,${START + 59_999},250,9,1,100,0`],
  ])('of %s', (_, text) => {
    for (const chunk of [1_000, 1]) {
      const { candles, report } = readBytes(Buffer.from(text), chunk);
      expect(columnsOf(candles)).toEqual(expected);
      expect(isFaultless(report)).toBe(true);
    }
  });

  it('reads contracts where the caller says that volume counts them', () => {
    const { candles } = readText(`${HEADER}\n${row(0)}`, { ...options, volumeUnit: 'contracts' });
    expect(candles.volumeLots[0]).toBe(100);
    const okx = readText(`${START},100,101,99,100,250,2.5,250,1`, { ...options, volumeUnit: 'contracts' });
    expect(okx.candles.volumeLots[0]).toBe(25_000);
  });
});

describe('a file that nothing can be made of', () => {
  const longLine = `${HEADER}\n${'1'.repeat(20_000)}`;
  // biome-ignore format: a table
  it.each<[what: string, bytes: Uint8Array, code: string]>([
    ['empty',                 Buffer.from(''),                                           'empty'],
    ['only a line end',       Buffer.from('\n'),                                         'empty'],
    ['blank lines',           Buffer.from('\n \r\n\n\n'),                                'empty'],
    ['only a header',         Buffer.from(`${HEADER}\n`),                                'no-candles'],
    ['binary',                Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 7919) & 255)), 'binary-file'],
    ['zeros',                 Buffer.alloc(5_000),                                       'binary-file'],
    ['zip',                   Buffer.from('PK\x03\x04 and so on', 'latin1'),             'binary-file'],
    ['Parquet',               Buffer.from('PAR1 and so on'),                             'binary-file'],
    ['UTF-16',                Buffer.from(`\uFEFF${file(HEADER, row(0))}`, 'utf16le'),   'encoding'],
    ['UTF-16 without its mark', Buffer.from(file(HEADER, row(0)), 'utf16le'),            'encoding'],
    ['UTF-16 the other way round', Buffer.from(file(HEADER, row(0)), 'utf16le').swap16(), 'encoding'],
    ['lines as on old Macs',  Buffer.from(file(HEADER, row(0)).replaceAll('\n', '\r')),   'line-ends'],
    ['many lines as on old Macs', Buffer.from(file(HEADER, ...Array.from({ length: 2_000 }, (_, i) => row(i))).replaceAll('\n', '\r')), 'line-ends'],
    ['a picture',             Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),    'binary-file'],
    ['prose',                 Buffer.from('Dear reader,\nthis is no candle file.\n'),    'header'],
    ['wrong columns',         Buffer.from('a,b,c,d,e,f\n1,2,3,4,5,6\n'),                 'header'],
    ['no volume',             Buffer.from(`ts,open,high,low,close\n${START},1,1,1,1\n`), 'header'],
    ['no volume beside an index without a name', Buffer.from(`,open,high,low,close,turnover\n${START},1,1,1,1,1\n`), 'header'],
    ['no close',              Buffer.from(`ts,open,high,low,volume,x\n${START},1,1,1,1,1\n`), 'header'],
    ['close twice',           Buffer.from(`ts,open,high,low,close,close,volume\n`),      'repeated-column'],
    ['too few columns without a header', Buffer.from(`${START},1,1,1,1\n`),              'header'],
    ['an order without a header that is none', Buffer.from(`1,2,3,${START},4,5\n`.repeat(20)), 'header'],
    ['close before high without a header', Buffer.from(`${START},100,99,101,98,5\n`.repeat(20)), 'header'],
    ['a line without end',    Buffer.from(longLine),                                     'long-line'],
    ['mostly nonsense',       Buffer.from(file(HEADER, row(0), 'x', 'y', 'z')),          'mostly-bad'],
    ['all NaN',               Buffer.from(file(HEADER, `${START},NaN,NaN,NaN,NaN,NaN`)), 'mostly-bad'],
    ['candles of 5 minutes',  Buffer.from(file(HEADER, row(0), row(5), row(10))),        'timeframe'],
    ['candles of 5 minutes and a stray one between', Buffer.from(file(HEADER, ...Array.from({ length: 40 }, (_, i) => row(i * 5)), row(196))), 'timeframe'],
    ['two symbols',           Buffer.from(`symbol,${HEADER}\nBTCUSDT,${row(0)}\nETHUSDT,${row(1)}\n`), 'two-symbols'],
    ['another symbol',        Buffer.from(`symbol,${HEADER}\nETHUSDT,${row(0)}\n`),        'other-symbol'],
  ])('%s', (_, bytes, code) => {
    for (const chunk of [bytes.length, 1]) expect(problemOf(() => readBytes(bytes, Math.max(1, chunk)))?.code).toBe(code);
  });

  it('is not taken for one of longer candles where every second line of a minute is bad', () => {
    const { report } = readText(file(HEADER, row(0), `${row(1)}x`, row(2), `${row(3)}x`, row(4)));
    expect([report.badRows.count, report.candles, report.missingMinutes]).toEqual([2, 3, 2]);
  });

  it('is not taken for one of longer candles where an exchange left out minutes without a trade', () => {
    const { report } = readText(file(HEADER, ...[0, 1, 7, 12, 17, 18, 30, 31].map((at) => row(at))));
    expect([report.candles, report.missingMinutes]).toEqual([8, 24]);
  });

  it('is not taken for one of longer candles where its lines are out of order', () => {
    const odd = Array.from({ length: 30 }, (_, i) => row(i * 2 + 1));
    const even = Array.from({ length: 30 }, (_, i) => row(i * 2));
    expect(readText(file(HEADER, ...odd, row(60), ...even)).report.candles).toBe(61);
  });

  it('is told with its name, its line, its value and what to do', () => {
    expect(() => readText('ts,open,high,low,volume\n')).toThrow(
      'test.csv: line 1 ("ts,open,high,low,volume") has no column for close: the first line should read "ts,open,high,low,close,volume"',
    );
  });

  it.each(['BTCUSDT', 'BTC/USDT:USDT', 'BTC-USDT-SWAP', 'btc', 'XBTUSD', '17'])('takes "%s" for bitcoin', (symbol) => {
    expect(problemOf(() => readText(`symbol,${HEADER}\n${symbol},${row(0)}\n`))).toBe(undefined);
  });

  it('says of thousands in quotes what they are', () => {
    expect(() => readText(file(HEADER, `${START},"60,000","60,000","60,000","60,000",1`))).toThrow(
      'line 2: "60,000" holds the sign that parts the columns: write numbers without thousands separators',
    );
  });

  it('knows a header in Russian', () => {
    const text = file('Дата;Время;Открытие;Максимум;Минимум;Закрытие;Объём', '2024-01-01;00:00;100,5;101;100;100,5;1');
    expect(readText(text).candles.length).toBe(1);
  });

  it('names only the columns that are not there, however short the header is', () => {
    expect(() => readText('time,open,high\n')).toThrow('has no column for low, close, volume:');
  });
});

describe('a bad row', () => {
  const good = rows(10);
  // biome-ignore format: a table
  it.each<[line: string, code: string]>([
    [`${START + 99 * 60_000},NaN,100,99,100,1`,        'number'],
    [`${START + 99 * 60_000},100,100,99,,1`,           'number'],
    [`${START + 99 * 60_000},100,100,99,null,1`,       'number'],
    [`${START + 99 * 60_000},100,100,99,inf,1`,        'number'],
    [`${START + 99 * 60_000},100,100,-99,100,1`,       'negative'],
    [`${START + 99 * 60_000},100,100,99,100,-1`,       'negative'],
    [`${START + 99 * 60_000},0,100,99,100,1`,          'zero-price'],
    [`${START + 99 * 60_000},100,100,0.04,100,1`,      'zero-price'],
    [`${START + 99 * 60_000},100,99,101,100,1`,        'no-candle'],
    [`${START + 99 * 60_000},102,101,99,100,1`,        'no-candle'],
    [`${START + 99 * 60_000},100,101,99,98,1`,         'no-candle'],
    [`${START + 99 * 60_000},100.02,100.01,99,99,1`,   'no-candle'],
    [`${START + 99 * 60_000},1e12,1e12,99,100,1`,      'too-large'],
    [`${START + 99 * 60_000},100,100,99,100,999999999`, 'too-large'],
    [`${START + 99 * 60_000},100,101,99,100`,          'columns'],
    [`${START + 99 * 60_000},100,101,99,100,1,7`,      'columns'],
    [`${START + 99 * 60_000}`,                         'columns'],
    [HEADER,                                           'time'],
    ['tomorrow,100,101,99,100,1',                      'time'],
    [`${START + 1},100,101,99,100,1`,                  'off-minute'],
    [`${START + 99 * 60_000},100,1\u000001,99,100,1`,  'binary'],
  ])('"%s" is left out as %s, with its line', (line, code) => {
    const text = file(HEADER, ...good.slice(0, 4), line, ...good.slice(4));
    const { candles, report } = readText(text);
    expect(candles.length).toBe(10);
    expect(report.badRows).toMatchObject({ count: 1, first: [{ code, line: 6 }] });
    expect(report.badRowsByCode).toEqual({ [code]: 1 });
    expect(problemOf(() => refuseFaults(report))).toMatchObject({ code, line: 6 });
  });

  it('with another decimal sign than the first number with one is left out; whole numbers say nothing of it', () => {
    const semicolons = (...lines: readonly string[]) => file(HEADER, ...lines).replaceAll(',', ';');
    const whole = rows(3).map((line) => line.replaceAll(',', ';'));
    const [at3, at4] = [3, 4].map((i) => START + i * 60_000);
    const comma = [`${at3};100,5;101;99;100,5;1`, `${at4};100;101,2;99;100;2,5`];
    const { candles, report } = readText(semicolons(...whole) + `${comma.join('\n')}\n`);
    expect([candles.length, report.layout.decimalComma, isFaultless(report)]).toEqual([5, true, true]);
    expect([candles.openTicks[3], candles.highTicks[4]]).toEqual([1_005, 1_012]);
    const exponents = readText(`${semicolons()}${at3};1,0E+02;101;99;100;8,2E-05\n`);
    expect([exponents.candles.length, exponents.report.layout.decimalComma]).toEqual([1, true]);
    const mixed = readText(semicolons(...whole) + `${at3};100.5;101;99;100;1\n${comma[1]}\n`);
    expect(mixed.report.badRows.first).toMatchObject([{ code: 'number', line: 6, value: '101,2' }]);
  });

  it('that ends the file in the middle is the cut of the file', () => {
    const { report } = readText(`${file(HEADER, ...good)}${START + 600_000},100,10`);
    expect(report.badRows.first).toEqual([{ code: 'truncated', line: 12, value: `${START + 600_000},100,10` }]);
  });

  // biome-ignore format: a table
  it.each([
    // the last line, without a line end     what is said of it
    [',100',                                  { code: 'truncated' }],
    [',100,101,99,100,',                      { code: 'truncated' }],
    [',100,101,99,100,-',                     { code: 'truncated' }],
    [',abc,101,99,100,1',                     { code: 'number', column: 'open', value: 'abc' }],
    [',abc,101,99,100,1,5',                   { code: 'columns', found: 7 }],
  ])('that ends the file with %s is not called a cut for what no cut does', (end, said) => {
    const { report } = readText(`${file(HEADER, ...good)}${START + 600_000}${end}`);
    expect(report.badRows.first).toMatchObject([{ line: 12, ...said }]);
  });

  it('with a byte order mark before its time shows it, as a character that nobody sees', () => {
    const { report } = readText(file(HEADER, ...good, `\ufeff${START + 600_000},100,101,99,100,1`));
    expect(report.badRows.first).toEqual([{ code: 'time', line: 12, value: `·${START + 600_000}` }]);
  });

  // biome-ignore format: a table
  it.each([
    // the file's end     before it                    what is known of it
    ['1.2',               '1.25',                      'cut'],
    ['1.25',              '1.25',                      'whole'],
    ['1.250',             '1.25',                      'open'],
    ['1.',                '1',                         'cut'],
    ['12',                '7',                         'open'],
    ['"1.2',              '"1.25"',                    'cut'],
    ['"1.2"',             '"1.25"',                    'whole'],
    ['1.25\r',            '7',                         'whole'],
  ])('that has no line end and ends with %s after lines with %s is %s', (end, volume, known) => {
    const line = (i: number, field: string) => `${START + i * 60_000},100,100,99,100,${field}`;
    const text = Buffer.from(`${file(HEADER, ...Array.from({ length: 30 }, (_, i) => line(i, volume)))}${line(30, end)}`);
    const { candles, report } = readBytes(text);
    expect(candles.length).toBe(known === 'cut' ? 30 : 31);
    expect(report.badRowsByCode).toEqual(known === 'cut' ? { truncated: 1 } : {});
    expect(report.openEnd).toEqual(known === 'open' ? { code: 'open-end', line: 32, value: line(30, end) } : undefined);
    expect(isFaultless(report), 'many writers end without a line end').toBe(known !== 'cut');
    expect(readBytes(text, 3).report, 'however it comes in').toEqual(report);
  });

  it('that has no line end and ends with a column nobody reads is whole', () => {
    const line = (i: number) => `${START + i * 60_000},100,100,99,100,${i},5`;
    const { report } = readText(`${HEADER},trades\n${line(0)}\n${line(1)}`);
    expect([report.candles, report.openEnd]).toEqual([2, undefined]);
  });

  it('is counted however many there are, and listed up to a bound', () => {
    const { report } = readText(file(HEADER, ...rows(100), ...Array.from({ length: 60 }, () => 'a,b')));
    expect(report.badRows.count).toBe(60);
    expect(report.badRows.first).toHaveLength(LISTED_MAX);
  });

  it('before the first good one of a file without header is not taken for a preface', () => {
    const { report, candles } = readText(file(`${START},NaN,100,99,100,1`, row(1), row(2)));
    expect(candles.length).toBe(2);
    expect(report.badRows.first).toMatchObject([{ code: 'number', line: 1, column: 'open' }]);
    expect(report.skippedLines).toBe(0);
  });

  it('is not the candle that the exchange had not closed', () => {
    const text = `ts,open,high,low,close,vol,volCcy,volCcyQuote,confirm\n${START},1,1,1,1,1,1,1,1\n${START + 60_000},1,1,1,1,1,1,1,0\n`;
    const { report, candles } = readText(text);
    expect([candles.length, report.unconfirmed.count, isFaultless(report)]).toEqual([1, 1, true]);
  });

  it.each(['0', '0.0', '0.00', 'false', 'False', 'FALSE'])('however its confirm is written: %s', (open) => {
    const closed = open.startsWith('0') ? open.replace('0', '1') : 'true';
    const line = (minute: number, confirm: string) => `${START + minute * 60_000},1,1,1,1,1,${confirm}\n`;
    const { report, candles } = readText(`ts,open,high,low,close,vol,confirm\n${line(0, closed)}${line(1, open)}`);
    expect([candles.length, report.unconfirmed.count]).toEqual([1, 1]);
  });
});

describe('order', () => {
  it('gaps are told with the line after them, and are no fault', () => {
    const { report } = readText(file(HEADER, row(0), row(1), row(5), row(6), row(8)));
    expect(report.gaps.first).toEqual([
      { code: 'gap', line: 4, afterMinute: START / 60_000 + 1, minutes: 3 },
      { code: 'gap', line: 6, afterMinute: START / 60_000 + 6, minutes: 1 },
    ]);
    expect([report.missingMinutes, isFaultless(report)]).toEqual([4, true]);
  });

  it('identical doubles and conflicting ones are told apart; the earlier line stays', () => {
    const { report, candles } = readText(file(HEADER, row(0), row(0), row(1), row(1, 105), row(2)));
    expect(report.duplicates.first).toMatchObject([{ line: 3, firstLine: 2 }]);
    expect(report.conflicts.first).toMatchObject([{ line: 5, firstLine: 4 }]);
    expect([...candles.closeTicks]).toEqual([1_000, 1_000, 1_000]);
    expect(problemOf(() => refuseFaults(report))).toMatchObject({ code: 'duplicate', line: 3 });
  });

  it('disorder is mended, and told', () => {
    const { report, candles } = readText(file(HEADER, row(0), row(3), row(1), row(2), row(4)));
    expect([...candles.openMinute].map((minute) => minute - START / 60_000)).toEqual([0, 1, 2, 3, 4]);
    expect(report.disorder).toMatchObject({ count: 2, first: [{ line: 4 }, { line: 5 }] });
    expect(problemOf(() => refuseFaults(report))).toMatchObject({ code: 'disorder', line: 4 });
  });

  it('newest first is turned round, and told as one fact', () => {
    const { report, candles } = readText(file(HEADER, ...rows(50).toReversed()));
    expect(candles.openMinute[0]).toBe(START / 60_000);
    expect([report.isDescending, report.disorder.count]).toEqual([true, 0]);
    expect(problemOf(() => refuseFaults(report))?.code).toBe('descending');
  });
});

describe('laws', () => {
  it('shuffled, doubled and cut into chunks: the same candles, and every line accounted for', () => {
    const cases = fc.record({
      minutes: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 40 }),
      bad: fc.array(fc.constantFrom('x', `${START},NaN,1,1,1,1`, '1,2,3'), { maxLength: 3 }),
      chunk: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(cases, ({ minutes, bad, chunk }) => {
        fc.pre(bad.length < minutes.length);
        const lines = [...minutes.map((minute) => row(minute)), ...bad];
        const bytes = Buffer.from(file(HEADER, row(100), row(101), ...lines));
        const { candles, report } = readBytes(bytes, chunk);
        const known = [...new Set([...minutes, 100, 101])].toSorted((a, b) => a - b);
        expect([...candles.openMinute].map((minute) => minute - START / 60_000)).toEqual(known);
        expect(report.candles + report.badRows.count + report.duplicates.count + report.conflicts.count).toBe(
          report.rows,
        );
        expect(report.rows + report.emptyLines + report.skippedLines + 1).toBe(report.lines);
        expect(report.missingMinutes).toBe((known.at(-1) ?? 0) - (known[0] ?? 0) + 1 - known.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it(
    'whatever the bytes: candles that hold, or a DataError',
    () => {
      const original = Buffer.from(file(HEADER, ...rows(30)));
      let state = 12_345;
      const draw = (most: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 4_294_967_296) * most);
      };
      const outcomes = { candles: 0, refused: 0 };
      for (let i = 0; i < long(10_000, 300_000); i++) {
        const bytes = mangled(original, draw);
        try {
          const { candles, report } = readBytes(bytes, 1 + draw(bytes.length + 1));
          for (let c = 0; c < candles.length; c++)
            if (!isSound(candles, c))
              expect.fail(`case ${i}: candle ${c} of ${JSON.stringify(bytes.toString('latin1'))}`);
          if (
            report.candles +
              report.badRows.count +
              report.unconfirmed.count +
              report.duplicates.count +
              report.conflicts.count !==
            report.rows
          )
            expect.fail(`case ${i}: a row went missing`);
          outcomes.candles++;
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          for (const language of ['en', 'ru'] as const) problemText(error.problem, language);
          outcomes.refused++;
        }
      }
      expect(outcomes.candles, 'some mangled files are still read').toBeGreaterThan(1_000);
      expect(outcomes.refused, 'some are not').toBeGreaterThan(1_000);
    },
    long(30_000, 600_000),
  );
});

/** The file with a few bytes changed, cut, doubled or drawn anew. */
function mangled(original: Buffer, draw: (most: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let i = draw(6); i >= 0; i--) {
    const at = draw(bytes.length);
    const kind = draw(7);
    if (kind === 0 && bytes.length > 0) bytes[at] = draw(256);
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(draw(bytes.length))]);
    else if (kind === 3)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([',;\n"\t-.e0N'.charCodeAt(draw(10))]),
        bytes.subarray(at),
      ]);
    else if (kind === 4) bytes = bytes.subarray(at);
    else if (kind === 5) bytes = Buffer.from(Array.from({ length: draw(300) }, () => draw(256)));
    else bytes = Buffer.from(bytes.toString('latin1').replaceAll(',', ';\t|,'.charAt(draw(4))), 'latin1');
  }
  return bytes;
}

function isSound(c: Candles, i: number): boolean {
  const [open, high, low, close] = [c.openTicks[i], c.highTicks[i], c.lowTicks[i], c.closeTicks[i]] as [
    number,
    number,
    number,
    number,
  ];
  const isLater = i === 0 || (c.openMinute[i] as number) > (c.openMinute[i - 1] as number);
  return isLater && low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close);
}

describe('streams', () => {
  const text = Buffer.from(file(HEADER, ...rows(1_000)));

  it('gzip is unpacked on the way', async () => {
    const plain = await importCsv('a.csv', inChunks(text), options);
    const zipped = await importCsv('a.csv.gz', inChunks(gzipSync(text), 1), options);
    expect(columnsOf(zipped.candles)).toEqual(columnsOf(plain.candles));
    expect([plain.report.isGzip, zipped.report.isGzip]).toEqual([false, true]);
  });

  it('a cut or damaged gzip is refused', async () => {
    const zipped = gzipSync(text);
    const damaged = Buffer.from(zipped);
    damaged[Math.floor(zipped.length / 2)] = (damaged[Math.floor(zipped.length / 2)] as number) ^ 0xff;
    for (const [bytes, isCut, ru] of [
      [zipped.subarray(0, zipped.length - 20), true, 'файл gzip обрывается: скачайте его заново'],
      [damaged, false, 'файл gzip повреждён: скачайте его заново'],
    ] as const) {
      const problem = { code: 'compressed', isCut } as const;
      await expect(importCsv('a.csv.gz', inChunks(bytes), options)).rejects.toMatchObject({ problem });
      expect(problemText(problem, 'ru')).toBe(ru);
    }
  });

  it('a file that is not there is refused with its path', async () => {
    await expect(importCsvFile('no/such/file.csv', options)).rejects.toThrow(
      /no\/such\/file\.csv: cannot be read .*ENOENT/,
    );
    await expect(importCsvFile('src', options)).rejects.toMatchObject({ problem: { code: 'unreadable' } });
  });

  it('memory does not grow with lines that are no candles', () => {
    const reader = new CsvReader('endless.csv', options);
    reader.push(Buffer.from(file(HEADER, ...rows(10))));
    const block = Buffer.from(`${'nonsense,line\n'.repeat(5_000)}`);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 40; i++) reader.push(block);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(() => reader.finish()).toThrow('200000 of 200010 lines are unusable');
  });
});

describeWithShared('the real week', () => {
  it('is whole, and maps onto the grid of BTC-USDT-SWAP', async () => {
    const { candles, report } = await importCsvFile(sharedPath('data/btc-usdt-1m-2021-02-19-week.csv'), options);
    expect(columnsOf(candles)[0]).toEqual([26_894_880, 515_526, 516_571, 515_450, 516_134, 1_349_892]);
    expect(report).toMatchObject({ candles: 10_080, mappedPrices: 10_061, mappedVolumes: 9_975, missingMinutes: 0 });
    expect(isFaultless(report)).toBe(true);
  });
});
