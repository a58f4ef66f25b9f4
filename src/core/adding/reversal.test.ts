/** What a position that is turned round waits for, and what ends the waiting. Source: rules.md §3; decisions 0023, 0030. */
import { describe, expect, it } from 'vitest';
import { FoldedScript } from '../../../test/folded.ts';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Side } from '../numbers/units.ts';
import { fold } from '../step.ts';

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

  it('waits for its close, though that takes longer than the wait of the other side', () => {
    const script = new FoldedScript(reversing).enter(side);
    script.signal(against);
    script.wait(9_000);
    script.fill('close');
    script.wait(4_999);
    expect(script.has('entry')).toBe(false);
    script.wait(1);
    expect(script.live('entry').order).toMatchObject({ side: against });
  });

  it.each([
    ['a minute later than planned, and is', 70_000, []],
    ['later than that, and is not', 70_001, ['price-stale']],
  ])('may be closed %s turned round', (_, ms, refusals) => {
    const script = new FoldedScript(reversing).enter(side);
    script.answers.set('close', 'nothing');
    script.signal(against);
    script.wait(ms);
    script.fill('close');
    expect(script.refusals(script.wait(5_000))).toEqual(refusals);
    expect(script.has('entry')).toBe(refusals.length === 0);
  });

  it('is not turned by a time of the past: whether it was is known from the rows of then', () => {
    const script = new Script(reversing).enter(side);
    script.signal(against);
    script.fill('close');
    script.now += 5_000;
    fold(script.registry, { kind: 'time', at: script.now });
    expect([script.registry.decisions, script.symbol.reversal?.side]).toEqual([[], against]);
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
