/** What the door tells of the governors behind it: who halts, as the gate says it, and what acts now. Their rules: the tests beside this one. */
import { describe, expect, it } from 'vitest';
import { governorsOf, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Halting } from '../decision.ts';
import { governing, haltingText } from './door.ts';
import { type Mode, newModeState } from './mode-by-results.ts';

const MIDNIGHT = Date.UTC(2023, 10, 15);

/** A life whose results have chosen a mode; undefined: none yet. */
function inMode(mode: Mode, switchedAt: number | undefined): Script {
  const script = new Script({ governors: governorsOf({ mode_by_results: 'on' }), traced: true });
  const { modeByResults } = script.policy.governors;
  if (modeByResults === undefined) throw new Error('it is on');
  script.symbol.governors.mode = { ...newModeState(modeByResults), mode, switchedAt };
  return script;
}

describe('the gate halted names', () => {
  it.each<[Halting, string]>([
    [{ code: 'pause', by: 'a person' }, 'pause by a person, until resumed'],
    [{ code: 'halt', by: 'emergency-stop' }, 'halt by emergency-stop, until resumed'],
    [{ code: 'day-loss', until: MIDNIGHT }, 'daily loss limit, until 2023-11-15 00:00 UTC'],
    [{ code: 'leaving' }, 'the bot is being stopped'],
    [{ code: 'maintenance', title: 'upgrade' }, 'maintenance of the exchange (upgrade)'],
    [
      { code: 'maintenance', title: 'upgrade', until: MIDNIGHT },
      'maintenance of the exchange (upgrade), until 2023-11-15 00:00 UTC',
    ],
    [{ code: 'instrument-stopped', state: 'suspend' }, 'the exchange does not trade it: its state is "suspend"'],
    [
      { code: 'instrument-changed', changes: [{ of: 'tick', was: '0.1', is: '0.01' }] },
      'the exchange has changed it (tick 0.01, it was 0.1), until the bot is started anew',
    ],
    [{ code: 'mode-off' }, 'mode by results: off, until a mode gains again'],
    [
      { code: 'losses-in-a-row', instId: undefined, until: MIDNIGHT },
      'pause: losses-in-a-row, until 2023-11-15 00:00 UTC',
    ],
    [{ code: 'turbulence', instId: 'A', until: MIDNIGHT }, 'pause: turbulence, until 2023-11-15 00:00 UTC'],
  ])('%j', (halting, text) => {
    expect(haltingText(halting)).toBe(text);
  });

  it('whoever it was, in the reasoning too', () => {
    const halting = (script: Script) => script.ofKind('refused', script.signal(1))[0]?.reasoning?.halting;
    const off = inMode('off', 1);
    expect(halting(off)).toEqual({ code: 'mode-off' });
    off.operator({ do: 'pause', by: 'a person' });
    expect(halting(off), 'the first of those in the way').toEqual({ code: 'pause', by: 'a person' });
  });
});

describe('what acts now', () => {
  it('is nothing at first, with every governor on', () => {
    const on = { size_by_day: 'on', mode_by_results: 'on', pause: 'on' };
    expect(governing(new Script({ governors: governorsOf(on) }).registry)).toEqual([]);
  });

  it.each<[Mode, number | undefined, readonly string[]]>([
    ['trend-following', undefined, []],
    ['trend-following', 1, ['trend-following']],
    ['off', 1, ['off']],
  ])('is the mode that results have chosen: %s, switched at %s', (mode, switchedAt, effects) => {
    const { registry, symbol } = inMode(mode, switchedAt);
    const { instId } = symbol.instrument;
    const chosen = { governor: 'mode-by-results', because: 'mode-results', instId, until: undefined };
    expect(governing(registry)).toEqual(effects.map((effect) => ({ ...chosen, effect })));
  });

  it('is a pause of all once, however many symbols it holds', () => {
    const instruments = [SCRIPT_SWAP, { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' }];
    const { registry, now } = new Script({ governors: governorsOf({ pause: 'on' }), instruments });
    registry.governors.pause.losses.until = now + 1;
    const because = 'losses-in-a-row';
    expect(governing(registry)).toEqual([
      { governor: 'pause', instId: undefined, effect: 'paused', because, until: now + 1 },
    ]);
  });
});
