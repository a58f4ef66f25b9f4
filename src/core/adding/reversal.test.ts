/** What a position that is turned round waits for, and what ends the waiting. Source: rules.md §3; decisions 0023, 0030. */
import { describe, expect, it } from 'vitest';
import { FoldedScript } from '../../../test/folded.ts';
import { PRICE, SCRIPT_SWAP } from '../../../test/script.ts';
import type { Side } from '../numbers/units.ts';

const reversing = { execution: { onOpposite: 'reverse' } } as const;

describe.each([1, -1] as const)('a position of side %i that is being turned round', (side) => {
  const against = -side as Side;

  it('is closed and nothing more once a newer signal says its own side again', () => {
    const script = new FoldedScript(reversing).enter(side);
    script.signal(against);
    script.wait(1_000);
    script.signal(side);
    expect(script.position.closing).toBe('opposite');
    script.fill('close');
    script.wait(60_000);
    expect([script.has('entry'), script.symbol.reversal]).toEqual([false, undefined]);
  });

  it('nor once it is closed and the wait of the other side goes on', () => {
    const script = new FoldedScript(reversing).enter(side);
    script.signal(against);
    script.fill('close');
    script.wait(3_000);
    expect(script.refusals(script.signal(side))).toEqual(['reentry-wait']);
    script.wait(60_000);
    expect(script.has('entry')).toBe(false);
  });

  it('goes on being turned where a newer signal says the same', () => {
    const script = new FoldedScript(reversing).enter(side);
    script.signal(against);
    script.fill('close');
    script.wait(3_000);
    script.signal(against);
    script.wait(2_000);
    expect(script.live('entry').order).toMatchObject({ side: against });
  });

  it('is never one that is left to the person whose it is, also not once they have closed it', () => {
    const script = new FoldedScript({ execution: { ...reversing.execution, unknownPosition: 'alert' } });
    script.take(script.fillEvent(side, 800, PRICE));
    expect(script.signal(against)).toEqual([]);
    script.take(script.fillEvent(against, 800, PRICE));
    script.wait(60_000);
    expect(script.placed).toEqual([]);
    expect(script.registry.byInstId.get(SCRIPT_SWAP.instId)?.position).toBeUndefined();
  });
});
