/** The registry's numbers as the rules' facts: funding that falls due, the tier that an order leads to, costs around a price. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../test/script.ts';
import { Doubles } from './numbers/arithmetic.ts';
import { decimal } from './numbers/decimal.ts';
import { lots, type Side } from './numbers/units.ts';
import { costSharesAround, fundingDue, gridFacts } from './situation.ts';

const m = new Doubles();
const HOUR = 3_600_000;

describe('funding that falls due', () => {
  /** In % of the value; the next settlement is in an hour, at 0.01 %. */
  const percent = (
    until: number,
    more: { readonly side?: Side; readonly now?: number; readonly next?: number } = {},
  ) => {
    const { symbol } = new Script();
    const next = more.next === undefined ? {} : { nextSettlesAt: more.next };
    symbol.funding = { rateE8: 10_000, settlesAt: HOUR, ...next };
    return fundingDue(m, symbol, more.side ?? 1, more.now ?? 0, until) * 100;
  };

  it('is none where no settlement is known', () => {
    expect(fundingDue(m, new Script().symbol, 1, 0, 24 * HOUR)).toBe(0);
  });

  it.each([
    ['a millisecond before it', HOUR - 1, {}, 0],
    ['with it', HOUR, {}, 0.01],
    ['after it, where nobody tells when the next one is', 24 * HOUR, {}, 0.01],
    ['without an end: the next one alone', Number.POSITIVE_INFINITY, { next: 9 * HOUR }, 0.01],
    ['a millisecond before the second', 9 * HOUR - 1, { next: 9 * HOUR }, 0.01],
    ['with the second', 9 * HOUR, { next: 9 * HOUR }, 0.02],
    ['with the third', 17 * HOUR, { next: 9 * HOUR }, 0.03],
    ['as a short, who receives it', HOUR, { side: -1 }, 0],
    ['from the settlement itself on', HOUR, { now: HOUR }, 0.01],
    ['from a millisecond after it on', HOUR, { now: HOUR + 1 }, 0],
  ] as const)('of a position that ends %s', (_, until, more, due) => {
    expect(percent(until, more)).toBeCloseTo(due, 12);
  });
});

it('the maintenance rate after an order is that of all that is held then', () => {
  const tiers = [
    { lotsMax: lots(100), maintenanceRate: decimal('0.004'), leverageMax: 50 },
    { lotsMax: lots(1_000), maintenanceRate: decimal('0.01'), leverageMax: 20 },
  ];
  const { maintenanceRateAfter } = gridFacts(m, { ...SCRIPT_SWAP, tiers }, new Script().policy, 60);
  expect([maintenanceRateAfter(40), maintenanceRateAfter(41)]).toEqual([0.004, 0.01]);
});

it('costs are those of the spread that was seen, before the first price of the one that is assumed around a price', () => {
  const { execution } = new Script().policy;
  const script = new Script({ execution: { ...execution, spreadTicks: 5 } });
  script.price(10_000, { bid: 9_990, ask: 10_010 });
  const exit = () => costSharesAround(script.symbol, script.policy, 1_000).exit;
  const [fee, slippage] = [0.0005, 0.0001];
  expect(exit()).toBeCloseTo(fee + slippage + 20 / 10_000, 12);
  script.symbol.pricedAt = 0;
  expect(exit(), 'at the first moment of all, too').toBeCloseTo(fee + slippage + 20 / 10_000, 12);
  script.symbol.pricedAt = -1;
  expect(exit()).toBeCloseTo(fee + slippage + 5 / 1_000, 12);
});
