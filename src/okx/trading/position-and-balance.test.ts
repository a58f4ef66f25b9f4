import { describe, expect, it } from 'vitest';
import { recordedRows } from '../../../test/okx/fixtures.ts';
import { BTC } from '../../../test/okx/grids.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { instrument } from '../../core/instrument/instrument.ts';
import { isPayloadFault } from '../payload-fault.ts';
import type { Balance } from '../wire/balance.ts';
import type { Position } from '../wire/position.ts';
import { balanceOf, positionOf } from './position-and-balance.ts';

describe('positions', () => {
  const row = (changes: Partial<Position>) =>
    ({
      instId: BTC.instId,
      mgnMode: 'isolated',
      posSide: 'net',
      pos: '-0.4',
      avgPx: '50000.1',
      lever: '10',
      ...changes,
    }) as Position;

  it('a side is the sign of the size; cost is average × size, to 10⁻⁸', () => {
    expect(positionOf(row({}), BTC)?.position).toEqual({
      instId: BTC.instId,
      signedLots: -40,
      costUnits: 20_000_040_000,
      leverage: 10,
    });
    expect(positionOf(row({ pos: '0.03', avgPx: '50000.133333333333' }), BTC)?.position?.costUnits).toBe(1_500_004_000);
  });

  it.each([
    // instrument                ctVal   lotSz  tickSz     pos    avgPx      lever  margin   (okx-v5.md §2, vectors 1 and 2: recorded)
    ['BIGTIME-USDT-SWAP', '10', '1', '0.00001', '613', '0.01305', '8', 9.9995625],
    ['BTC-USDT-SWAP', '0.01', '1', '0.1', '-1', '26598.3', '2', 132.9915],
  ] as const)(
    '%s: cost is the recorded margin times leverage',
    (instId, ctVal, lotSz, tickSz, pos, avgPx, lever, margin) => {
      const of = instrument({
        instId,
        baseCoin: 'X',
        ctVal,
        lotSz,
        minSz: lotSz,
        tickSz,
        maxLimitSz: '1000',
        maxMarketSz: '1000',
        leverageMax: 100,
        tiers: [{ maxSz: '1000', maintenanceRate: '0.02', leverageMax: 100 }],
      });
      expect(positionOf(row({ instId, pos, avgPx, lever }), of)?.position?.costUnits).toBe(
        Math.round(margin * Number(lever) * 1e8),
      );
    },
  );

  it('one with cross margin is none of ours, and says what it is', () => {
    expect(positionOf(row({ mgnMode: 'cross', pos: '-0.4' as never, lever: '' }), BTC)).toEqual({
      crossMargin: { instId: BTC.instId, side: 'short', contracts: '0.4' },
    });
  });

  it('flat is no position', () => {
    expect(positionOf(row({ pos: '0', avgPx: '', lever: '' }), BTC)).toBeUndefined();
  });

  it.each([
    ['-0.405', -40, '0.005'],
    ['0.4000001', 40, '0.0000001'],
    ['0.005', undefined, '0.005'],
    ['-0.4', -40, undefined],
  ])(
    'a position of %s is the whole lots in it, at their share of the cost, and says what is beside them',
    (pos, lots, beside) => {
      const read = positionOf(row({ pos: pos as never }), BTC);
      expect([read?.position?.signedLots, read?.besideGrid?.contracts]).toEqual([lots, beside]);
      if (lots !== undefined) expect(read?.position?.costUnits).toBe(20_000_040_000);
    },
  );

  it.each([
    ['long/short mode', { posSide: 'long' }, 'the account must be in net mode'],
    ['no leverage', { lever: '' }, 'a position without leverage'],
    ['leverage 0', { lever: '0' }, 'a position without leverage'],
    ['no average', { avgPx: '' }, 'a position without average price'],
    ['90 million USDT', { pos: '180001', avgPx: '50040' }, 'past the safe range'],
  ] as const)('%s is a payload fault', (_, changes, words) => {
    let caught: unknown;
    try {
      positionOf(row(changes), BTC);
    } catch (error) {
      caught = error;
    }
    expect(isPayloadFault(caught), String(caught)).toBe(true);
    expect(String(caught)).toContain(words);
  });
});

describe('balances', () => {
  it.each([
    [
      'an open position',
      { eq: '99.89469657000001', upl: '-0.0273000000000002', availBal: '94.426129903' },
      9_992_199_657n,
      9_442_612_990n,
    ],
    ['flat', { eq: '100.52768569797846', upl: '0', availBal: '100.52768569797846' }, 10_052_768_570n, 10_052_768_569n],
  ])('equity without what is not realised: %s', (_, detail, balance, available) => {
    const details = [
      { ccy: 'BTC', eq: '1', availBal: '1' },
      { ccy: 'USDT', ...detail },
    ];
    expect(balanceOf({ details } as unknown as Balance)).toEqual({ balance, available });
  });

  it.each([{ eq: '' }, { availBal: '' }])('without one of its figures (%j) is a payload fault', (changes) => {
    const details = [{ ccy: 'USDT', eq: '1', availBal: '1', upl: '', ...changes }];
    expect(() => balanceOf({ details } as unknown as Balance)).toThrow('a balance without equity');
  });

  it.each(['', undefined])('whose unrealised PnL is not said ("%s") has none', (upl) => {
    const details = [{ ccy: 'USDT', eq: '7', availBal: '5', upl }];
    expect(balanceOf({ details } as unknown as Balance)).toEqual({ balance: 700_000_000n, available: 500_000_000n });
  });

  it('an account without USDT has none', () => {
    expect(balanceOf({ details: [] } as unknown as Balance)).toEqual({ balance: 0n, available: 0n });
  });
});

describeWithShared('third-party payloads', () => {
  it('every recorded balance has an equity', () => {
    for (const file of ['http_get_account_balance.json', 'ws_account.json'])
      for (const row of recordedRows<Balance>(file)) expect(balanceOf(row).balance).toBeGreaterThan(0n);
  });
});
