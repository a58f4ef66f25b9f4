/** Leverage of a new position (rules.md §4): the smallest of what is wanted, allowed, and safe behind the stop. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { LAW, long } from '../../../test/long.ts';
import { judgedEntry, roomyEntry } from '../../../test/situations.ts';
import { effectivePolicy } from '../../config/index.ts';
import { decimal } from '../numbers/decimal.ts';
import { percentOf, share } from '../numbers/percent.ts';
import { lots, type Side } from '../numbers/units.ts';
import type { LeveragePolicy, Policy, Regime } from '../policy.ts';
import { type LeverageFacts, leverageFor, plannedLeverage } from './leverage.ts';

const POLICY = effectivePolicy();
const ADAPTIVE: LeveragePolicy = { ...POLICY.execution.leverage, adaptive: true, max: 100 };

const FACTS: LeverageFacts = {
  strength: 1,
  regime: 'ranging',
  atrPercent: undefined,
  stopShare: 0.001,
  lotsMax: 1,
  closingRate: 0.0045,
  liquidationDistanceMultiple: 1.5,
};

/** One tier, with the maintenance rate of the roomy entry. */
const LIKE_ROOMY = {
  ...BTC_SWAP,
  leverageMax: 100,
  tiers: [{ lotsMax: lots(1_000_000), maintenanceRate: decimal('0.004'), leverageMax: 100 }],
};

function atr(percent: number) {
  return percentOf(share(percent / 100));
}

describe('leverage', () => {
  it('is the maximum of the policy where the map is off, whatever the signal', () => {
    for (const strength of [0, 0.5, 1])
      expect(leverageFor(POLICY.execution.leverage, BTC_SWAP, { ...FACTS, strength })).toBe(5);
  });

  // biome-ignore format: a table
  it.each([
    // strength  regime      ATR %       leverage
    [0.29,       'ranging',  2,          3],
    [0.3,        'ranging',  2,          5],
    [0.5,        'ranging',  2,          10],
    [0.7,        'ranging',  2,          20],
    [0.9,        'ranging',  2,          30],
    [0.25,       'trending', 2,          5],
    [0.24,       'trending', 2,          3],
    [0.6,        'choppy',   2,          5],
    [0.5,        'ranging',  5.1,        5],
    [0.5,        'ranging',  5,          10],
    [0.5,        'ranging',  0.9,        10],
    [0.6,        'ranging',  0.9,        20],
    [1,          'trending', 0.5,        30],
    [0.5,        'ranging',  undefined,  10],
  ] as const)('by the map: strength %d, %s, ATR %s %% is %ix', (strength, regime, percent, leverage) => {
    const atrPercent = percent === undefined ? undefined : atr(percent);
    expect(leverageFor(ADAPTIVE, BTC_SWAP, { ...FACTS, strength, regime: regime as Regime, atrPercent })).toBe(leverage);
  });

  it('is never above the policy’s, the instrument’s or the tier’s maximum, nor below 1', () => {
    const instrument = {
      ...BTC_SWAP,
      leverageMax: 20,
      tiers: [
        { lotsMax: lots(100), maintenanceRate: decimal('0.004'), leverageMax: 50 },
        { lotsMax: lots(1000), maintenanceRate: decimal('0.01'), leverageMax: 10 },
      ],
    };
    expect(leverageFor({ ...ADAPTIVE, max: 7 }, instrument, FACTS)).toBe(7);
    expect(leverageFor(ADAPTIVE, instrument, FACTS)).toBe(20);
    expect(leverageFor(ADAPTIVE, instrument, { ...FACTS, lotsMax: 101 })).toBe(10);
    expect(leverageFor(ADAPTIVE, instrument, { ...FACTS, lotsMax: 5000 }), 'past the last tier, the last one').toBe(10);
    expect(leverageFor(ADAPTIVE, instrument, { ...FACTS, stopShare: 3 })).toBe(1);
  });

  it('asks the tier of the whole ladder’s value', () => {
    const leverage = { ...POLICY.execution.leverage, max: 50 };
    const policy: Policy = { ...POLICY, execution: { ...POLICY.execution, leverage } };
    // 1350 USDT at 58,500 are 231 lots of 5.85 USDT
    const tiers = (most: number) => ({
      ...BTC_SWAP,
      tiers: [
        { lotsMax: lots(most), maintenanceRate: decimal('0.004'), leverageMax: 40 },
        { lotsMax: lots(10_000), maintenanceRate: decimal('0.01'), leverageMax: 10 },
      ],
    });
    const facts = { strength: 1, regime: 'ranging', atrPercent: undefined, stopShare: 0.002 } as const;
    expect(plannedLeverage(policy, tiers(231), 'small', 585_000, facts)).toBe(40);
    expect(plannedLeverage(policy, tiers(230), 'small', 585_000, facts)).toBe(10);
    // At its maintenance a stop of 2 % lets a short have 1 / (1.03 × 1.0045 − 1), at the next tier's 1 / (1.03 × 1.0105 − 1).
    const far = { ...facts, stopShare: 0.02 };
    expect(plannedLeverage(policy, tiers(231), 'small', 585_000, far)).toBe(28);
    expect(plannedLeverage(policy, tiers(230), 'small', 585_000, far)).toBe(10);
  });

  it(
    'keeps gate 17: at the planned stop an entry is not too near its liquidation, and a short at one more would be',
    LAW,
    () => {
      const policy: Policy = { ...POLICY, execution: { ...POLICY.execution, leverage: ADAPTIVE } };
      let behindStop = 0;
      fc.assert(
        fc.property(fc.integer({ min: 20, max: 3000 }), fc.constantFrom<Side>(1, -1), (stopBps, side) => {
          const stopShare = stopBps / 10_000;
          const { strength, regime, atrPercent } = FACTS;
          const asked = { strength, regime, atrPercent, stopShare };
          const leverage = plannedLeverage(policy, LIKE_ROOMY, 'small', 585_000, asked);
          const stopPrice = String(100 - (side * Math.round(stopShare * 1e6)) / 1e4);
          const isFarEnough = (times: number) => {
            const { gates } = judgedEntry(POLICY, { ...roomyEntry(side), leverage: times, stopPrice });
            return gates?.find(({ code }) => code === 'liquidation-too-near')?.ok;
          };
          expect(isFarEnough(leverage)).toBe(true);
          // A short's liquidation is the nearer one; where the map asks for more, the stop alone bounds the leverage.
          if (side === 1 || leverage === ADAPTIVE.top) return;
          expect(isFarEnough(leverage + 1)).toBe(false);
          behindStop += 1;
        }),
        { numRuns: long(3500, 10_000) },
      );
      expect(behindStop, 'bounded by the stop').toBeGreaterThanOrEqual(1000);
    },
  );
});
