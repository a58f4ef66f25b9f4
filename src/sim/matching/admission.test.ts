/** Which prices an order may name, and against which one its trigger is held. */
import { describe, expect, it } from 'vitest';
import { accountOf, orderOf, PLAIN, plain } from '../../../test/recording.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import type { SimTerms } from './order.ts';

/** The last price stands at 10,000 and the mark at 10,100. */
function reasonFor(lots: number, terms: SimTerms): string | undefined {
  const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 1_000_000 });
  const { account } = accountOf([plain]);
  matcher.move({ instId: PLAIN.instId, lastTicks: 10_000, markTicks: 10_100, volumeLots: 1_000, at: 0 });
  const answer = matcher.place(account, orderOf('x', lots, terms), 0);
  return 'reason' in answer ? answer.reason : undefined;
}

const KINDS: Readonly<Record<'limit' | 'stop' | 'take-profit', (price: number) => SimTerms>> = {
  limit: (price) => ({ type: 'limit', priceTicks: price as Ticks, postOnly: false }),
  stop: (price) => ({ type: 'stop', triggerTicks: price as Ticks, by: 'last' }),
  'take-profit': (price) => ({ type: 'take-profit', triggerTicks: price as Ticks, by: 'last' }),
};

describe.each(Object.entries(KINDS))('the price of a %s', (_kind, terms) => {
  it.each([0, -1, 9_999.5, Number.NaN])('is a whole number of ticks above 0, so not %d', (price) => {
    expect(reasonFor(-10, terms(price))).toBe('price-off-tick');
  });
});

describe('a trigger between the last price and the mark', () => {
  // biome-ignore format: a table
  it.each([
    // order                     by      passed
    ['stop',        'buys',   'last', false],
    ['stop',        'buys',   'mark', true],
    ['stop',        'sells',  'last', true],
    ['stop',        'sells',  'mark', false],
    ['take-profit', 'buys',   'last', true],
    ['take-profit', 'buys',   'mark', false],
    ['take-profit', 'sells',  'last', false],
    ['take-profit', 'sells',  'mark', true],
  ] as const)('%s that %s, by the %s: passed already is %s', (type, what, by, isPassed) => {
    const reason = reasonFor(what === 'buys' ? 10 : -10, { type, triggerTicks: 10_050 as Ticks, by });
    expect(reason).toBe(isPassed ? 'trigger-passed' : undefined);
  });
});
