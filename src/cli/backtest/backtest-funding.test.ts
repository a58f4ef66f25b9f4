import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { generated } from '../../../test/generated.ts';
import { FUNDING_HEAD, fundingPath } from '../../data/funding/funding.ts';
import { candleFolder } from '../input/configuration.ts';
import type { Session } from '../shell/session.ts';
import { storedFunding } from './backtest-funding.ts';

const home = mkdtempSync(join(tmpdir(), 'rungwise-funding-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;

it('a symbol settles at its own times, however often another one does', () => {
  const session = { terminal: { env: { RUNGWISE_HOME: home } } } as unknown as Session;
  const { instruments, candles } = generated(1, 600, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP']);
  const columns = instruments.map((instrument, i) => ({ instrument, candles: candles[i] as (typeof candles)[number] }));
  const startMs = (candles[0]?.openMinute[0] ?? 0) * 60_000;
  const path = fundingPath(candleFolder(session), 'SOL-USDT-SWAP');
  mkdirSync(dirname(path), { recursive: true });
  const hourly = Array.from({ length: 9 }, (_, n) => `${new Date(startMs + n * HOUR_MS).toISOString()},0.0002,0.0002`);
  writeFileSync(path, `${[FUNDING_HEAD, ...hourly].join('\n')}\n`);
  const sources = instruments.map(({ instId }) => ({ symbol: instId, file: undefined }));
  const { funding } = storedFunding(session, sources, columns, 10_000);
  const ratesOf = (instId: string) =>
    Array.from({ length: 9 }, (_, n) => funding.rateE8(instId, startMs + n * HOUR_MS));
  expect(funding.intervalMs).toBe(HOUR_MS);
  expect(ratesOf('SOL-USDT-SWAP')).toEqual(Array.from({ length: 9 }, () => 20_000));
  const none = Array.from({ length: 7 }, () => undefined);
  expect(ratesOf('BTC-USDT-SWAP'), 'every eight hours').toEqual([10_000, ...none, 10_000]);
});

it('what is missing is seen by how often the symbol itself settles, and counts for as long as it stands for', () => {
  const session = { terminal: { env: { RUNGWISE_HOME: home } } } as unknown as Session;
  const { instruments, candles } = generated(1, 600, ['SOL-USDT-SWAP']);
  const columns = instruments.map((instrument, i) => ({ instrument, candles: candles[i] as (typeof candles)[number] }));
  const startMs = (candles[0]?.openMinute[0] ?? 0) * 60_000;
  const hourly = [0, 1, 3, 4, 5, 6, 7, 9].map((n) => `${new Date(startMs + n * HOUR_MS).toISOString()},0.0002,0.0002`);
  writeFileSync(fundingPath(candleFolder(session), 'SOL-USDT-SWAP'), `${[FUNDING_HEAD, ...hourly].join('\n')}\n`);
  const { funding, bySymbol } = storedFunding(session, [{ symbol: 'SOL-USDT-SWAP', file: undefined }], columns, 10_000);
  expect(bySymbol(Number.POSITIVE_INFINITY)).toEqual({ 'SOL-USDT-SWAP': { stored: 8, missing: 2 } });
  expect(bySymbol(startMs + 3 * HOUR_MS), 'of a run that ended there').toEqual({
    'SOL-USDT-SWAP': { stored: 2, missing: 1 },
  });
  const rateAt = (hour: number) => funding.rateE8('SOL-USDT-SWAP', startMs + hour * HOUR_MS);
  expect([rateAt(1), rateAt(2), rateAt(8)]).toEqual([20_000, 1_250, 1_250]);
});
