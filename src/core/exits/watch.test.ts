/** What exits do, and do not do, as the mark moves: with costs that were not those planned, with facts that are missing, with events of the past. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { ticks } from '../numbers/units.ts';
import { fold } from '../step.ts';

describe.each([1, -1] as const)('a position of side %i', (side) => {
  /** Breakeven is far behind at 2 % of profit. */
  const raised = (fee: number | undefined) => {
    const script = new Script({ exits: { trailing: undefined } as never });
    script.signal(side);
    script.fill('entry', fee === undefined ? {} : { fee });
    script.price(PRICE + side * 110);
    return side * (script.live('stop').ticks - PRICE);
  };

  it('is broken even at its planned costs where its entry has paid less, and at what it has paid where that is more', () => {
    const asPlanned = raised(undefined);
    expect(asPlanned, '0.08 % of 10,000 ticks').toBe(8);
    expect([raised(0), raised(-1_000_000)]).toEqual([asPlanned, asPlanned]);
    expect(raised(20_000_000)).toBeGreaterThan(asPlanned);
  });

  it('gets its lost stop back where no price was seen yet, and is not closed for it', () => {
    const script = new Script().enter(side);
    script.forgetPrices();
    script.end('stop', 'lost');
    expect([script.position.closing, script.live('stop').sizeLots]).toEqual([undefined, script.position.holding.lots]);
  });

  it('is given no more time while nobody knows how strong the trend is', () => {
    const extended = (adx: number | undefined) => {
      const script = new Script().enter(side);
      script.market.adx = adx as number;
      script.price(PRICE + side * 60);
      script.signal(side);
      return script.position.exits.extensions;
    };
    expect([extended(30), extended(undefined)]).toEqual([1, 0]);
  });

  it('is written down where a fill or a signal has changed its exits', () => {
    const script = new Script({ adx: 30 });
    script.signal(side);
    const { order } = script.live('entry');
    script.takeAlone(script.fillEvent(side, order.sizeLots, PRICE, { clientId: order.clientId }));
    expect(script.symbol.touched).toBe(true);
    script.price(PRICE + side * 60);
    const signal = { side, strength: 1, priceTicks: ticks(PRICE), source: 'test', reasons: [] };
    script.takeAlone({ kind: 'signal', at: script.now, instId: SCRIPT_SWAP.instId, ...signal });
    expect([script.position.exits.extensions, script.symbol.touched]).toEqual([1, true]);
  });

  it('changes nothing by a fill or a price of the past: how its orders stood then is loaded', () => {
    const script = new Script();
    script.signal(side);
    const { order } = script.live('entry');
    fold(script.registry, script.fillEvent(side, order.sizeLots, PRICE, { clientId: order.clientId }));
    expect([script.registry.decisions, script.position.holding.lots]).toEqual([[], order.sizeLots]);
    const lived = new Script().enter(side);
    const mark = ticks(PRICE + side * 110);
    const prices = { markTicks: mark, bidTicks: mark, askTicks: mark };
    fold(lived.registry, { kind: 'price', at: lived.now + 1, instId: SCRIPT_SWAP.instId, ...prices });
    expect([lived.registry.decisions, lived.position.exits.raisedTicks]).toEqual([[], 0]);
  });
});
