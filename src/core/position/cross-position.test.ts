/** A position with cross margin that somebody holds beside ours. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import type { CrossPosition } from '../event.ts';
import { loadRegistry, loadTouched, saveRegistry, saveTouched } from '../saved-registry.ts';

const { instId } = SCRIPT_SWAP;
const CROSS = { instId, side: 'short', contracts: '0.1' } as const;

/** The account is as we know it, but for that. */
function read(script: Script, crossMargin?: readonly CrossPosition[]): Decision[] {
  script.wait(2_000);
  const { balance } = script.registry;
  const { position } = script.symbol;
  const signedLots = position === undefined ? 0 : position.holding.side * position.holding.lots;
  const costUnits = position?.holding.costUnits ?? 0;
  const orders = [...script.book.values()].map(({ order: { clientId, reduceOnly } }) => ({
    clientId,
    instId,
    reduceOnly,
  }));
  const positions = signedLots === 0 ? [] : [{ instId, signedLots, costUnits, leverage: position?.leverage ?? 5 }];
  const told = crossMargin === undefined ? {} : { crossMargin };
  return script.take({
    kind: 'exchange-read',
    at: script.now,
    balance,
    available: balance,
    positions,
    orders,
    ...told,
  });
}

describe('a position with cross margin', () => {
  it('leaves ours, its stop and its exits as they are, and nothing is added until a person resumes', () => {
    const script = new Script();
    script.enter();
    const before = { holding: { ...script.position.holding }, orders: [...script.book.keys()] };
    expect(read(script, [CROSS])).toMatchObject([{ kind: 'alert', instId, code: 'cross-position' }]);
    expect(script.position.holding).toEqual(before.holding);
    expect([...script.book.keys()]).toEqual(before.orders);
    expect(script.symbol.unexplainedFacts).toEqual({ code: 'cross-position', side: 'short', contracts: '0.1' });
    read(script);
    expect(script.symbol.unexplained).toMatch(/0\.1 contracts of .* short with cross margin/);
    script.operator({ do: 'resume', by: 'someone' });
    expect(script.symbol.unexplained).toBeUndefined();
  });

  it('is told once, and again where it is another, or came again', () => {
    const script = new Script();
    const told = (crossMargin?: readonly CrossPosition[]) => read(script, crossMargin).length;
    expect([told([CROSS]), told([CROSS])]).toEqual([1, 0]);
    script.operator({ do: 'resume', by: 'someone' });
    expect([told([CROSS]), script.symbol.unexplained]).toEqual([0, undefined]);
    expect([told([{ ...CROSS, contracts: '0.2' }]), told(), told([CROSS])]).toEqual([1, 0, 1]);
  });

  it('is known to the next life, by a snapshot and by the row of its alert', () => {
    const script = new Script();
    read(script, [CROSS]);
    const [snapshot, row] = [new Script(), new Script()];
    loadRegistry(snapshot.registry, saveRegistry(script.registry));
    loadTouched(row.registry, saveTouched(script.registry));
    for (const next of [snapshot, row]) {
      expect(next.symbol.unexplainedFacts).toEqual(script.symbol.unexplainedFacts);
      expect(next.symbol.crossHeld).toBe('short 0.1');
    }
  });
});
