/** With every governor off nothing is decided otherwise than before there were any: hashes taken from the commit before the first of them. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadTree } from '../config/index.ts';
import { MINUTE_MS } from '../core/candle.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent } from '../core/event.ts';
import { money } from '../core/units.ts';
import { importCsvFile } from '../data/csv.ts';
import { encodeState } from '../runtime/loop.ts';
import { DEFAULT_FILL_MODEL } from '../sim/fill-model.ts';
import { generated, knownInstrument } from '../../test/generated.ts';
import { describeWithShared, sharedPath } from '../../test/shared.ts';
import { type BacktestSettings, runBacktest } from './backtest.ts';

/** Count and SHA-256 of every decision with all its numbers, and the balance at the end. */
function fingerprint(market: Pick<BacktestSettings, 'instruments' | 'candles'>, tree: object): string {
  const hash = createHash('sha256');
  let count = 0;
  const decided = (_: CoreEvent, decisions: readonly Decision[]) => {
    for (const decision of decisions) hash.update(`${encodeState(decision)}\n`);
    count += decisions.length;
  };
  const { registry } = runBacktest({
    ...market,
    policy: loadTree({ ...tree, governors: ALL_OFF }).policy,
    balance: money(1_000_00000000n),
    model: DEFAULT_FILL_MODEL,
    funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 10_000 },
    traced: false,
    witness: { decided },
  });
  return `${count} ${registry.balance} ${hash.digest('hex').slice(0, 32)}`;
}

const ALL_OFF = {
  size_by_day: 'off',
  targets_by_volatility: 'off',
  additions_without_signal: 'off',
  mode_by_results: 'off',
  pause: 'off',
};

describe('a generated market with every governor off', () => {
  const market = generated(2026, 4 * 1440, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP']);

  it.each([
    ['conservative', '1579 98667960728 ce5de637cfdbabc707642005e613c3e2'],
    ['adaptive', '1579 98510731961 1c44d50c1952b4eab0f07532aff5076c'],
    ['aggressive', '1581 98878853877 a65c20a7334a8dd789e123b769d712af'],
  ] as const)('decides with the %s preset as before there were governors', (preset, expected) => {
    expect(fingerprint(market, { position_scaling: { preset }, execution: { on_opposite: 'reverse' } })).toBe(expected);
  });

  it('halts at the daily loss limit as before there were governors', () => {
    expect(fingerprint(market, { limits: { daily_loss_limit: 0.3 } })).toBe(
      '1088 99370703595 4b132712a8af65abb6d9770db4f0c10b',
    );
  });
});

describeWithShared('the real week with every governor off', () => {
  it('decides as before there were governors', async () => {
    const instrument = knownInstrument('BTC-USDT-SWAP');
    const { candles } = await importCsvFile(sharedPath('data/btc-usdt-1m-2021-02-19-week.csv'), { instrument });
    expect(fingerprint({ instruments: [instrument], candles: [candles] }, {})).toBe(
      '2242 95075350618 718c7198229ed5a7a92c4d403c75e2ea',
    );
  });
});
