/** Settled funding as it is read from the store. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../data-error.ts';
import { addFunding, FUNDING_HEAD, fundingPath, loadFunding } from './funding.ts';

const BTC = 'BTC-USDT-SWAP';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
  mkdirSync(join(folder, BTC));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (...lines: string[]) =>
  writeFileSync(fundingPath(folder, BTC), `${[FUNDING_HEAD, ...lines].join('\n')}\n`);

describe('stored funding', () => {
  it('is its realized rate by the time of settlement, finer than 10⁻⁸ away from zero', () => {
    write(
      '2026-01-05T00:00:00.000Z,0.0001,0.00009',
      '2026-01-05T08:00:00.000Z,-0.00012345678912,0',
      '2026-01-05T16:00:00.000Z,0.000000001,0',
    );
    expect([...(loadFunding(folder, BTC) ?? [])]).toEqual([
      [Date.UTC(2026, 0, 5), 10_000],
      [Date.UTC(2026, 0, 5, 8), -12_346],
      [Date.UTC(2026, 0, 5, 16), 1],
    ]);
  });

  it('is put together in the order of time, each settlement once, with who settled it', () => {
    const at = (hour: number) => ({ atMs: Date.UTC(2026, 0, 5, hour), realizedRate: '0.0001', forecastRate: '0.0002' });
    const okx = { kind: 'okx', name: 'https://www.okx.com' } as const;
    write('2026-01-05T08:00:00.000Z,0.0003,0.00009');
    expect(addFunding(folder, BTC, [at(16), at(8), at(0)], okx)).toMatchObject({ rows: 3, added: 2 });
    expect(readFileSync(fundingPath(folder, BTC), 'utf8')).toBe(
      `${FUNDING_HEAD}
2026-01-05T00:00:00.000Z,0.0001,0.0002,https://www.okx.com
2026-01-05T08:00:00.000Z,0.0003,0.00009,
2026-01-05T16:00:00.000Z,0.0001,0.0002,https://www.okx.com
`,
    );
  });

  it('is read without a head, after a mark, in milliseconds, out of order and said twice', () => {
    const rate = '0.0001,0';
    const ms = Date.UTC(2026, 0, 5);
    const lines = [`${ms + 8 * 3_600_000},${rate}`, `2026-01-05T00:00Z, ${rate}`, `${ms},${rate}`];
    writeFileSync(fundingPath(folder, BTC), `\u{feff}${lines.join('\r\n')}\r\n`);
    expect([...(loadFunding(folder, BTC) ?? [])]).toEqual([
      [ms, 10_000],
      [ms + 8 * 3_600_000, 10_000],
    ]);
  });

  it('that gives two rates for one time is refused', () => {
    write('2026-01-05T00:00:00Z,0.0001,0', '2026-01-05T00:00:00Z,0.0002,0');
    expect(() => loadFunding(folder, BTC)).toThrow('line 3 ("2026-01-05T00:00:00Z,0.0002,0") gives another rate');
  });

  it('of another market is not put beside it', () => {
    write('2026-01-05T08:00:00.000Z,0.0003,0.00009,https://www.okx.com');
    const paper = { kind: 'exchange', name: 'http://127.0.0.1:8780' } as const;
    expect(() => addFunding(folder, BTC, [], paper)).toThrow('http://127.0.0.1:8780 is another market');
  });

  it.each([
    ['0.2', 0],
    ['', 0],
    ['0.0001', 1],
  ])('of rate "%s", %i min past the hour, is not written: nobody could read what is good', (realizedRate, minutes) => {
    write('2026-01-05T08:00:00.000Z,0.0003,0.00009');
    const odd = { atMs: Date.UTC(2026, 0, 5, 16, minutes), realizedRate, forecastRate: '0' };
    const okx = { kind: 'okx', name: 'https://www.okx.com' } as const;
    expect(() => addFunding(folder, BTC, [odd], okx)).toThrow('the exchange says that it settled "2026-01-05T16:0');
    expect(loadFunding(folder, BTC)?.size).toBe(1);
  });

  it('that is a folder is told', () => {
    mkdirSync(fundingPath(folder, BTC));
    expect(() => loadFunding(folder, BTC)).toThrow(DataError);
  });

  it('is undefined where none was stored', () => expect(loadFunding(folder, BTC)).toBeUndefined());

  it.each([
    ['2026-01-05T00:00:00.000Z,0.0001', 'line 2 has 2 columns where 4 are expected'],
    ['2026-01-05T00:30:00.000Z,0.0001,0', '"2026-01-05T00:30:00.000Z" is no whole hour'],
    ['2026-01-05T00:00:00,0.0001,0', '"2026-01-05T00:00:00" is no time'],
    ['yesterday,0.0001,0', '"yesterday" is no time'],
    ['2026-02-30T00:00:00Z,0.0001,0', '"2026-02-30T00:00:00Z" is no time'],
    ['2026-01-05T00:00:00.000Z,much,0', '"much" is no funding rate'],
    ['2026-01-05T00:00:00.000Z,0.2,0', '"0.2" is no funding rate'],
  ])('refuses %s', (line, why) => {
    write(line);
    expect(() => loadFunding(folder, BTC)).toThrow(DataError);
    expect(() => loadFunding(folder, BTC)).toThrow(why);
  });
});
