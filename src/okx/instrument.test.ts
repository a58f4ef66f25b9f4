import { expect, it } from 'vitest';
import { recordedRows } from '../../test/okx/fixtures.ts';
import { BTC } from '../../test/okx/grids.ts';
import { describeWithShared } from '../../test/shared.ts';
import { familyOf, instrumentOf, tiersOf, untradable } from './instrument.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { PositionTier } from './wire/position-tier.ts';

it('margin tiers are whole lots of ours, the smallest first in whatever order they are said, and are asked for by family', () => {
  const tier = (maxSz: `${number}`, mmr: `${number}`) =>
    ({ tier: '1', minSz: '0', maxSz, mmr, maxLever: '50' }) as PositionTier;
  expect(tiersOf([tier('20', '0.010'), tier('9.995', '0.004')], BTC)).toEqual([
    { lotsMax: 999, maintenanceRate: '0.004', leverageMax: 50 },
    { lotsMax: 2_000, maintenanceRate: '0.01', leverageMax: 50 },
  ]);
  const { instId } = BTC;
  expect([{ instId }, { instId, uly: 'U' }, { instId, uly: 'U', instFamily: 'F' }].map(familyOf)).toEqual([
    'BTC-USDT',
    'U',
    'F',
  ]);
});

describeWithShared('third-party payloads', () => {
  it('every linear swap of the recorded list is an instrument, with the tiers of another recording', () => {
    const tiers = recordedRows<PositionTier>('http_get_position_tiers.json').map((row) => ({
      ...row,
      maxSz: '1000000' as const,
    }));
    const swaps = recordedRows<InstrumentRow>('http_get_instruments_swap.json').filter(
      (row) => untradable(row) === undefined,
    );
    expect(swaps.length).toBeGreaterThan(0);
    for (const row of swaps) {
      const read = instrumentOf(row, tiers);
      expect([read.instId, read.leverageMax]).toEqual([row.instId, Number(row.lever)]);
    }
  });
});
