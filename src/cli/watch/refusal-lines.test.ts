/** Why something was refused is said in the person's language, however narrow the screen; numbers go before words do. */
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import type { GateReading, RefusalCode } from '../../core/refusal.ts';
import { shownReading } from '../../report/decision/gate-reading.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { widthOf } from '../../report/drawing/width.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { happeningLine } from './happening-line.ts';
import type { RefusalHappened } from './happenings.ts';

const refusal = (code: string, what: RefusalHappened['what'] = 'addition'): RefusalHappened => ({
  kind: 'refusal',
  at: 0,
  time: '2026-01-05T12:03:40.000Z',
  symbol: 'BTC-USDT-SWAP',
  what,
  side: 'short',
  code: code as RefusalCode,
  value: '0.00123',
  limit: '1234567.89',
});

const line = (language: 'en' | 'ru', happening: RefusalHappened, width?: number) =>
  happeningLine(
    happening,
    { texts: language === 'en' ? en : ru, report: REPORT_TEXTS[language], palette: PLAIN },
    width,
  ) ?? '';

describe.each(['en', 'ru'] as const)('a refusal in %s', (language) => {
  const { codes } = REPORT_TEXTS[language];

  it.each(Object.entries(codes))('%s is said whole in 80 columns', (code, inWords) => {
    const said = line(language, refusal(code), 80);
    expect(said).toContain(inWords);
    expect(widthOf(said)).toBeLessThanOrEqual(80);
  });

  it.each(Object.keys(codes))('%s is never but a code', (code) => {
    for (const width of [40, 50, 60]) {
      const said = line(language, refusal(code, 'partial'), width);
      expect(widthOf(said)).toBeLessThanOrEqual(width);
      expect(said).not.toContain(`: ${code}`);
    }
  });
});

it('loses the word for the limit, then its numbers, as the line grows narrow', () => {
  const cost: RefusalHappened = { ...refusal('edge-below-cost', 'entry'), unit: 'share' };
  const words = '12:03:40  BTC  ✗ entry short: the edge is below the cost';
  expect(line('en', cost)).toBe(`${words} (0.12 %, limit 123,456,789.00 %)`);
  expect(line('en', cost, 88)).toBe(`${words} (0.12 % / 123,456,789.00 %)`);
  expect(line('en', cost, 60)).toBe(words);
});

describe('two gates compare a time and then a percentage', () => {
  const read = (code: RefusalCode, value: string, limit: string, unit?: GateReading['unit']) => ({
    ...refusal(code, 'entry'),
    ...shownReading({ code, ok: false, value, limit, ...(unit === undefined ? {} : { unit }) }, BTC_SWAP),
  });

  it('an old price is told in seconds, one that ran away in per cent', () => {
    expect(line('en', read('price-stale', '2500', '2000'))).toContain('(2.5 s, limit 2 s)');
    expect(line('ru', read('price-stale', '2500', '2000'))).toContain('(2,5 с, предел 2 с)');
    expect(line('en', read('price-stale', '1.25', '1'))).toContain('(1.25 %, limit 1.00 %)');
    expect(line('en', read('price-stale', '90', '50', 'ms')), 'a short age is one').toContain('(90 ms, limit 50 ms)');
  });

  it('a settlement that is near is told in seconds, funding that is dear in per cent', () => {
    expect(line('en', read('funding-near', '59999', '60000'))).toContain('(59 s, limit 60 s)');
    expect(line('en', read('funding-near', '0.06', '0.05'))).toContain('(0.06 %, limit 0.05 %)');
  });

  it('a rung is too small by its contracts or by its value, and the line says which', () => {
    expect(line('en', read('rung-too-small', '12', '100', 'lots'))).toContain('(0.12, limit 1 contracts)');
    expect(line('ru', read('rung-too-small', '3.2', '5', 'usdt'))).toContain('(3,20, предел 5,00 USDT)');
  });
});

it('a distance between prices is told in digits that a coin worth millionths has', () => {
  const tiny = {
    ...refusal('liquidation-too-near', 'entry'),
    value: '0.0000001234',
    limit: '0.0000002',
    unit: 'usdt-of-price',
  } as const;
  expect(line('en', tiny)).toContain('0.00000012340');
  expect(line('en', tiny)).toContain('0.00000020000');
});
