/** The book before its first order: the same figures as the gates' in the running bot, each entry in the book that those before it make. */
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import { instrument } from '../instrument/instrument.ts';
import { decimal } from '../numbers/decimal.ts';
import { type Side, ticks } from '../numbers/units.ts';
import type { Policy } from '../policy.ts';
import { planBook } from './book-plan.ts';
import { bookWorstCase } from './worst-case.ts';

const OTHER = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
const THIRD = { ...SCRIPT_SWAP, instId: 'THIRD-USDT-SWAP' };

function bookOf(policy: Policy, side: Side, instruments = [SCRIPT_SWAP, OTHER, THIRD], balance = '1000') {
  return planBook(
    policy,
    decimal(balance),
    instruments.map((each) => ({
      instrument: each,
      side,
      entryTicks: ticks(PRICE),
      regime: 'ranging' as const,
      stopPercent: undefined,
      atrTicks: 50,
    })),
  );
}

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('a book of %ss', (_name, side) => {
  const policy = loadTree({}).policy;

  it('has the worst case that the running bot reckons for the same entry', () => {
    const script = new Script({ execution: { spreadTicks: 0 } });
    script.signal(side);
    const [planned] = bookOf(script.policy, side, [SCRIPT_SWAP]).ladders;
    const [live] = bookWorstCase(script.registry).ladders;
    expect(planned?.worst).toEqual(live);
  });

  it('adds up what passes, and refuses what the book before it leaves no room for', () => {
    const { ladders, worst, caps } = bookOf(policy, side);
    expect(ladders.map(({ plan }) => plan.rungs[0]?.refusal)).toEqual([null, null, 'positions-at-limit']);
    expect(worst.ladders).toHaveLength(2);
    expect(worst.stoppedUnits).toBe(ladders.reduce((sum, each) => sum + (each.worst?.stoppedUnits ?? 0), 0));
    expect(caps.worstCase).toEqual({ used: worst.stoppedUnits, limit: 150e8 });
    expect(caps.exposure.limit).toBe(3_000e8);
    expect(caps.margin.limit).toBe(800e8);
    const margins = ladders.map((each) => Math.ceil(each.worst?.marginUnits ?? 0));
    expect(caps.margin.used).toBe(margins.reduce((sum, each) => sum + each));
    expect(caps.positions).toEqual({ used: 2, limit: 2 });
    expect(worst.shockedUnits).toBeGreaterThan(worst.stoppedUnits);
  });

  it.each([
    ['just above what both lose', 1.0001, [null, null, 'positions-at-limit']],
    ['just below it', 0.9999, [null, 'worst-case-too-large', null]],
    ['just below what one loses', 0.4999, ['worst-case-too-large', 'worst-case-too-large', 'worst-case-too-large']],
  ])('with max_worst_case_loss %s', (_what, share, refusals) => {
    const both = bookOf(policy, side).worst.stoppedUnits / 1e8;
    const percent = (both * share) / 10;
    const strict = { ...policy, limits: { ...policy.limits, worstCaseLossPercentMax: decimal(percent.toFixed(8)) } };
    const found = bookOf(strict, side).ladders.map(({ plan }) => plan.rungs[0]?.refusal);
    if (refusals[2] === null) expect(found.slice(0, 2)).toEqual(refusals.slice(0, 2));
    else expect(found).toEqual(refusals);
  });

  it('of few total exposure gets smaller ladders, never more than the limit', () => {
    const tight = loadTree({ limits: { max_total_exposure: 1 } }).policy;
    const { ladders, caps } = bookOf(tight, side);
    const [first, second] = ladders.map(({ worst }) => worst?.valueUnits ?? 0);
    expect(second).toBeLessThan(first as number);
    expect(caps.exposure.used).toBeLessThanOrEqual(caps.exposure.limit);
  });

  it('may stay empty', () => {
    const { worst, caps } = bookOf(policy, side, [BTC_SWAP], '10');
    expect(worst.ladders).toEqual([]);
    expect(caps.positions.used).toBe(0);
  });
});

it('a ladder whose stop stands behind its liquidation shows it', () => {
  const far = loadTree({
    limits: { liquidation_distance_multiple: 0, max_loss_per_position: 50, max_worst_case_loss: 90 },
    execution: { leverage: { max: 20 } },
  }).policy;
  const { ladders } = planBook(far, decimal('1000'), [
    {
      instrument: instrument({ ...TEXT }),
      side: 1,
      entryTicks: ticks(PRICE),
      regime: 'ranging',
      stopPercent: decimal('8'),
      atrTicks: undefined,
    },
  ]);
  expect(ladders[0]?.worst?.isLiquidatedFirst).toBe(true);
  expect(ladders[0]?.worst?.stoppedUnits).toBeGreaterThanOrEqual(ladders[0]?.worst?.marginUnits ?? 0);
});

const TEXT = {
  instId: 'FAR-USDT-SWAP',
  baseCoin: 'FAR',
  ctVal: '0.001',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.01',
  maxLimitSz: '1000000',
  maxMarketSz: '1000000',
  leverageMax: 50,
  tiers: [{ maxSz: '10000000', maintenanceRate: '0.004', leverageMax: 50 }],
};
