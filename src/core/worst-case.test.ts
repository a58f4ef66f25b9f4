/** The worst case of the book (rules.md §8): what is open and what is on its way, fully climbed, then stopped. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script, SCRIPT_SWAP } from '../../test/script.ts';
import { bookWorstCaseUnits } from './worst-case.ts';

/** 1 + 2.7 × 0.8 × 1.1: entry and ladder where they are largest. */
const WHOLE = 3.376;
/** A stop 0.75 % away. */
const STOP = 0.0075;

function usdtOf(script: Script): number {
  return bookWorstCaseUnits(script.registry) / 1e8;
}

/** Value at the entry's price, USDT. */
function worth(lots: number): number {
  return (lots * PRICE * SCRIPT_SWAP.moneyPerTickLot) / 1e8;
}

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('the worst case of a %s', (_name, side) => {
  it('is nothing where nothing is open or on its way', () => {
    expect(usdtOf(new Script())).toBe(0);
  });

  it('of an entry on its way is its whole ladder, stopped, with both fees', () => {
    const script = new Script();
    script.signal(side);
    expect(usdtOf(script)).toBeCloseTo(worth(script.live('entry').sizeLots) * WHOLE * (STOP + 0.0008), 6);
  });

  it('of an entry that is half filled counts the other half once', () => {
    const script = new Script();
    script.signal(side);
    const { sizeLots } = script.live('entry');
    script.fill('entry', { lots: 1000 });
    const filled = worth(1000) * WHOLE * (STOP + 0.0006) + script.position.feeUnits / 1e8;
    const coming = worth(sizeLots - 1000) * WHOLE * (STOP + 0.0008);
    expect(usdtOf(script)).toBeCloseTo(filled + coming, 6);
  });

  it('of a position is what is left of its ladder, in the regime where that is most', () => {
    const by_regime = {
      trending: { ladder_multiplier: 0.5 },
      ranging: { ladder_multiplier: 0.5 },
      choppy: { ladder_multiplier: 1 },
    };
    const script = new Script({ config: { position_scaling: { by_regime } } }).enter(side);
    const { entryLots, feeUnits } = script.position;
    expect(usdtOf(script), '1 + 2.7 × 0.8 × 1').toBeCloseTo(
      worth(entryLots) * 3.16 * (STOP + 0.0006) + feeUnits / 1e8,
      6,
    );
  });

  it('of a position without a base is itself: it gets no rungs', () => {
    const script = new Script();
    script.take(script.fillEvent(side, 1000, PRICE));
    expect(usdtOf(script)).toBeCloseTo(worth(1000) * (STOP + 0.0006) + script.position.feeUnits / 1e8, 6);
  });

  it('never grows by climbing the ladder at the entry’s price', () => {
    const script = new Script().enter(side);
    const before = usdtOf(script) - script.position.feeUnits / 1e8;
    script.rung(PRICE);
    expect(usdtOf(script) - script.position.feeUnits / 1e8).toBeLessThanOrEqual(before + 1e-6);
  });
});
