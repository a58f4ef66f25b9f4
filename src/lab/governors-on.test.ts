/**
 * With every governor on nothing is decided otherwise, and nothing is kept otherwise, than before the governors were made quicker: hashes taken
 * from the commit before. Who changes a decision, or what governors remember, on purpose takes them anew and says so.
 */
import { describe, expect, it } from 'vitest';
import { keptFingerprint } from '../../test/fingerprint.ts';
import { generated, withGaps } from '../../test/generated.ts';
import { loadTree } from '../config/index.ts';
import { money } from '../core/numbers/units.ts';
import type { Registry } from '../core/registry.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { runBacktest } from './backtest.ts';

const ALL_ON = { additions_without_signal: 'on', mode_by_results: 'on' };
const ALL_OFF = { size_by_day: 'off', targets_by_volatility: 'off', pause: 'off' };
const MINUTES = 4 * 1440;

describe('generated markets with every governor on', () => {
  it.each([
    ['BTC-USDT-SWAP', 'conservative', '1885 98077321313 1598c378d68ab424006e33a20a1b70fe'],
    ['SOL-USDT-SWAP', 'adaptive', '2438 96698916501 c2427f6265154d670af1690683acd778'],
    ['DOGE-USDT-SWAP', 'aggressive', '2971 97865445849 cf761ddb4adc9ea509754d0b92723498'],
  ])('are decided and kept as before: %s, %s', (instId, preset, expected) => {
    const tree = { position_scaling: { preset }, execution: { on_opposite: 'reverse' }, governors: ALL_ON };
    expect(keptFingerprint(generated(2026, MINUTES, [instId]), tree)).toBe(expected);
  });

  it('are decided and kept as before with rungs that rest, three symbols on one balance', () => {
    const market = generated(2027, MINUTES, ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP']);
    const governors = { ...ALL_ON, additions_without_signal: { placement: 'resting' } };
    expect(keptFingerprint(market, { position_scaling: { preset: 'adaptive' }, governors })).toBe(
      '6928 93597389043 751a854b862b8cbed6d1179e4dea6c93',
    );
  });

  it('are decided and kept as before with modes that switch often and go off', () => {
    const mode = { trades: 4, switch_minutes: 5, min_standard_errors: 0.1, off_standard_errors: 0.5 };
    const governors = { ...ALL_ON, mode_by_results: mode };
    expect(keptFingerprint(generated(2028, MINUTES, ['SOL-USDT-SWAP']), { governors })).toBe(
      '3093 96683947082 8354b9c21a8eb3eca5b064b35d383340',
    );
  });

  it('are decided and kept as before where signals are thought on candles of five minutes', () => {
    const tree = { timeframes: { signal: '5m' }, governors: ALL_ON };
    expect(keptFingerprint(generated(2029, 3 * MINUTES, ['ETH-USDT-SWAP']), tree)).toBe(
      '3750 96795941961 209f8b36ea78a45a6976c5bc8a9e70ec',
    );
  });
});

describe('candles that go by in stretches', () => {
  const pause = { symbol_losses: 2, turbulence: 1.2, max_drawdown: 1, drawdown_readings: 5 };
  const resting = { ...ALL_ON, mode_by_results: 'off', additions_without_signal: { placement: 'resting' } };
  const switching = { trades: 3, switch_minutes: 5, min_standard_errors: 0.1 };
  const trees = [
    ['with every governor off', { governors: ALL_OFF }],
    ['as it is by default', {}],
    ['with every governor on', { governors: ALL_ON }],
    ['with every governor on that does not pause', { governors: { ...ALL_ON, pause: 'off' } }],
    ['with rungs that rest', { governors: resting }],
    ['with rungs that rest and no pause', { governors: { ...resting, pause: 'off' } }],
    ['with pauses and stops', { governors: { ...ALL_ON, pause } }],
    ['with pauses and stops alone', { governors: { pause } }],
    ['read more rarely than they come', { governors: { pause: { ...pause, reading_seconds: 150 } } }],
    ['with modes that switch often', { governors: { mode_by_results: switching } }],
    ['of five minutes', { timeframes: { signal: '5m' }, governors: ALL_ON }],
    ['that reverse', { execution: { on_opposite: 'reverse' }, governors: ALL_OFF }],
  ] as const;

  it.each(trees)('leave decisions and memories as candles one by one: %s', (_, tree) => {
    const market = generated(2030, 4 * MINUTES, ['SOL-USDT-SWAP']);
    const inStretches = keptFingerprint(market, tree);
    expect(Number.parseInt(inStretches, 10)).toBeGreaterThan(300);
    expect(keptFingerprint(market, tree, true)).toBe(inStretches);
  });

  it.each(trees)('leave them so where several symbols share a balance and miss minutes: %s', (_, tree) => {
    const market = withGaps(
      generated(2031, 2 * MINUTES, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP']),
      (index, candle) => (candle * (index + 7)) % 1_009 > 5 + index,
    );
    const ahead = keptFingerprint(market, tree);
    expect(Number.parseInt(ahead, 10)).toBeGreaterThan(300);
    expect(keptFingerprint(market, tree, true)).toBe(ahead);
  });
});

describe('a book in which nothing is open', () => {
  /** What the emergency stop remembered at every decision; `pinned`: no reading is taken for said already. */
  function remembered(seed: number, symbols: readonly string[], pinned: boolean): { kept: string[]; still: number } {
    const kept: string[] = [];
    let still = 0;
    const pin = (registry: Registry) =>
      Object.defineProperty(registry, 'isBookStill', {
        get: () => false,
        set: (isStill: boolean) => {
          if (isStill) still += 1;
        },
        configurable: true,
      });
    const market = generated(seed, MINUTES, symbols);
    runBacktest({
      ...market,
      policy: loadTree({ governors: ALL_ON }).policy,
      balance: money(1_000_00000000n),
      model: DEFAULT_FILL_MODEL,
      funding: { intervalMs: 8 * 3_600_000, rateE8: () => 10_000 },
      traced: false,
      witness: {
        decided(_event, _decisions, registry) {
          if (pinned) pin(registry);
          kept.push(JSON.stringify(registry.governors.drawdown));
        },
      },
    });
    return { kept, still };
  }

  it.each([
    [1, ['BTC-USDT-SWAP']],
    [2, ['SOL-USDT-SWAP']],
    [3, ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'DOGE-USDT-SWAP']],
  ])('is read as if every reading of it were made anew: market %i of %o', (seed, symbols) => {
    const anew = remembered(seed, symbols, true);
    expect(anew.still, 'readings that said the same').toBeGreaterThan(100);
    const { kept } = remembered(seed, symbols, false);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept).toEqual(anew.kept);
  });
});
