/** A bot that is stopped: nothing that may still fill is left behind without anybody to protect it. */
import { describe, expect, it } from 'vitest';
import { Script } from '../../test/script.ts';
import { exchangeLost } from './account/lost.ts';
import { loadRegistry, saveRegistry } from './saved-registry.ts';

const leave = (script: Script) => script.operator({ do: 'leave', by: 'operator' });

describe('a bot that is being stopped', () => {
  it('calls back an entry on its way, and nothing follows it', () => {
    const script = new Script();
    script.signal(1);
    expect(script.ofKind('cancel', leave(script))).toMatchObject([{ because: 'the bot is being stopped' }]);
    expect(script.has('entry')).toBe(false);
    expect(script.registry.orders.size).toBe(0);
  });

  it('calls back a rung, and keeps position, stop and target', () => {
    const script = new Script().enter(1);
    script.wait(120_000);
    script.signal(1);
    expect(script.has('rung')).toBe(true);
    leave(script);
    expect([script.has('rung'), script.has('stop'), script.has('target')]).toEqual([false, true, true]);
  });

  it('gives what fills all the same its stop', () => {
    const script = new Script();
    script.signal(1);
    script.cancellations = 'nothing';
    leave(script);
    script.fill('entry');
    expect(script.live('stop').sizeLots).toBe(script.position.holding.lots);
  });

  it('adds nothing any more, with a reason of its own, and forgets no halt by it', () => {
    const script = new Script({ traced: true });
    leave(script);
    const [refused] = script.ofKind('refused', script.signal(1));
    expect(refused).toMatchObject({ code: 'halted', reasoning: { halting: { code: 'leaving' } } });
    expect(script.registry.halt).toBeUndefined();
  });

  it('goes on in its next life, also where the state was saved as it left', () => {
    const script = new Script();
    leave(script);
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    next.price(next.symbol.markTicks);
    expect(next.refusals(next.signal(1))).toEqual(['halted']);
    next.take(exchangeLost(next.now, { code: 'disconnected', connection: 'private', words: '' }));
    expect(next.registry.leaving, 'a connection that is lost is no new life').toBe(true);
    next.take(exchangeLost(next.now, { code: 'not-running' }));
    expect(next.refusals(next.signal(1)), 'only that the exchange is not read yet').toEqual(['state-unknown']);
  });
});
