/** The exchange's own maintenance: told when it is planned, begins and is over; nothing is added while it runs. */
import { describe, expect, it } from 'vitest';
import { Script, START } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import type { MaintenanceWindow } from '../event.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';

const HOUR_MS = 3_600_000;
const WINDOW: MaintenanceWindow = {
  title: 'Upgrade of perpetual swaps',
  service: '5',
  state: 'planned',
  begin: START + HOUR_MS,
  end: START + 2 * HOUR_MS,
  stopsTrading: true,
};
const RUNNING = { ...WINDOW, state: 'running' } as const;

const said = (script: Script, ...windows: MaintenanceWindow[]): Decision[] =>
  script.take({ kind: 'maintenance', at: script.now, windows });
const alerts = (script: Script, decisions: readonly Decision[]) =>
  script.ofKind('alert', decisions).map(({ code }) => code);

describe('maintenance', () => {
  it('is told when it is planned, when it runs and when it is over, each once', () => {
    const script = new Script();
    const [planned] = script.ofKind('alert', said(script, WINDOW));
    expect(planned).toMatchObject({
      code: 'maintenance-planned',
      instId: undefined,
      message:
        'the exchange plans maintenance: Upgrade of perpetual swaps from 2023-11-14 23:13 UTC until 2023-11-15 00:13 UTC; nothing is added while it runs',
      facts: { begin: START + HOUR_MS, end: START + 2 * HOUR_MS },
    });
    expect(said(script, WINDOW)).toEqual([]);
    expect(alerts(script, said(script, RUNNING))).toEqual(['maintenance-running']);
    expect(said(script, RUNNING)).toEqual([]);
    expect(alerts(script, said(script))).toEqual(['maintenance-over']);
    expect(said(script)).toEqual([]);
  });

  it('is told anew where its time is another, and two services of one title are two', () => {
    const script = new Script();
    said(script, WINDOW);
    const later = { ...WINDOW, end: START + 3 * HOUR_MS };
    expect(alerts(script, said(script, later))).toEqual(['maintenance-planned']);
    const other = { ...WINDOW, service: '8' };
    expect(alerts(script, said(script, later, other))).toEqual(['maintenance-planned']);
    expect(said(script, later, other)).toEqual([]);
    expect(alerts(script, said(script, other))).toEqual(['maintenance-over']);
  });

  it('refuses entries and additions while it runs, by gate "halted", and calls back what is on its way', () => {
    const script = new Script({ traced: true });
    script.signal(1);
    expect(script.ofKind('cancel', said(script, RUNNING))).toMatchObject([
      { because: 'the exchange is in maintenance' },
    ]);
    const [refused] = script.ofKind('refused', script.signal(1));
    expect(refused).toMatchObject({
      code: 'halted',
      reasoning: { halting: { code: 'maintenance', title: WINDOW.title, until: WINDOW.end } },
    });
    said(script);
    script.wait(10_000);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it.each([
    ['before its time', -1, []],
    ['at its time, though nobody says that it runs', 0, ['halted']],
    ['just before its end', HOUR_MS - 1, ['halted']],
    ['at its end', HOUR_MS, []],
  ])('that is planned refuses %s', (_, afterBegin, refusals) => {
    const script = new Script();
    said(script, WINDOW);
    script.wait(HOUR_MS + afterBegin);
    expect(script.refusals(script.signal(1))).toEqual(refusals);
  });

  it('that runs longer than announced refuses until it is over', () => {
    const script = new Script();
    said(script, RUNNING);
    script.wait(3 * HOUR_MS);
    expect(script.refusals(script.signal(1))).toEqual(['halted']);
  });

  it('of connections alone is told and refuses nothing', () => {
    const script = new Script();
    expect(alerts(script, said(script, { ...RUNNING, stopsTrading: false }))).toEqual(['maintenance-running']);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('leaves exits alone', () => {
    const script = new Script().enter(1);
    said(script, RUNNING);
    expect([script.has('stop'), script.has('target')]).toEqual([true, true]);
    script.operator({ do: 'flatten', by: 'a person' });
    script.fill('close');
    expect(script.symbol.position).toBeUndefined();
  });

  it('is remembered over a restart: what was told is not told again', () => {
    const script = new Script();
    said(script, RUNNING);
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    expect(said(next, RUNNING)).toEqual([]);
    expect(alerts(next, said(next))).toEqual(['maintenance-over']);
  });
});
