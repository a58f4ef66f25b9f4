/** Edges of where the stop of a position stands. Prices in ticks of 0.01 %. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../../test/script.ts';
import { decimal } from '../numbers/decimal.ts';

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('the stop of a %s', (_name, side) => {
  /** Distance from the entry's price, in the position's favour. */
  const gain = (script: Script) => side * (script.live('stop').ticks - PRICE);

  it('is never nearer than `min_stop_percent`, where that is more than the ATR and the costs ask for', () => {
    expect(gain(new Script({ exits: { stopPercentMin: decimal('2') } }).enter(side))).toBe(-200);
  });

  it('that breakeven has raised is not moved back by a trail that keeps farther behind, nor is it called one', () => {
    const { trailing } = new Script().policy.exits;
    if (trailing === undefined) throw new Error('the defaults trail');
    const script = new Script({ exits: { trailing: { ...trailing, distanceAtr: decimal('3') } } }).enter(side);
    for (const mark of [98, 140, 150]) script.price(PRICE + side * mark);
    expect(gain(script)).toBe(8);
    script.end('stop', 'lost');
    expect([gain(script), script.position.exits.stopReason]).toEqual([8, 'breakeven']);
  });

  it.each([
    [1, undefined],
    [0, 'stop'],
  ])('that is lost while the mark is %i ticks before it: %s', (before, closing) => {
    const script = new Script().enter(side);
    script.price(PRICE - side * (75 - before));
    script.end('stop', 'lost');
    expect(script.position.closing).toBe(closing);
    expect([script.has('stop'), script.has('close')]).toEqual([closing === undefined, closing !== undefined]);
  });
});
