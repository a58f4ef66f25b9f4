/** What a governor changed, as a person reads it: from what to what, for which number, until when. Why nothing is added: cli/watch/halted-lines.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Governed, Halting } from '../../core/decision.ts';
import type { Governing } from '../../core/governors/door.ts';
import { REPORT_TEXTS } from '../words/texts.ts';
import { governedText, governingText, haltingText } from './governed-text.ts';

const AT = Date.UTC(2026, 0, 5, 12);
const HOUR_MS = 3_600_000;
type Change = Pick<Governed, 'governor' | 'old' | 'new' | 'because'> & { readonly until?: number };

const results = (trendError: string | null) => ({
  code: 'mode-results' as const,
  regime: 'ranging' as const,
  trendFollowing: { trades: 10, netPercent: '-0.1', errorPercent: trendError },
  meanReversion: { trades: 7, netPercent: '0.25', errorPercent: '0.05' },
});

// biome-ignore format: a table
const changes: readonly [Change, string][] = [
  [{ governor: 'size-by-day', old: '1', new: '0.8', because: { code: 'day-pnl', percent: '-1.2' }, until: AT + 12 * HOUR_MS },
    "size by the day ×1 → ×0.8: the day's PnL is −1.2 %, until 2026-01-06 00:00 UTC"],
  [{ governor: 'targets-by-volatility', old: '1', new: '1.15', because: { code: 'volatility', ratio: '1.15' } },
    'targets by volatility ×1 → ×1.15: ATR% ÷ its mean is 1.15'],
  [{ governor: 'targets-by-volatility', old: '1', new: '1.032', because: { code: 'volatility', ratio: '0.8365' }, until: AT + HOUR_MS },
    'targets by volatility, distances of the open position to those of its entry ×1 → ×1.032: ATR% ÷ its mean is 0.8365, not again before 2026-01-05 13:00 UTC'],
  [{ governor: 'pause', old: 'trading', new: 'paused', because: { code: 'losses-in-a-row', losses: 5 }, until: AT + HOUR_MS },
    'pause trading → paused: losses in a row: 5, until 2026-01-05 13:00 UTC'],
  [{ governor: 'pause', old: 'trading', new: 'paused', because: { code: 'turbulence', ratio: '3.2' }, until: AT + HOUR_MS },
    'pause trading → paused: ATR% ÷ its mean is 3.2, until 2026-01-05 13:00 UTC'],
  [{ governor: 'pause', old: 'trading', new: 'halted', because: { code: 'drawdown', percent: '10.5' } },
    "pause trading → halted: fall from the day's peak: 10.5 %, until a person resumes"],
  [{ governor: 'mode-by-results', old: 'trend-following', new: 'mean-reversion', because: results('0.05') },
    'mode by results trend-following → mean-reversion: net result of a trade in ranging: trend-following −0.1 ± 0.05 % (10), mean-reversion 0.25 ± 0.05 % (7)'],
  [{ governor: 'mode-by-results', old: 'trend-following', new: 'off', because: results(null), until: AT + HOUR_MS },
    'mode by results trend-following → off: net result of a trade in ranging: trend-following −0.1 % (10), mean-reversion 0.25 ± 0.05 % (7), not again before 2026-01-05 13:00 UTC'],
];

describe('a change by a governor', () => {
  it.each(changes)('%o', (change, inEnglish) => {
    const governed = { until: undefined, ...change };
    expect(governedText(governed, REPORT_TEXTS.en)).toBe(inEnglish);
    const numbers = (text: string) => text.match(/\d+([.,]\d+)?/g)?.map((number) => number.replace(',', '.'));
    const inRussian = governedText(governed, REPORT_TEXTS.ru);
    expect(numbers(inRussian)).toEqual(numbers(inEnglish));
    expect(inRussian).toMatch(/[а-яё]/);
  });
});

describe('what halts', () => {
  // biome-ignore format: a table
  it.each<[Halting, string]>([
    [{ code: 'maintenance', title: 'Upgrade' },                          'maintenance of the exchange: Upgrade'],
    [{ code: 'maintenance', title: 'Upgrade', until: AT + HOUR_MS },     'maintenance of the exchange: Upgrade, until 13:00 UTC'],
    [{ code: 'pause', by: 'Anna' },                                      'paused by Anna, until a person resumes'],
    [{ code: 'day-loss', until: AT + 24 * HOUR_MS },                     'the daily loss limit is reached, until 12:00 UTC'],
    [{ code: 'day-loss', until: AT + 24 * HOUR_MS + 60_000 },            'the daily loss limit is reached, until 2026-01-06 12:01 UTC'],
  ])('%o', (halting, said) => {
    expect(haltingText(halting, AT, REPORT_TEXTS.en)).toBe(said);
  });
});

describe('what acts now', () => {
  // biome-ignore format: a table
  it.each<[Omit<Governing, 'instId'>, string, string]>([
    [{ governor: 'size-by-day', effect: '0.8', because: 'day-pnl', until: AT },
      'size by the day: ×0.8, until 2026-01-05 12:00 UTC', 'размер по дню: ×0,8, до 2026-01-05 12:00 UTC'],
    [{ governor: 'size-by-day', effect: 'halted', because: 'day-pnl', until: AT },
      'the daily loss limit is reached, until 2026-01-05 12:00 UTC', 'дневной предел убытка достигнут, до 2026-01-05 12:00 UTC'],
    [{ governor: 'pause', effect: 'paused', because: 'losses-in-a-row', until: AT },
      'pause after losses in a row, until 2026-01-05 12:00 UTC', 'пауза после убытков подряд, до 2026-01-05 12:00 UTC'],
    [{ governor: 'pause', effect: 'paused', because: 'turbulence', until: AT },
      'pause, the market is turbulent, until 2026-01-05 12:00 UTC', 'пауза, рынок беспокойный, до 2026-01-05 12:00 UTC'],
    [{ governor: 'pause', effect: 'halted', because: 'drawdown', until: undefined },
      'halted by the emergency stop, until a person resumes', 'остановка: аварийная остановка, пока человек не возобновит'],
    [{ governor: 'mode-by-results', effect: 'off', because: 'mode-results', until: undefined }, 'mode by results: off', 'режим по результатам: выключено'],
  ])('%o', (acting, inEnglish, inRussian) => {
    expect(governingText({ instId: undefined, ...acting }, REPORT_TEXTS.en)).toBe(inEnglish);
    expect(governingText({ instId: undefined, ...acting }, REPORT_TEXTS.ru)).toBe(inRussian);
  });
});
