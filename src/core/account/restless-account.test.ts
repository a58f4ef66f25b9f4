/** An account that others trade on: its balance is another one at every reading. What open positions lack does not wait for it. Source: rules.md §7; decisions 0016, 0027. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { lots, money } from '../numbers/units.ts';

const { instId } = SCRIPT_SWAP;

/** So many readings, two seconds apart; each says another balance than any before, and of the position what is known, unless said otherwise. */
function restless(script: Script, readings: number, moreLots = 0): void {
  for (let reading = 1; reading <= readings; reading++) {
    script.wait(2_000);
    const { holding } = script.position;
    script.take({
      kind: 'exchange-read',
      at: script.now,
      balance: money(script.registry.balance + BigInt(reading * reading) * 1_000_000n),
      positions: [
        {
          instId,
          signedLots: holding.side * (holding.lots + moreLots * reading),
          costUnits: holding.costUnits * (1 + (moreLots * reading) / holding.lots),
          leverage: 5,
        },
      ],
      orders: [...script.book.values()].map(({ order: { clientId, reduceOnly }, ticks, sizeLots }) => ({
        clientId,
        instId,
        reduceOnly,
        stands: { ticks, sizeLots: lots(sizeLots) },
      })),
    });
    expect(script.registry.ready, 'nothing is added').toBe(false);
  }
}

/** The exchange has ended the target and refused the next one. */
function withoutTarget(side: 1 | -1): Script {
  const script = new Script().enter(side);
  script.answers.set('target', 'reject');
  script.end('target');
  script.answers.clear();
  expect(script.has('target')).toBe(false);
  return script;
}

describe.each([1, -1] as const)('a position of side %i on it', (side) => {
  it('gets back the target that was refused', () => {
    const script = withoutTarget(side);
    restless(script, 1);
    expect(script.has('target')).toBe(true);
  });

  it('whose close was refused while it was not traded goes on being closed, once a minute', () => {
    const script = new Script().enter(side);
    script.take({ kind: 'instrument', at: script.now, instId, stopped: 'suspend', changes: [] });
    script.answers.set('close', 'reject');
    script.operator({ do: 'flatten', by: 'a person', instId });
    const tries = () => script.placed.filter(({ role }) => role === 'close').length;
    const before = tries();
    restless(script, 61);
    expect(tries() - before).toBe(3);
  });

  it('waits where its own size is what no two readings agree on', () => {
    const script = withoutTarget(side);
    restless(script, 5, 7);
    expect(script.has('target')).toBe(false);
  });
});
