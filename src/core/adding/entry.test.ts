/** What an entry sets, and what is told of it. Source: rules.md §3–4, ladder.md §4. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../../test/script.ts';
import { resting } from '../../../test/without-signal.ts';
import { loadTree } from '../../config/index.ts';

describe('the taker that follows an unfilled maker', () => {
  it.each([
    // 0.6 × regime × 1.3 of a calm market: 0.78 is 20x, 0.624 is 10x
    ['ranging', [20]],
    ['choppy', [20, 10]],
  ] as const)('enters with its own leverage: planned in a %s market, set were %j', (regime, leverages) => {
    const { execution } = loadTree({ execution: { leverage: { adaptive: true, max: 50 } } }).policy;
    const script = new Script({ execution });
    script.signal(1, { strength: 0.6 });
    script.market.regime = regime;
    script.wait(script.policy.execution.makerWindowMs);
    expect(script.live('entry').order.terms.type).toBe('market');
    expect(script.ofKind('set-leverage').map(({ leverage }) => leverage)).toEqual(leverages);
    script.fill('entry');
    expect(script.position.leverage).toBe(leverages.at(-1));
  });
});

describe('the reasoning', () => {
  it('tells the price of the order, and the mark beside it', () => {
    const script = new Script({ traced: true });
    script.price(PRICE, { bid: PRICE - 2, ask: PRICE + 1 });
    const [placed] = script.ofKind('place', script.signal(1));
    expect(placed?.reasoning?.judged).toEqual({ priceTicks: PRICE - 2, markTicks: PRICE });
  });

  it('of a rung that is to rest tells the mark at which it would fill', () => {
    const script = resting(1, { traced: true });
    const told = script.ofKind('place').find(({ order }) => order.role === 'rung')?.reasoning?.judged;
    expect(told).toEqual({ priceTicks: PRICE - 25, markTicks: PRICE - 25 });
  });
});

it('a rung is refused while the market is not known, as after a start', () => {
  const script = new Script().enter(1);
  script.wait(60_000);
  script.market.atrTicks = undefined;
  expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
});
