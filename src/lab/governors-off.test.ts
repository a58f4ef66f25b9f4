/**
 * With every governor off nothing is decided otherwise than before there were any: hashes taken from the commit before the first of them, but for one
 * entry of the second market, which is refused since funding due counts as cost (rules.md §3), and for rungs of the first that were added in
 * profit with too little left of the way to the target (decision 0042), and for breakeven stops of entries that were filled as taker (decision 0007).
 */
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../test/fingerprint.ts';
import { generated, knownInstrument } from '../../test/generated.ts';
import { describeWithShared, sharedPath } from '../../test/shared.ts';
import { importCsvFile } from '../data/import/csv.ts';

const ALL_OFF = {
  size_by_day: 'off',
  targets_by_volatility: 'off',
  additions_without_signal: 'off',
  mode_by_results: 'off',
  pause: 'off',
};

describe('generated markets with every governor off', () => {
  const markets = ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP'].map((instId) =>
    generated(2026, 4 * 1440, [instId]),
  );
  const fingerprints = (tree: object) => markets.map((market) => fingerprint(market, { ...tree, governors: ALL_OFF }));

  it.each([
    [
      'conservative',
      [
        '862 98924166507 ad1bcdf524848c8cdbb44723f3066dc3',
        '1289 97948900325 f1606af64f48f00af541586a84e9ddec',
        '1218 97765839616 2072c02c3e98d44aa18c923df29cb35b',
      ],
    ],
    [
      'adaptive',
      [
        '862 98793004413 cc9c4b6f5a9a464c7d24d8c6758c61da',
        '1275 97792403312 a7a69cd7788dd2eb5b05c7cee91420f5',
        '1206 97593439769 9576aae75e9041ec83b411a0a7c47663',
      ],
    ],
    [
      'aggressive',
      [
        '862 99090834784 047fcd9eb37cc6d803c66f4e769b9b32',
        '1289 98269138884 117d4aa854ddf8e5707c2a5c1a37eb82',
        '1218 98126638526 311f9641d131c550d31c7c671a7a8051',
      ],
    ],
  ] as const)('are decided with the %s preset as before there were governors', (preset, expected) => {
    expect(fingerprints({ position_scaling: { preset }, execution: { on_opposite: 'reverse' } })).toEqual(expected);
  });

  it('halt at the daily loss limit as before there were governors', () => {
    expect(fingerprints({ limits: { daily_loss_limit: 0.3 } })).toEqual([
      '526 99352942337 dd4bac5db75c21e4db3349fe4de32455',
      '615 98995328818 0abd99941f565560b7bfe89dcd9c9436',
      '495 98829778243 83b57d43cfd56742f7e3d81a31d3b72b',
    ]);
  });
});

describeWithShared('the real week with every governor off', () => {
  it('decides as before there were governors', async () => {
    const instrument = knownInstrument('BTC-USDT-SWAP');
    const { candles } = await importCsvFile(sharedPath('data/btc-usdt-1m-2021-02-19-week.csv'), { instrument });
    expect(fingerprint({ instruments: [instrument], candles: [candles] }, { governors: ALL_OFF })).toBe(
      '2241 95078352118 fa59295c432d7451f081b9c20385dd52',
    );
  });
});
