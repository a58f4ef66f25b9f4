/** Candles of a feed that tells mark and touch as prices: a close is the last trade's. Source: rules.md §5, ladder.md §4 gate 3; decision 0046. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../../test/script.ts';
import { MINUTE_MS } from '../market/candle.ts';
import { type Side, ticks } from '../numbers/units.ts';
import { watchGuardTicks } from './watch.ts';

const SIDES = [1, -1] as const;

/** The minute closes; its last moment was priced so long ago. */
function closes(script: Script, closeTicks: number, pricedAgoMs: number) {
  const openMinute = Math.floor((script.now + pricedAgoMs) / MINUTE_MS);
  const at = (openMinute + 1) * MINUTE_MS;
  script.now = at - pricedAgoMs;
  script.price(PRICE, { bid: PRICE - 20, ask: PRICE + 20 });
  script.now = at;
  const extremes = { openTicks: PRICE, highTicks: Math.max(PRICE, closeTicks), lowTicks: Math.min(PRICE, closeTicks) };
  return script.take({
    kind: 'candle-closed',
    at,
    instId: script.symbol.instrument.instId,
    openMinute,
    ...extremes,
    closeTicks,
    volumeLots: 1,
    pricesApart: true,
  });
}

function told({ symbol: { markTicks, bidTicks, askTicks } }: Script): number[] {
  return [markTicks, bidTicks, askTicks];
}

/** A close beyond the place where the guard closes. */
function beyondGuard(script: Script, side: Side): number {
  return watchGuardTicks(script.registry, script.symbol, script.position) - side;
}

describe('a candle beside prices', () => {
  it('is no mark and no touch: a last trade beyond the liquidation guard closes nothing', () => {
    for (const side of SIDES) {
      const script = new Script().enter(side);
      expect(closes(script, beyondGuard(script, side), 100)).toEqual([]);
      expect(told(script)).toEqual([PRICE, PRICE - 20, PRICE + 20]);
      expect(script.position.closing).toBeUndefined();
    }
  });

  it('makes no price younger than it is: what would be added is refused', () => {
    for (const pricedAgoMs of [2_001, 600_000]) {
      const script = new Script();
      closes(script, PRICE, pricedAgoMs);
      script.signal(1);
      expect([script.refusals(), script.placed]).toEqual([['price-stale'], []]);
    }
    const script = new Script();
    closes(script, PRICE, 2_000);
    script.signal(1);
    expect(script.live('entry').order.terms).toMatchObject({ priceTicks: ticks(PRICE - 20) });
  });

  it('is what exits go by once prices have died, two minutes after the last one', () => {
    for (const side of SIDES) {
      for (const [pricedAgoMs, closing] of [
        [119_999, undefined],
        [120_000, 'liquidation-guard'],
      ] as const) {
        const script = new Script().enter(side);
        script.answers.set('close', 'nothing');
        closes(script, beyondGuard(script, side), pricedAgoMs);
        expect(script.position.closing).toBe(closing);
      }
    }
  });
});
