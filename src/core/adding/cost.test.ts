/** What a round trip costs, as a share of the price. */
import { describe, expect, it } from 'vitest';
import { effectivePolicy } from '../../config/index.ts';
import { fractions, roundedUnits } from '../numbers/arithmetic.ts';
import { decimal, formatUnits } from '../numbers/decimal.ts';
import type { ExecutionPolicy } from '../policy.ts';
import { exitCost, roundTripCost } from './cost.ts';

const { execution } = effectivePolicy();

describe('a round trip', () => {
  // biome-ignore format: a table
  it.each([
    // style                spread    round trip  exit
    ['maker_then_taker',    '0',      '0.0008',   '0.0006'],
    ['maker_only',          '0',      '0.0008',   '0.0006'],
    ['taker',               '0',      '0.0011',   '0.0006'],
    ['maker_then_taker',    '0.0001', '0.0009',   '0.0007'],
  ] as const)('entered %s with a spread of %s costs %s, leaving alone %s', (entryStyle, spread, roundTrip, exit) => {
    const policy: ExecutionPolicy = { ...execution, entryStyle };
    const facts = { spreadShare: fractions.of(decimal(spread)) };
    const text = (value: { over: bigint; under: bigint }) => formatUnits(roundedUnits(value, 8, 'ceil'), 8);
    expect(text(roundTripCost(fractions, policy, facts))).toBe(roundTrip);
    expect(text(exitCost(fractions, policy, facts))).toBe(exit);
  });

  it('counts a rebate as one', () => {
    const policy: ExecutionPolicy = { ...execution, feeRates: { maker: decimal('-0.0001'), taker: decimal('0.0005') } };
    const cost = roundTripCost(fractions, policy, { spreadShare: fractions.zero });
    expect(formatUnits(roundedUnits(cost, 8, 'ceil'), 8)).toBe('0.0005');
  });
});
