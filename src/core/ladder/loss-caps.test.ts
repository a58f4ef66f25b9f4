/** What a configuration can lose by its limits, against plain arithmetic. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import { decimal } from '../numbers/decimal.ts';
import { ticks } from '../numbers/units.ts';
import { planBook } from './book-plan.ts';
import { type LossCaps, lossCaps } from './loss-caps.ts';

const BALANCE = 1_000e8;
const QUESTION = {
  instrument: SCRIPT_SWAP,
  side: 1,
  entryTicks: ticks(PRICE),
  regime: 'ranging',
  stopPercent: decimal('0.75'),
  atrTicks: undefined,
} as const;

function capsOf(limits: object, balance = '1000'): LossCaps {
  const { policy } = loadTree({ limits });
  const book = planBook(policy, decimal(balance), [QUESTION, QUESTION]);
  return lossCaps(
    policy,
    Number(balance) * 1e8,
    book.ladders.map(({ plan }) => plan),
    book,
  );
}

describe('with the defaults', () => {
  const { planned, limits, gapUnits } = capsOf({});

  it('a position loses at its stop what the plan says, and by the limits max_loss_per_position and its costs', () => {
    expect(planned.positionUnits / BALANCE).toBeCloseTo(0.0064, 3);
    expect(limits.positionUnits / BALANCE).toBeGreaterThan(0.02);
    expect(limits.positionUnits / BALANCE).toBeLessThan(0.0215);
  });

  it('through a gap it loses its margin: 15 % of the balance, the cap of a small account in a ranging market', () => {
    expect(gapUnits / BALANCE).toBeCloseTo(0.15, 3);
  });

  it('a day loses the daily limit, and then a full book of stops', () => {
    expect(planned.dayUnits).toBeCloseTo(50e8 + 2 * planned.positionUnits, 0);
    expect(limits.dayUnits).toBeCloseTo(50e8 + 2 * limits.positionUnits, 0);
  });

  it('ten in a row lose each its share of what is left', () => {
    for (const { positionUnits, streakUnits } of [planned, limits])
      expect(streakUnits / BALANCE).toBeCloseTo(1 - (1 - positionUnits / BALANCE) ** 10, 8);
  });

  it('ten in a row take days: 2.1 % each, two do not reach 5 %, then a full book of two, three days', () => {
    expect(limits.streakDays).toBe(3);
    expect(planned.streakDays, '0.64 %: seven, and two').toBe(2);
  });
});

describe.each([
  // limit of a position, of a day, least days. A position loses a little more than its limit, of what the one before has left; two are open at once.
  [2, 4, 4],
  [2, 4.5, 3],
  [3, 6.5, 3],
  [3, 6, 4],
  [1, 9, 1],
  [1, 7, 2],
] as const)('a position of %s % and a day of %s %', (position, day, days) => {
  it(`is ${days} days for ten in a row`, () => {
    const { limits } = capsOf({ max_loss_per_position: position, daily_loss_limit: day });
    expect(limits.positionUnits / BALANCE).toBeGreaterThan(position / 100);
    expect(limits.streakDays).toBe(days);
  });
});

it('the book of a day is never more than max_worst_case_loss', () => {
  const { limits } = capsOf({ max_worst_case_loss: 3 });
  expect(limits.dayUnits).toBe(50e8 + 30e8);
});

it('of an account too small for any entry nothing is lost in positions', () => {
  const { planned, limits, gapUnits } = capsOf({}, '10');
  expect([planned.positionUnits, limits.positionUnits, gapUnits, planned.streakUnits]).toEqual([0, 0, 0, 0]);
});
