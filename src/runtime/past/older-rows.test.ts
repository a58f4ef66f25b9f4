/** A journal of before alerts and halts had values beside their text, and exits what they stand on: it is read, goes on and is thought again to the same (decision 0018). */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { type Row, ScriptRows } from '../../../test/script-rows.ts';
import type { Alert } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { money } from '../../core/numbers/units.ts';
import { loadRegistry, loadTouched, type Plain, saveRegistry } from '../../core/saved-registry.ts';
import { fold } from '../../core/step.ts';
import { type DecisionRow, decodeState, encodeState } from '../loop.ts';
import { rethink } from './replay.ts';

/** What has come since. */
const LATER = new Set(['facts', 'halting', 'unexplainedFacts', 'exit', 'judged']);

function older<T>(value: T): T {
  if (Array.isArray(value)) return value.map(older) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !LATER.has(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, older(each)])) as T;
}

/** A position by hand that no fill explains, another balance, an order that is refused, a signal while a person has paused. */
function recorded(): ScriptRows {
  const script = new ScriptRows({ traced: true });
  const position = { instId: SCRIPT_SWAP.instId, signedLots: 7, costUnits: 700_000, leverage: 5 };
  for (let times = 0; times < 2; times += 1) {
    script.wait(5_000);
    const balance = money(99_000_000_000n);
    const { now: at } = script;
    script.take({ kind: 'exchange-read', at, balance, available: balance, positions: [position], orders: [] });
  }
  script.answers.set('close', 'reject');
  script.operator({ do: 'flatten', by: 'a person' });
  script.wait(15_750);
  script.operator({ do: 'pause', by: 'a person' });
  script.signal(1);
  return script;
}

const now = recorded();
const then = now.rows.map((row) => ({ ...row, payload: older(row.payload) }));

function alertsIn(rows: readonly Row[]): Alert[] {
  return rows.flatMap(({ kind, payload }) =>
    kind === 'decision' ? (payload as DecisionRow).decisions.filter((each) => each.kind === 'alert') : [],
  );
}

function foldedFrom(rows: readonly Row[]): Script {
  const script = new Script({ traced: true });
  for (const { kind, payload } of rows)
    if (kind === 'event') fold(script.registry, payload as CoreEvent);
    else loadTouched(script.registry, (payload as DecisionRow).after as Plain);
  return script;
}

describe('a journal without values beside its texts', () => {
  it('is told apart from one of today by them alone', () => {
    expect(new Set(alertsIn(now.rows).map(({ code }) => code))).toEqual(
      new Set(['balance-differs', 'position-differs', 'order-rejected', 'close-failed']),
    );
    for (const { facts, code } of alertsIn(now.rows)) expect(facts?.code).toBe(code);
    expect(alertsIn(then).map((alert) => alert.facts)).toEqual(alertsIn(now.rows).map(() => undefined));
    expect(now.ofKind('place').at(-1)?.exit, 'of the close').toMatchObject({ lots: 7 });
    const refused = now.ofKind('refused').at(-1);
    expect(refused?.reasoning?.halting).toEqual({ code: 'pause', by: 'a person' });
    expect(refused?.reasoning?.judged).toEqual({ priceTicks: expect.any(Number), markTicks: expect.any(Number) });
    expect(encodeState(then)).not.toMatch(/"(facts|halting|unexplainedFacts|exit|judged)"/);
  });

  it('is thought again to the same decisions', () => {
    expect(rethink(new Script({ traced: true }).registry, then)).toBeUndefined();
    expect(rethink(new Script({ traced: true }).registry, now.rows)).toBeUndefined();
  });

  it('differs where a value that was recorded is another one now, or a text is', () => {
    const changed = (change: (alert: Alert) => Alert) =>
      now.rows.map((row) => {
        if (row.kind !== 'decision') return row;
        const { decisions, after } = row.payload as DecisionRow;
        return {
          ...row,
          payload: { decisions: decisions.map((each) => (each.kind === 'alert' ? change(each) : each)), after },
        };
      });
    const leverage = changed((alert) => ({ ...alert, facts: { code: 'leverage-differs', leverage: 3, believed: 5 } }));
    expect(rethink(new Script({ traced: true }).registry, leverage)).toMatchObject({
      field: 'decisions[0].facts.code',
    });
    const text = changed((alert) => ({ ...older(alert), message: 'another' }));
    expect(rethink(new Script({ traced: true }).registry, text)).toMatchObject({ field: 'decisions[0].message' });
  });

  it('brings back what nothing explains by its text, and nothing is added until a person resumes', () => {
    const script = foldedFrom(then);
    expect(script.symbol.unexplained).toBe(now.symbol.unexplained);
    expect(script.symbol.unexplainedFacts).toBeUndefined();
    expect(foldedFrom(now.rows).symbol.unexplainedFacts).toEqual({
      code: 'position-differs',
      of: 'lots',
      signedLots: 7,
      believedLots: 0,
    });
  });

  it('is a snapshot that loads', () => {
    const script = new Script({ traced: true });
    loadRegistry(script.registry, older(decodeState(encodeState(saveRegistry(now.registry)))) as Plain);
    expect(script.symbol.unexplained).toBe(now.symbol.unexplained);
    expect(script.symbol.unexplainedFacts).toBeUndefined();
    script.operator({ do: 'resume', by: 'a person' });
    expect(script.symbol.unexplained).toBeUndefined();
  });
});
