/**
 * With every governor on nothing is decided otherwise, and nothing is kept otherwise, than before the governors were made quicker: hashes taken
 * from the commit before. Who changes a decision, or what governors remember, on purpose takes them anew and says so.
 */
import { describe, expect, it } from 'vitest';
import { keptFingerprint } from '../../test/fingerprint.ts';
import { generated } from '../../test/generated.ts';

const ALL_ON = { additions_without_signal: 'on', mode_by_results: 'on' };
const MINUTES = 4 * 1440;

describe('generated markets with every governor on', () => {
  it.each([
    ['BTC-USDT-SWAP', 'conservative', '1902 98123636513 151fb6834d418f95bd3bcd21df4fd6da'],
    ['SOL-USDT-SWAP', 'adaptive', '1924 96961075218 9e26db75844501b97c2f92ec2dae319f'],
    ['DOGE-USDT-SWAP', 'aggressive', '2920 98012281874 2d7ff19a95afbf195333e22dc02eeac3'],
  ])('are decided and kept as before: %s, %s', (instId, preset, expected) => {
    const tree = { position_scaling: { preset }, execution: { on_opposite: 'reverse' }, governors: ALL_ON };
    expect(keptFingerprint(generated(2026, MINUTES, [instId]), tree)).toBe(expected);
  });

  it('are decided and kept as before with rungs that rest, three symbols on one balance', () => {
    const market = generated(2027, MINUTES, ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP']);
    const governors = { ...ALL_ON, additions_without_signal: { placement: 'resting' } };
    expect(keptFingerprint(market, { position_scaling: { preset: 'adaptive' }, governors })).toBe(
      '6779 92833117773 05010563613aacd9efab4ed056118dae',
    );
  });

  it('are decided and kept as before with modes that switch often and go off', () => {
    const mode = { trades: 4, switch_minutes: 5, min_standard_errors: 0.1, off_standard_errors: 0.5 };
    const governors = { ...ALL_ON, mode_by_results: mode };
    expect(keptFingerprint(generated(2028, MINUTES, ['SOL-USDT-SWAP']), { governors })).toBe(
      '3407 97536184569 7fd1cb04779ec958cd15aa3641515f74',
    );
  });

  it('are decided and kept as before where signals are thought on candles of five minutes', () => {
    const tree = { timeframes: { signal: '5m' }, governors: ALL_ON };
    expect(keptFingerprint(generated(2029, 3 * MINUTES, ['ETH-USDT-SWAP']), tree)).toBe(
      '3728 96837620533 a438d46dd231fc3651fe7c5d45e4cdf3',
    );
  });
});
