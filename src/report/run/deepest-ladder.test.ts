/** The ladder that was climbed highest, and its prices from what was paid and what came back. */
import { describe, expect, it } from 'vitest';
import { type InstrumentText, instrument } from '../../core/instrument/instrument.ts';
import { deepestLadder } from './deepest-ladder.ts';
import type { TradeRecord } from './record.ts';

const text: InstrumentText = {
  instId: 'BTC-USDT-SWAP',
  baseCoin: 'BTC',
  ctVal: '0.01',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.1',
  maxLimitSz: '1000',
  maxMarketSz: '1000',
  leverageMax: 100,
  tiers: [{ maxSz: '1000', maintenanceRate: '0.004', leverageMax: 100 }],
};
const btc = instrument(text);

/** Lots at prices in ticks; gross in 10⁻⁸ USDT. */
function trade(side: 'long' | 'short', steps: readonly (readonly [lots: number, ticks: number])[], gross: bigint) {
  return {
    instId: 'BTC-USDT-SWAP',
    side,
    openedAt: 0,
    closedAt: 60_000,
    reason: 'stop',
    regime: 'ranging',
    profile: 'small',
    gross,
    fees: 0n,
    funding: 0n,
    additions: steps.length - 1,
    partials: 0,
    steps: steps.map(([lots, ticks], step) => ({
      step,
      lots,
      value: BigInt(lots * ticks * btc.moneyPerTickLot),
      fees: 0n,
      gross: 0n,
    })),
  } as const satisfies TradeRecord;
}

describe('the deepest ladder', () => {
  it('is that of the trade with most rungs, and of several the one that moved most money', () => {
    const flat = trade('long', [[10, 500_000]], 9_000n);
    const small = trade(
      'long',
      [
        [10, 500_000],
        [5, 499_000],
      ],
      10n,
    );
    const lost = trade(
      'short',
      [
        [10, 500_000],
        [5, 501_000],
      ],
      -20n,
    );
    expect(deepestLadder([flat, small, lost], [btc])?.trade).toBe(lost);
    expect(deepestLadder([lost, small, flat], [btc])?.trade).toBe(lost);
  });

  it('is none where no trade was added to', () => {
    expect(deepestLadder([trade('long', [[10, 500_000]], 5n)], [btc])).toBeUndefined();
  });

  it.each(['long', 'short'] as const)('shows what a %s paid on average and where it left', (side) => {
    const won = 20n * 1_000n * BigInt(btc.moneyPerTickLot);
    const picture = deepestLadder(
      [
        trade(
          side,
          [
            [10, 500_000],
            [10, 498_000],
          ],
          won,
        ),
      ],
      [btc],
    )?.picture;
    expect(picture?.rungs.map(({ rung, price, size }) => [rung, price, size])).toEqual([
      [0, '50000', '0.1'],
      [1, '49800', '0.1'],
    ]);
    expect(picture?.levels).toEqual([
      { kind: 'average', price: '49900' },
      { kind: 'exit', price: side === 'long' ? '50000' : '49800' },
    ]);
  });
});
