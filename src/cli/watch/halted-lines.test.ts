/** A refusal by gate `halted` says to a trader what is in the way and until when, in both languages; the gate's own words are another text. */
import { describe, expect, it } from 'vitest';
import { governorsOf, Script } from '../../../test/script.ts';
import { newModeState } from '../../core/governors/mode-by-results.ts';
import { money } from '../../core/numbers/units.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { happeningLine } from './happening-line.ts';
import { type Happening, Happenings } from './happenings.ts';

/** 22:13:20 UTC: in 40 minutes is the same day, midnight is within the next 24 hours. */
const MINUTE = 60_000;

const halted: readonly [string, (script: Script) => void, string, string][] = [
  [
    'an operator',
    (script) => script.operator({ do: 'pause', by: 'operator' }),
    'paused by the operator, until a person resumes',
    'пауза: оператор, пока человек не возобновит',
  ],
  [
    'the emergency stop',
    ({ registry }) => (registry.halt = { kind: 'halt', by: 'emergency-stop', at: registry.now }),
    'halted by the emergency stop, until a person resumes',
    'остановка: аварийная остановка, пока человек не возобновит',
  ],
  [
    'the day’s loss',
    ({ registry }) => (registry.balance = money((registry.balance * 9n) / 10n)),
    'the daily loss limit is reached, until 00:00 UTC',
    'дневной предел убытка достигнут, до 00:00 UTC',
  ],
  [
    'losses in a row',
    ({ registry }) => (registry.governors.pause.losses.until = registry.now + 40 * MINUTE),
    'pause after losses in a row, until 22:53 UTC',
    'пауза после убытков подряд, до 22:53 UTC',
  ],
  [
    'turbulence for longer than a day',
    ({ registry, symbol }) => (symbol.governors.pause.turbulence.until = registry.now + 30 * 60 * MINUTE),
    'pause, the market is turbulent, until 2023-11-16 04:13 UTC',
    'пауза, рынок беспокойный, до 2023-11-16 04:13 UTC',
  ],
  [
    'a mode that is off',
    ({ symbol, registry }) => {
      const { modeByResults } = registry.policy.governors;
      if (modeByResults !== undefined) symbol.governors.mode = { ...newModeState(modeByResults), mode: 'off' };
    },
    'mode by results is off until a mode gains again',
    'режим по результатам выключен, пока один из режимов не станет прибыльным',
  ],
];

describe('a signal that is refused because of', () => {
  it.each(halted)('%s', (_, halt, inEnglish, inRussian) => {
    const script = new Script({ governors: governorsOf({ pause: 'on', mode_by_results: 'on' }), traced: true });
    halt(script);
    const decisions = script.signal(1);
    const told: Happening[] = [];
    const event = { kind: 'operator', at: script.now, command: { do: 'pause', by: 'nobody' } } as const;
    new Happenings((happening) => told.push(happening)).thought(event, decisions, script.registry);
    const refusal = told.find(({ kind }) => kind === 'refusal');
    expect(refusal).toMatchObject({ code: 'halted', halting: expect.anything() });
    const line = (texts: typeof en, language: 'en' | 'ru', width?: number) =>
      happeningLine(refusal as Happening, { texts, report: REPORT_TEXTS[language], palette: PLAIN }, width);
    expect(line(en, 'en')).toBe(`22:13:20  SCRIPT ✗ entry long: ${inEnglish}`);
    expect(line(ru, 'ru')).toBe(`22:13:20  SCRIPT ✗ вход лонг: ${inRussian}`);
    expect(line(en, 'en', 80), 'however narrow the screen').toContain(inEnglish);
  });
});
