/** On a screen of 40 or 50 columns the terminal breaks no line and nothing is left out, in either language. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../test/command-line.ts';
import { csvOf, generated, knownInstrument } from '../../test/generated.ts';
import { widthOf } from '../report/drawing/width.ts';

inEmptyFolder();

const PLAN = ['trigger', 'contracts', 'value', 'total', 'margin', 'average', 'break-even', 'liquid.', 'stop', 'loss'];

describe.each([40, 50])('in %i columns', (columns) => {
  const shown = async (words: string, lang: string) => {
    const env = { NO_COLOR: '1' };
    const { out, err } = await rungwise(`${words} --lang ${lang}`, { columns, isTTY: true, env });
    // Progress writes over itself.
    const lines = [...out.split('\n'), ...err.split('\n').map((line) => line.split('\r\u001b[K').at(-1) ?? '')];
    // A single word is not broken: names are there to be copied.
    for (const line of lines.filter((each) => each.trim().includes(' ')))
      expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    return out;
  };

  it.each(['en', 'ru'])('plans, checks, the store and a backtest stand whole (%s)', async (lang) => {
    const plan = await shown('plan BTC-USDT-SWAP', lang);
    if (lang === 'en') for (const title of PLAN) expect(plan, title).toMatch(new RegExp(`\\b${title}`));
    await shown('plan --book BTC-USDT-SWAP ETH-USDT-SWAP', lang);
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP, ETH-USDT-SWAP]\nposition_scaling: {preset: adaptive}\n');
    const check = await shown('check', lang);
    expect(check, 'no line ends in the blanks of a column that is not there').not.toMatch(/ $/m);
    expect(check).toMatch(/preset = adaptive {2}(line 2|строка 2)\n/);
    writeFileSync('btc.csv', csvOf(generated(1, 1_500).candles[0] as never, knownInstrument('BTC-USDT-SWAP')));
    await shown('data import btc.csv --symbol BTC-USDT-SWAP', lang);
    await shown('data list', lang);
    const report = await shown('backtest --candles btc.csv --symbol BTC-USDT-SWAP', lang);
    if (lang === 'en') for (const title of ['drawdown', 'additions', 'funding']) expect(report).toContain(title);
  });

  it.each(['en', 'ru'])('help and mistakes stand whole (%s)', async (lang) => {
    for (const words of ['--help', 'backtest --help', 'plan --help', 'data download --help', 'backtest --fee 1'])
      await shown(words, lang);
  });
});
