import { describe, expect, it } from 'vitest';
import { bar, histogram, lineChart, progressBar, sparkline } from '../drawing/chart.ts';
import { type LadderPicture, ladderChart } from '../drawing/ladder-chart.ts';
import { type Palette, PLAIN } from '../drawing/palette.ts';
import { facts, table } from '../drawing/table.ts';
import { fit, widthOf } from '../drawing/width.ts';
import {
  countShown,
  decimalShown,
  durationShown,
  gainShown,
  moneyShown,
  percentShown,
  ratioShown,
} from '../words/numbers.ts';
import { REPORT_TEXTS } from '../words/texts.ts';
import { EquityCurve } from './equity.ts';
import type { RunRecord } from './record.ts';
import { reportOf } from './report.ts';
import { reportText } from './terminal.ts';

const { en, ru } = REPORT_TEXTS;
const escape = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[39m`;
const COLOURS: Palette = {
  good: escape(32),
  bad: escape(31),
  warn: escape(33),
  dim: escape(2),
  strong: escape(1),
  accent: escape(36),
};

describe('widths', () => {
  // biome-ignore format: a table
  it.each([
    ['rung',               4],
    ['ступень',            7],
    ['й',                  1],
    ['и\u0306',            1],
    ['漢字',               4],
    ['🙂',                 2],
    ['1\u202f000',         5],
    ['\u001b[31mbad\u001b[39m', 3],
    ['',                   0],
  ])('"%s" takes %d columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('a text that fits is filled on the other side, one that does not is cut', () => {
    expect([fit('ab', 4), fit('ab', 4, 'right'), fit('ступень', 4), fit('漢字漢', 4), fit('ab', 0)]).toEqual([
      'ab  ',
      '  ab',
      'сту…',
      '漢… ',
      '',
    ]);
  });
});

describe('numbers', () => {
  // biome-ignore format: a table
  it.each<[shown: string, expected: string]>([
    [moneyShown(123_456_789_012n, en),              '1,234.57'],
    [moneyShown(123_456_789_012n, ru),              '1\u202f234,57'],
    [moneyShown(-100_000_000n, en),                 '−1.00'],
    [moneyShown(-400_000n, en),                     '0.00'],
    [moneyShown(500_000n, en),                      '0.01'],
    [gainShown(500_000n, en),                       '+0.01'],
    [gainShown(400_000n, en),                       '0.00'],
    [gainShown(-500_000n, en),                      '−0.01'],
    [moneyShown(99_999_999_999_999_999n, en),       '1,000,000,000.00'],
    [percentShown(123_456n, en),                    '12.35 %'],
    [percentShown(-40n, en),                        '0.00 %'],
    [percentShown(undefined, en),                   '–'],
    [ratioShown(1_375_000n, en),                    '1.38'],
    [ratioShown(undefined, ru),                     '–'],
    [countShown(525_600, ru),                       '525\u202f600'],
    [decimalShown('58590.1', en),                   '58,590.1'],
    [decimalShown('-1234567.00010', ru),            '−1\u202f234\u202f567,00010'],
    [durationShown(0, en),                          '0 s'],
    [durationShown(3_725_000, en),                  '1 h 2 min'],
    [durationShown(86_400_000, ru),                 '1 д'],
    [durationShown(undefined, en),                  '–'],
  ])('"%s" is "%s"', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('charts', () => {
  it('a bar fills its share to an eighth, and never leaves its width', () => {
    expect([bar(0, 4), bar(0.5, 4), bar(0.28, 4), bar(1, 4), bar(7, 4), bar(-1, 4)]).toEqual([
      '    ',
      '██  ',
      '█▏  ',
      '████',
      '████',
      '    ',
    ]);
    expect(progressBar(0.5, 12)).toBe('███     50 %');
  });

  it('a sparkline spans from its least to its most', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5, 5], 8)).toBe('▄▄▄');
    expect(sparkline([], 8)).toBe('');
    expect(
      sparkline(
        Array.from({ length: 1_000 }, (_, i) => i),
        10,
      ),
    ).toHaveLength(10);
  });

  it('a line chart keeps its size and names its axis', () => {
    const chart = lineChart([0, 10, 5, 20], { width: 20, height: 3 }, String);
    expect(chart.map(widthOf)).toEqual([20, 20, 20]);
    expect(chart.map((line) => line.slice(0, 4))).toEqual(['20 ┤', '10 ┤', ' 0 ┤']);
    expect(lineChart([1], { width: 20, height: 3 }, String)).toEqual([]);
    const flat = lineChart([7, 7], { width: 20, height: 3 }, String);
    expect(
      flat.map((line) => line.slice(0, 3)),
      'one value, said once, where the line is',
    ).toEqual(['  ┤', '7 ┤', '  ┤']);
    const empty = String.fromCharCode(0x2800);
    expect(flat.map((line) => line.at(-1) === empty)).toEqual([true, false, true]);
  });

  it('a curve that rises ends above where it began', () => {
    const chart = lineChart(
      Array.from({ length: 100 }, (_, i) => i),
      { width: 30, height: 4 },
      String,
    );
    const empty = String.fromCharCode(0x2800);
    expect(chart[0]?.at(-1)).not.toBe(empty);
    expect(chart[3]?.at(-1)).toBe(empty);
    expect(chart[3]?.split('┤')[1]?.at(0)).not.toBe(empty);
  });
});

describe('tables', () => {
  const columns = [
    { title: 'причина', align: 'left' },
    { title: 'net', align: 'right' },
    { title: 'gross', align: 'right' },
  ] as const;
  const rows = [
    ['предел времени', '−9.18', '1,000.00'],
    ['стоп', escape(31)('−36.93'), '0.00'],
  ];

  it('columns stand under each other, coloured or not, Cyrillic or not', () => {
    expect(
      table(columns, rows, 80).map((line) => line.replaceAll('\u001b[31m', '').replaceAll('\u001b[39m', '')),
    ).toEqual([
      'причина            net     gross',
      '────────────────────────────────',
      'предел времени   −9.18  1,000.00',
      'стоп            −36.93      0.00',
    ]);
  });

  it('too narrow, the first column is cut, then columns go below; no number is cut and none is left out', () => {
    expect(table(columns, rows, 31)[2]).toBe('предел време…   −9.18  1,000.00');
    expect(table(columns, [rows[0] as (typeof rows)[number], ['стоп', '−36.93', '']], 24)).toEqual([
      'причина            net',
      '──────────────────────',
      'предел времени   −9.18',
      'стоп            −36.93',
      '',
      'причина            gross',
      '────────────────────────',
      'предел времени  1,000.00',
    ]);
  });

  it('a second name stands below too, where rows share the first', () => {
    const named = [
      { title: 'symbol', align: 'left' },
      { title: 'market', align: 'left', isName: true },
      { title: 'whole', align: 'right' },
      { title: 'margin', align: 'right' },
    ] as const;
    expect(
      table(
        named,
        [
          ['BTC', 'choppy', '347', '69'],
          ['', 'ranging', '641', '128'],
        ],
        24,
      ).slice(5),
    ).toEqual([
      'symbol  market   margin',
      '───────────────────────',
      'BTC     choppy       69',
      '        ranging     128',
    ]);
  });

  it('a column in which nothing stands is not told below', () => {
    const bare = rows.map(([name = '', net = '']) => [name, net, '']);
    expect(table(columns, bare, 24).join('\n')).not.toContain('gross');
  });

  it('facts stand beside each other where there is room', () => {
    const pairs = [
      ['a', '1'],
      ['bb', '22'],
      ['c', '3'],
    ] as const;
    expect(facts(pairs, 10)).toEqual(['a    1', 'bb  22', 'c    3']);
    expect(facts(pairs, 80)).toEqual(['a    1    bb  22    c    3']);
    const long = ['open', 'ETH-USDT-SWAP, DOGE-USDT-SWAP'] as const;
    expect(facts([...pairs, long], 24), 'a long value makes no column wide').toEqual([
      'a      1    c      3',
      'bb    22',
      'open  ETH-USDT-SWAP,',
      '      DOGE-USDT-SWAP',
    ]);
  });
});

describe('words at the end of a table', () => {
  const columns = [
    { title: 'code', align: 'left' },
    { title: 'count', align: 'right' },
    { title: '', align: 'left', isProse: true },
  ] as const;
  const rows = [['reentry-wait', '11', 'waiting before the next entry']];

  it('stand whole where there is room, over two lines where there is less, and below where there is none', () => {
    expect(table(columns, rows, 80).slice(2)).toEqual(['reentry-wait     11  waiting before the next entry']);
    expect(table(columns, rows, 44).slice(2)).toEqual([
      'reentry-wait     11  waiting before the next',
      '                     entry',
    ]);
    expect(table(columns, rows, 34)).toEqual([
      'code          count',
      '───────────────────',
      'reentry-wait     11',
      '',
      'code',
      '──────────────────────────────────',
      'reentry-wait  waiting before the',
      '              next entry',
    ]);
  });

  it('keep their colour on every line, and give none to what stands beside them', () => {
    const coloured = [['reentry-wait', '11', escape(2)('waiting before the next entry')]];
    const lines = table(columns, coloured, 44).slice(2);
    expect(lines[0]).toBe('reentry-wait     11  \u001b[2mwaiting before the next\u001b[39m');
    expect(lines[1]).toBe('                     \u001b[2mentry\u001b[39m');
  });
});

const ladder: LadderPicture = {
  rungs: [
    { rung: 0, price: '58590.1', size: '0.4', weight: 0.4, isFilled: true },
    { rung: 1, price: '58297', size: '0.36', weight: 0.36, isFilled: false },
  ],
  levels: [
    { kind: 'stop', price: '57200' },
    { kind: 'average', price: '58451.25' },
  ],
};

describe('a ladder', () => {
  it('stands from high to low, bars as long as sizes, points under each other', () => {
    expect(ladderChart(ladder, { texts: en, width: 44 })).toEqual([
      '58,590.10  entry    ██████████████████  0.40',
      '58,451.25  average  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄',
      '58,297.00  rung 1   ░░░░░░░░░░░░░░░░    0.36',
      '57,200.00  stop     ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄',
    ]);
  });

  it('keeps its width in Russian and in colour', () => {
    for (const line of ladderChart(ladder, { texts: ru, width: 60, palette: COLOURS }))
      expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});

const equity = new EquityCurve(1_000e8);
for (let i = 0; i < 500; i++)
  equity.add(1_613_692_800_000 + i * 60_000, 1_000e8 + (i % 37) * 1e8 - i * 1e7, i % 3 === 0);
const record: RunRecord = {
  startBalance: 1_000_00000000n,
  gross: -21_13438000n,
  fees: 14_56477261n,
  penalties: 1_00000000n,
  funding: 3984353n,
  moved: 0n,
  slippage: 2_61753000n,
  candles: 10_080,
  additions: 1,
  partials: 1,
  makerFills: 1,
  takerFills: 2,
  openPositions: ['ETH-USDT-SWAP'],
  trades: [
    {
      instId: 'BTC-USDT-SWAP',
      side: 'long',
      openedAt: 0,
      closedAt: 666_000,
      reason: 'liquidation-guard',
      regime: 'trending',
      profile: 'small',
      gross: -21_13438000n,
      fees: 14_56477261n,
      funding: 3984353n,
      additions: 1,
      partials: 1,
      steps: [
        { step: 0, lots: 10, value: 100_00000000n, fees: 1n, gross: -20_00000000n },
        { step: 1, lots: 5, value: 50_00000000n, fees: 1n, gross: -1_13438000n },
      ],
    },
  ],
  refusals: [{ what: 'addition', code: 'position-margin-too-large', count: 12_345 }],
  held: [{ code: 'partial-below-min-value', count: 2_345 }],
  governed: [{ governor: 'additions-without-signal', count: 1_234 }],
  equity,
};

describe('a report', () => {
  const report = reportOf(record);

  it.each([40, 60, 80, 120, 200])('is never wider than %d columns, in either language, coloured or not', (width) => {
    const report = reportOf({ ...record, openPositions: ['ETH-USDT-SWAP', 'DOGE-USDT-SWAP', 'BTC-USDT-SWAP'] });
    for (const texts of [en, ru])
      for (const palette of [undefined, COLOURS]) {
        const text = reportText(report, { texts, width, optimistic: report, ...(palette && { palette }) });
        for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      }
  });

  it('says the same with and without colour', () => {
    const plain = reportText(report, { texts: en, width: 100 });
    const coloured = reportText(report, { texts: en, width: 100, palette: COLOURS });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are taken off
    expect(coloured.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')).toBe(plain);
  });

  it('tells what a trader asks first', () => {
    const text = reportText(report, { texts: en, width: 100 });
    for (const fact of [
      'final balance',
      '964.34',
      'fees of the loss',
      '40.80 %',
      'liquidation guard',
      'position-margin-too-large',
      '12,345',
      'held back',
      '2,345',
      en.penaltiesWithin,
    ])
      expect(text).toContain(fact);
    expect(reportText({ ...report, moved: -5_00000000n }, { texts: en, width: 100 })).toMatch(
      /paid in or out, set right +−5\.00/,
    );
    expect(reportText(report, { texts: en, width: 100 })).not.toContain(en.moved);
    expect(reportText({ ...report, penalties: 0n }, { texts: en, width: 100 })).not.toContain(en.penaltiesWithin);
  });

  it('tells symbols and profiles apart where there were several', () => {
    const more = record.trades.map((trade) => ({ ...trade, instId: 'SOL-USDT-SWAP', profile: 'medium' as const }));
    const both = reportText(reportOf({ ...record, trades: [...record.trades, ...more] }), { texts: en, width: 100 });
    for (const [title, names] of [
      [en.bySymbol, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP']],
      [en.byProfile, [en.profiles.small, en.profiles.medium]],
    ] as const) {
      const section = both.split('\n\n').find((text) => text.startsWith(title));
      for (const name of names) expect(section).toMatch(new RegExp(`^${name} +1 `, 'm'));
      expect(reportText(report, { texts: en, width: 100 })).not.toContain(title);
    }
  });

  it('leaves no English word in the Russian one but codes and names', () => {
    const text = reportText(report, { texts: ru, width: 200, optimistic: report });
    const words = new Set(text.match(/[a-z][a-z-]+/gi));
    expect([...words].toSorted()).toEqual([
      'ETH-USDT-SWAP',
      'PnL',
      'USDT',
      'UTC',
      'partial-below-min-value',
      'position-margin-too-large',
    ]);
    expect(text).toContain('защита от ликвидации');
  });

  it('of a run without a trade says so, and whether one is open', () => {
    const none = {
      ...record,
      trades: [],
      refusals: [],
      held: [],
      governed: [],
      gross: 0n,
      fees: 0n,
      funding: 0n,
      makerFills: 0,
      takerFills: 0,
      equity: new EquityCurve(1),
    };
    const text = (openPositions: readonly string[]) =>
      reportText(reportOf({ ...none, openPositions }), { texts: en, width: 80 });
    expect(text([])).toContain('No trade was made.');
    expect(text(['ETH-USDT-SWAP'])).toContain('No trade is closed yet.');
  });
});

describe('a histogram', () => {
  const shown = (edge: number) => edge.toFixed(1);

  it('counts every value once, in bins of a round width', () => {
    const lines = histogram([-3, -0.1, 0, 0.4, 1, 9.9], { width: 60, binsMax: 8 }, shown);
    const read = lines.map((line) => /^ *(\S+) … +(\S+) .*?(\d+)$/.exec(line)?.slice(1).map(Number));
    expect(read).toEqual([
      [-4, -2, 1],
      [-2, 0, 1],
      [0, 2, 3],
      [2, 4, 0],
      [4, 6, 0],
      [6, 8, 0],
      [8, 10, 1],
    ]);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(60);
  });

  it('is drawn in several bins, and no more than are allowed, however small or large the values are', () => {
    for (let scale = 1e-6; scale < 1e7; scale *= 3.7) {
      const values = [-3, -1, -0.4, 0, 0.9].map((value) => value * scale);
      const bins = histogram(values, { width: 60, binsMax: 8 }, String).length;
      expect(bins, `times ${scale}`).toBeGreaterThanOrEqual(3);
      expect(bins, `times ${scale}`).toBeLessThanOrEqual(8);
    }
  });

  it('of equal values is one line, of none nothing', () => {
    expect(histogram([5, 5, 5], { width: 40, binsMax: 8 }, shown)).toHaveLength(1);
    expect(histogram([], { width: 40, binsMax: 8 }, shown)).toEqual([]);
  });

  it('writes its counts as it is told, and keeps its width', () => {
    const values = [...Array.from({ length: 1_234 }, () => -1), 1, 1];
    const lines = histogram(values, { width: 60, binsMax: 3 }, String, PLAIN, (count) => count.toLocaleString('en'));
    expect([lines[0], lines.at(-1)]).toEqual([expect.stringMatching(/ 1,234$/), expect.stringMatching(/ {5}2$/)]);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});
