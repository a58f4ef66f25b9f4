/** The worst case of a book as people and scripts read it. */
import { describe, expect, it } from 'vitest';
import { Script } from '../../test/script.ts';
import { bookWorstCase } from '../core/ladder/worst-case.ts';
import { bookWorst, type LadderWorst, worstParts, worstTable } from './book-worst.ts';
import { PLAIN } from './drawing/palette.ts';
import { widthOf } from './drawing/width.ts';
import { REPORT_TEXTS } from './words/texts.ts';

function worstOf(script: Script) {
  const { registry } = script;
  return bookWorst(bookWorstCase(registry), registry.balance, registry.policy.limits.shockAtr);
}

describe('a book with one position', () => {
  const worst = worstOf(new Script().enter(1));

  it('is told in plain decimals, losses positive', () => {
    const [ladder] = worst.ladders;
    expect(worst).toMatchObject({
      shocked: { atr: '10' },
      nearestLiquidation: { symbol: 'SCRIPT-USDT-SWAP', price: '80.37', percent: '19.63' },
    });
    expect(ladder).toMatchObject({
      side: 'long',
      isLiquidatedFirst: false,
      liquidation: '80.37',
      liquidationPercent: '19.63',
    });
    expect([worst.stopped.loss, worst.shocked.loss]).toEqual([ladder?.stopped, ladder?.shocked]);
    for (const { loss, percent } of [worst.stopped, worst.shocked])
      expect(Number(percent), 'to the nearest, of 1000 USDT').toBe(Math.round(Number(loss) * 10) / 100);
    expect(Number(worst.margin)).toBeCloseTo(Number(worst.value) / 5, 6);
  });

  it('is told at the tick nearer to the market, for a short too', () => {
    const [ladder] = worstOf(new Script().enter(-1)).ladders;
    // 100 × (1 + 1/5) / (1 + 0.0045): 119.4624… (ladder.md §7)
    expect([ladder?.liquidation, ladder?.liquidationPercent]).toEqual(['119.46', '19.46']);
  });

  it.each([1, -1] as const)('has as its nearest liquidation the one of its ladder, side %i', (side) => {
    const { nearestLiquidation, ladders } = worstOf(new Script().enter(side));
    const [{ symbol, side: name, liquidation, liquidationPercent }] = ladders as [LadderWorst];
    expect(nearestLiquidation).toEqual({ symbol, side: name, price: liquidation, percent: liquidationPercent });
  });

  it('has a table of one row, and a line of four figures, in both languages', () => {
    const [titles, , row, ...more] = worstTable(worst, { texts: REPORT_TEXTS.en, width: 100 });
    expect(more).toEqual([]);
    expect(titles).toMatch(/symbol +side +value +margin +stopped +shock of 10 ATR +to liquidation/);
    expect(row).toMatch(/^SCRIPT-USDT-SWAP +long +[\d.]+ +[\d.]+ +−6\.\d\d +−3\d\.\d\d +19\.63 %$/);
    expect(worstParts(worst, REPORT_TEXTS.en, PLAIN).join('; ')).toMatch(
      /^worst case −6\.\d\d \(0\.6\d? %\); shock of 10 ATR −3\d\.\d\d \(3\.\d+ %\); nearest liquidation SCRIPT 19\.63 %; margin [\d.]+$/,
    );
    expect(worstParts(worst, REPORT_TEXTS.ru, PLAIN)[0]).toMatch(/^худший случай −6,\d\d \(0,6\d? %\)$/);
  });

  it('drops whole columns where the terminal is narrow', () => {
    for (const line of worstTable(worst, { texts: REPORT_TEXTS.ru, width: 60 }))
      expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});

it('an entry that is half filled has two rows and a sum', () => {
  const script = new Script();
  script.signal(1);
  script.fill('entry', { lots: 500 });
  const worst = worstOf(script);
  const lines = worstTable(worst, { texts: REPORT_TEXTS.en, width: 100 });
  expect(lines).toHaveLength(5);
  expect(lines.slice(2, 4).map((line) => line.split('long')[0]?.trimEnd())).toEqual([
    'SCRIPT-USDT-SWAP',
    '  rest of its entry',
  ]);
  expect(lines.at(-1)).toMatch(/^together /);
  const sum = worst.ladders.reduce((total, { stopped }) => total + Number(stopped), 0);
  expect(Number(worst.stopped.loss)).toBeCloseTo(sum, 7);
});

it('a position of unknown leverage has neither margin nor liquidation, and is told so', () => {
  const script = new Script().enter(1);
  script.position.leverage = undefined;
  const worst = worstOf(script);
  expect(worst.nearestLiquidation).toBeNull();
  expect(worst.ladders).toMatchObject([{ margin: null, liquidation: null, liquidationPercent: null }]);
  expect(worstTable(worst, { texts: REPORT_TEXTS.en, width: 100 })[2]).toMatch(/long +[\d.]+ +– +−.* –$/);
});

it('an account with nothing left is told what it may lose', () => {
  const { registry } = new Script().enter(1);
  const worst = bookWorst(bookWorstCase(registry), 0n, registry.policy.limits.shockAtr);
  expect(Number(worst.stopped.loss)).toBeGreaterThan(0);
});

it('a position whose liquidation stands before its stop is marked', () => {
  const script = new Script().enter(-1);
  script.take({ kind: 'leverage', at: script.now, instId: 'SCRIPT-USDT-SWAP', leverage: 200 });
  expect(worstTable(worstOf(script), { texts: REPORT_TEXTS.en, width: 100 })[2]).toMatch(/−[\d.]+\*/);
});

it('an empty book has neither table nor loss', () => {
  const worst = worstOf(new Script());
  expect(worst).toMatchObject({ stopped: { loss: '0', percent: '0' }, nearestLiquidation: null, ladders: [] });
  expect(worstTable(worst, { texts: REPORT_TEXTS.en, width: 100 })).toEqual([]);
  expect(worstParts(worst, REPORT_TEXTS.en, PLAIN)).toEqual(['worst case –', 'shock of 10 ATR –']);
});
