/** The exchange refuses key, signature or clock: what was sent is unknown, and a person is told (decision 0020). */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';
import { exchangeLost } from './lost.ts';

const { instId } = SCRIPT_SWAP;
const WORDS = '50102 Timestamp request expired';

function refused(script: Script): Decision[] {
  return script.take(exchangeLost(script.now, { code: 'access-refused', words: WORDS }));
}

/** A position whose close nobody has answered for. */
function unheard(): Script {
  const script = new Script().enter(1);
  script.answers.set('close', 'unknown');
  script.operator({ do: 'flatten', by: 'a person' });
  return script;
}

function closesOf({ placed }: Script): number {
  return placed.filter(({ role }) => role === 'close').length;
}

describe('access that the exchange refuses', () => {
  it('is told to a person at once with what waits for it, and again a minute later, not before', () => {
    const script = unheard();
    const [told] = script.ofKind('alert', refused(script));
    expect(told?.facts).toEqual({ code: 'access-refused', words: WORDS, closing: [instId], uncovered: [] });
    for (let seconds = 2; seconds < 60; seconds += 2) {
      script.wait(2_000);
      expect(script.ofKind('alert', refused(script)), `after ${seconds} s`).toEqual([]);
    }
    script.wait(2_000);
    expect(script.ofKind('alert', refused(script))).toMatchObject([{ code: 'access-refused' }]);
  });

  it('names a position whose stop nobody has confirmed', () => {
    const flat = { ...SCRIPT_SWAP, instId: 'FLAT-USDT-SWAP' };
    const script = new Script({ instruments: [SCRIPT_SWAP, flat] }).enter(1);
    script.answers.set('stop', 'unknown');
    script.end('stop', 'lost');
    const [told] = script.ofKind('alert', refused(script));
    expect(told?.facts).toMatchObject({ closing: [], uncovered: [instId] });
    expect(told?.message).toContain(`without a confirmed stop: ${instId}`);
  });

  it('names a position of which the confirmed stop closes a part, until it closes all', () => {
    const script = new Script().enter(1);
    script.amendments = 'nothing';
    script.wait(120_000);
    script.signal(1);
    script.fill('rung');
    expect(script.position.holding.lots).toBeGreaterThan(script.live('stop').sizeLots);
    const named = () => script.ofKind('alert', refused(script))[0]?.facts;
    expect(named()).toMatchObject({ uncovered: [instId] });
    script.wait(60_000);
    const { clientId } = script.live('stop').order;
    script.take({ kind: 'order-amended', at: script.now, clientId, done: true });
    expect(named()).toMatchObject({ uncovered: [] });
  });

  it('sends no close again before it is proven that the one before does not live; then at once, at the market', () => {
    const script = unheard();
    for (let seconds = 0; seconds < 600; seconds += 2) {
      refused(script);
      script.wait(2_000);
    }
    expect(closesOf(script)).toBe(1);
    const { clientId } = script.live('close').order;
    script.book.delete(clientId);
    script.answers.clear();
    script.take({ kind: 'order-absent', at: script.now, clientId });
    expect(closesOf(script)).toBe(2);
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.ofKind('position-closed', script.fill('close'))).toHaveLength(1);
    expect(script.ofKind('alert').map(({ code }) => code)).not.toContain('close-failed');
  });

  it('puts back a stop that was sent into it, once it is proven that it does not live', () => {
    const script = new Script().enter(1);
    script.answers.set('stop', 'unknown');
    script.end('stop', 'lost');
    refused(script);
    const { clientId } = script.live('stop').order;
    script.book.delete(clientId);
    script.answers.clear();
    script.wait(10_000);
    script.take({ kind: 'order-absent', at: script.now, clientId });
    expect(script.live('stop').sizeLots).toBe(script.position.holding.lots);
    expect(script.position.closing, 'nothing was closed for it').toBeUndefined();
  });

  it('adds nothing until the exchange was read', () => {
    const script = new Script();
    refused(script);
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
  });

  it('is remembered over a restart, and an older state without that memory loads', () => {
    const script = unheard();
    refused(script);
    const saved = saveRegistry(script.registry) as { account: Record<string, unknown> };
    const restarted = new Script();
    loadRegistry(restarted.registry, saved as never);
    expect(restarted.registry.accessToldAt).toBe(script.now);
    const { accessToldAt: _absent, ...account } = saved.account;
    const older = new Script();
    loadRegistry(older.registry, { ...saved, account } as never);
    expect(older.registry.accessToldAt).toBeUndefined();
    expect(older.ofKind('alert', refused(older))).toHaveLength(1);
  });
});
