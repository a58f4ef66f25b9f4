/** `plan`: the table, the picture and the numbers of a ladder, as a trader asks for them. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';

inEmptyFolder();

const BTC = 'plan BTC-USDT-SWAP --price 58500 --stop 0.6';

describe('the table', () => {
  it('has a row a rung, and after each the position it leads to', async () => {
    const { code, out, err } = await rungwise(BTC, { columns: 120 });
    expect(code).toBe(0);
    expect(err).toBe('no rungwise.yaml here: the defaults hold ("rungwise init" writes a file)\n');
    const rows = out.split('\n').filter((line) => /^(entry|\d) /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).join(' | '))).toEqual([
      'entry | 58,500.0 | 0.37 | 216.45 | 216.45 | 43.29 | 58,500.0 | 58,558.5 | 47,011.6 | 58,149.0 | −1.47',
      '1 | 58,266.0 | −0.40 % | 0.26 | 151.49 | 367.94 | 73.59 | 58,403.4 | 58,461.9 | 46,933.9 | 58,052.5 | −2.50',
      '2 | 58,169.9 | −0.56 % | 0.18 | 104.71 | 472.65 | 94.53 | 58,351.5 | 58,409.9 | 46,892.2 | 58,000.6 | −3.22',
      '3 | 58,118.2 | −0.65 % | 0.13 | 75.55 | 548.20 | 109.64 | 58,319.3 | 58,377.6 | 46,866.3 | 57,968.3 | −3.74',
      '4 | 58,086.0 | −0.71 % | 0.08 | 46.47 | 594.67 | 118.93 | 58,301.0 | 58,359.3 | 46,851.6 | 57,950.0 | −4.05',
      '5 | 58,067.8 | −0.74 % | 0.05 | 29.03 | 623.70 | 124.74 | 58,290.1 | 58,348.4 | 46,842.9 | 57,939.1 | −4.25',
    ]);
  });

  it.each([80, 120])('is whole within %i columns, in both languages', async (columns) => {
    for (const language of ['en', 'ru']) {
      const { out } = await rungwise(`${BTC} --lang ${language}`, { columns });
      const lines = out.split('\n').filter((line) => !line.startsWith('  '));
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      for (const column of language === 'en'
        ? ['trigger', 'value', 'liquid.', 'loss']
        : ['цена', 'номинал', 'ликвид.', 'убыток'])
        expect(out, 'no column had to go').toContain(column);
    }
  });

  it('says what the trigger is, and marks where the stop stands nearer than the loss limit', async () => {
    const far = await rungwise(BTC);
    expect(far.out).toContain('the deepest price at which the rung may still be added, PnL −2 % of margin');
    expect(far.out).not.toContain('*');
    const near = await rungwise('plan BTC-USDT-SWAP --price 58500 --stop 0.3');
    expect(near.out).toContain('58,324.6*');
    expect(near.out).toContain('trigger marked *: the stop stands nearer than the loss limit');
  });

  it('ends with the worst case of the ladder and of a book full of them', async () => {
    const { out } = await rungwise(BTC);
    expect(out).toContain('worst case of this ladder: −4.25 USDT, 0.43 % of the balance');
    expect(out).toContain('of a book of 2 such ladders: −10.46 USDT, 1.05 % of the balance (limit 15.00 %)');
    expect(out).toContain('as its gate reckons, each ladder in the regime where it loses most');
  });

  it('counts that book as `plan --book` and the gate do', async () => {
    const { worstCase } = JSON.parse((await rungwise('plan BTC-USDT-SWAP --stop 0.6 --json')).out);
    const { worst } = JSON.parse((await rungwise('plan --book BTC-USDT-SWAP --stop 0.6 --json')).out);
    expect(worst.stopped.loss).toBe(worstCase.reckoned);
    expect(Number(worstCase.reckoned)).toBeGreaterThan(Number(worstCase.loss));
  });

  it('says it where a full book would exceed the limit', async () => {
    writeFileSync('a.yaml', 'limits: {max_worst_case_loss: 0.5, max_loss_per_position: 0.4}\n');
    const { out } = await rungwise('plan BTC-USDT-SWAP --price 58500 --stop 0.6 --config a.yaml');
    expect(out).toContain('only 1 fit the limit');
  });

  it('speaks Russian', async () => {
    const { out, err } = await rungwise(`${BTC} --side short --lang ru`);
    expect(err).toContain('действуют значения по умолчанию');
    for (const words of [
      'шорт',
      'боковой',
      'ступень',
      'средняя',
      'безубыток',
      'худший случай этой лестницы: −4,22 USDT',
    ])
      expect(out).toContain(words);
  });
});

describe('the picture', () => {
  it('stands in the order of prices, rungs as long as they are large', async () => {
    const { out } = await rungwise(BTC);
    const names = [...out.matchAll(/^[\d,.]+ {2}(.*?) {2,}[█┄▏▎▍▌▋▊▉]/gm)].map(([, name]) => name);
    expect(names).toEqual([
      'entry',
      'break-even',
      'average',
      'rung 1',
      'rung 2',
      'rung 3',
      'rung 4',
      'rung 5',
      'stop',
      'liquidation',
    ]);
  });
});

describe('additions without a signal', () => {
  it('publish where each rung would come, in the table and as JSON, and only where they are on', async () => {
    writeFileSync('asked.yaml', 'governors: {additions_without_signal: on}\n');
    const unknown = await rungwise(`${BTC} --config asked.yaml`);
    expect(unknown.out).toContain('no signal: not known without the ATR; import candles first');
    const { out } = await rungwise(`${BTC} --config asked.yaml --json`);
    expect(JSON.parse(out).rungs[1].withoutSignal).toEqual({ averageDown: null, pyramid: null });
    expect(JSON.parse((await rungwise(`${BTC} --json`)).out).rungs[1]).not.toHaveProperty('withoutSignal');
    expect((await rungwise(BTC)).out).not.toContain('no signal');
  });
});

describe('the numbers as JSON', () => {
  it('are exact decimals as text', async () => {
    const { out } = await rungwise(`${BTC} --json`);
    const plan = JSON.parse(out);
    expect(plan).toMatchObject({
      symbol: 'BTC-USDT-SWAP',
      side: 'long',
      regime: 'ranging',
      profile: 'small',
      balance: '1000',
      leverage: 5,
      price: '58500',
      stopPercent: '0.6',
      lossLimitPercent: '-2',
      lossBasis: 'margin',
      base: '222.1563981',
      cappedBy: 'margin',
    });
    expect(plan.rungs).toHaveLength(6);
    expect(plan.rungs[1]).toMatchObject({
      rung: 1,
      coefficient: '0.72',
      trigger: '58266',
      triggerReason: 'loss-limit',
      contracts: '0.26',
      value: '151.4916',
      refusal: null,
      position: { contracts: '0.63', value: '367.9416', margin: '73.58832', stop: '58052.5' },
    });
  });

  it('follow the balance, the side, the market and the configuration', async () => {
    writeFileSync('a.yaml', 'position_scaling: {preset: adaptive}\n');
    const { out } = await rungwise(`${BTC} --balance 5000 --side short --regime choppy --config a.yaml --json`);
    expect(JSON.parse(out)).toMatchObject({
      profile: 'large',
      side: 'short',
      additionsMax: 3,
      lossLimitPercent: '-1',
      balance: '5000',
    });
  });
});

it('says that the stop is not the one asked for where exits allow none so near', async () => {
  const near = await rungwise(`${BTC} --stop 0.001`);
  expect(near.out).toMatch(
    /stop 0\.\d\d % .* from the average; the nearest that exits allow, not the 0\.001 % of --stop/,
  );
  expect((await rungwise(`${BTC} --stop 0.001 --lang ru`)).out).toContain('поэтому не 0,001 % из --stop');
  expect((await rungwise(`${BTC} --stop 1.5`)).out).toMatch(/stop 1\.50 % .* from the average\n/);
});

it('does not call a stop that of the ATR where exits allow none so near', async () => {
  writeFileSync(
    'eth.csv',
    candles(400)
      .replaceAll('2010', '2001')
      .replace(/,20\d\d,19\d\d,/g, ',2001,2000,'),
  );
  expect((await rungwise('data import eth.csv --symbol ETH-USDT-SWAP')).code).toBe(0);
  const { out } = await rungwise('plan ETH-USDT-SWAP');
  expect(out).toMatch(/the nearest that exits allow; by the ATR of the stored candles, \d\.\d\d, it would be nearer\n/);
});

describe('where the price comes from', () => {
  it('is said where it is only an example', async () => {
    expect((await rungwise('plan ETH-USDT-SWAP')).err).toContain('3,000 is an example price; give yours with --price');
  });

  it('is the last stored candle, which brings its ATR too', async () => {
    writeFileSync('eth.csv', candles(400));
    expect((await rungwise('data import eth.csv --symbol ETH-USDT-SWAP')).code).toBe(0);
    const { out, err } = await rungwise('plan ETH-USDT-SWAP');
    expect(err).toContain('2,001 is the last stored close (2024-01-01 06:39 UTC, from the file eth.csv)');
    expect(out).toMatch(/by the ATR of the stored candles, \d/);
    writeFileSync('asked.yaml', 'governors: {additions_without_signal: on}\n');
    const asked = await rungwise('plan ETH-USDT-SWAP --regime trending --config asked.yaml');
    expect(asked.out).toContain('the price at which the rung would come without one');
    const json = await rungwise('plan ETH-USDT-SWAP --regime trending --config asked.yaml --json');
    const [, first] = JSON.parse(json.out).rungs;
    expect(Number(first.withoutSignal.pyramid)).toBeGreaterThan(2001);
    expect(first.withoutSignal.averageDown, 'trends are not averaged down').toBeNull();
  });

  it('brings the regime as a position of the side meets it: a trend against it counts as choppy', async () => {
    writeFileSync('eth.csv', falling(400));
    writeFileSync('refuse.yaml', 'limits: {trend_against: refuse}\n');
    writeFileSync('same.yaml', 'limits: {trend_against: same}\n');
    expect((await rungwise('data import eth.csv --symbol ETH-USDT-SWAP')).code).toBe(0);
    const planned = async (words: string) => {
      const { code, out, err } = await rungwise(`plan ${words} --json`);
      expect(code, 'the answer is no where the bot would refuse it').toBe(words.includes('refuse.yaml') ? 1 : 0);
      const { regime, ladders } = JSON.parse(out);
      return [regime ?? ladders[0].regime, err.split('\n').find((line) => /against|против/.test(line))];
    };
    const eth = 'ETH-USDT-SWAP';
    expect(await planned(`${eth} --side short`)).toEqual(['trending', undefined]);
    expect(await planned(`${eth} --side long`)).toEqual([
      'choppy',
      `${eth}, long: the trend is against it, which counts as choppy (limits.trend_against); --regime sets another`,
    ]);
    expect(await planned(`${eth} --book`)).toEqual(['choppy', expect.stringContaining('which counts as choppy')]);
    expect(await planned(`${eth} --lang ru`)).toEqual(['choppy', expect.stringContaining(`${eth}, лонг: тренд`)]);
    expect(await planned(`${eth} --config refuse.yaml`)).toEqual([
      'choppy',
      expect.stringContaining('the bot refuses it now'),
    ]);
    expect(await planned(`${eth} --book --config refuse.yaml`)).toEqual([
      'choppy',
      expect.stringContaining('the bot refuses it now'),
    ]);
    expect(await planned(`${eth} --config same.yaml`)).toEqual(['trending', undefined]);
    expect(await planned(`${eth} --regime trending`)).toEqual(['trending', undefined]);
  });

  it('brings the ATR of long periods too, where enough is stored', async () => {
    writeFileSync('eth.csv', candles(110 * 60));
    writeFileSync('slow.yaml', 'timeframes: {atr: 1h}\nsignals: {atr_period: 100}\n');
    expect((await rungwise('data import eth.csv --symbol ETH-USDT-SWAP')).code).toBe(0);
    const { out } = await rungwise('plan ETH-USDT-SWAP --config slow.yaml');
    expect(out).toMatch(/by the ATR of the stored candles, \d/);
  });
});

/** A market that falls by a tenth within some hours. */
function falling(minutes: number): string {
  const rows = Array.from({ length: minutes }, (_, i) => {
    const open = 2000 - i / 2;
    return `${Date.UTC(2024, 0, 1) + i * 60_000},${open},${open + 0.5},${open - 1},${open - 0.5},10`;
  });
  return `ts,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

/** A market that swings by 1 % every few minutes. */
function candles(minutes: number): string {
  const rows = Array.from({ length: minutes }, (_, i) => {
    const close = i % 2 === 0 ? 2000 : 2001;
    const open = i % 2 === 0 ? 2001 : 2000;
    return `${Date.UTC(2024, 0, 1) + i * 60_000},${open},${2010 + (i % 7)},${1990 - (i % 5)},${close},10`;
  });
  return `ts,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

describe('what cannot be planned', () => {
  it('ends with 1 where not even the entry passes its gates', async () => {
    writeFileSync('a.yaml', 'profiles: {small: {min_position_value: 5}}\n');
    const words = 'plan BTC-USDT-SWAP --price 58500 --balance 20 --config a.yaml';
    const { code, out } = await rungwise(words);
    expect(code).toBe(1);
    expect(out).toContain('the entry is below the smallest size or value (entry-too-small)');
    expect(out).toContain('the smallest entry is 0.01 contracts, 5.85 USDT; this balance gives a base of 4.44');
    const { out: russian } = await rungwise(`${words} --lang ru`);
    expect(russian).toContain('минимальный вход — 0,01 контр., 5,85 USDT; при этом балансе база 4,44');
    for (const text of [out, russian]) expect(text, 'nothing is drawn of no position').not.toMatch(/0[.,]00|█|─/);
  });

  it('says which of the two keeps an entry out: the smallest order, or the least value of a position', async () => {
    const { out } = await rungwise('plan BTC-USDT-SWAP --price 60000 --balance 40');
    expect(out).toContain(
      'the smallest entry is 0.02 contracts, 12.00 USDT (profiles.small.min_position_value: 10); this balance gives a base of 8.89',
    );
    const { out: russian } = await rungwise('plan BTC-USDT-SWAP --price 60000 --balance 40 --lang ru');
    expect(russian).toContain(
      'минимальный вход — 0,02 контр., 12,00 USDT (profiles.small.min_position_value: 10); при',
    );
  });

  it('says of an entry that is refused for another reason how large it would have been', async () => {
    writeFileSync('a.yaml', 'position_scaling: {base_size: {small: 1000, medium: 1000, large: 1000}}\n');
    const { code, out, err } = await rungwise(`${BTC} --config a.yaml`);
    expect(code, err).toBe(1);
    expect(out).toMatch(/the entry refused: .*\n {2}it would have been 1\.7 contracts, 994\.50 USDT\n$/);
  });

  it('ends the ladder at the first rung that is refused', async () => {
    writeFileSync('a.yaml', 'position_scaling: {base_size: {small: 400, medium: 400, large: 400}}\n');
    const { code, out } = await rungwise(`${BTC} --config a.yaml`);
    expect(code).toBe(0);
    expect(out).toContain('rung 2 refused: too much margin in one position (position-margin-too-large)');
    expect(out).toContain('rungs 3–5 are never reached');
  });

  it.each([
    ['plan BTC-USDT-SWP', 'did you mean BTC-USDT-SWAP?', 'может быть, BTC-USDT-SWAP?'],
    ['plan doge', 'did you mean DOGE-USDT-SWAP?', 'может быть, DOGE-USDT-SWAP?'],
    ['plan XYZXYZ-USDT-SWAP', 'is not known offline', 'в таблице нет'],
    ['plan BTC-USDT-SWAP --price 58500.05', 'not a multiple of the tick 0.1', 'не кратно шагу цены 0.1'],
    ['plan BTC-USDT-SWAP --config no.yaml', 'no.yaml: there is no such file', 'no.yaml: нет такого файла'],
    ['plan BTC-USDT-SWAP --instrument no.json', 'no.json: there is no such file', 'no.json: нет такого файла'],
    ['plan BTC-USDT-SWAP --price 900000000000000000000', 'than can be counted', 'чем можно сосчитать'],
    ['plan BTC-USDT-SWAP --stop 150 --price 58500', '150 % below its average a long', 'на 150 % ниже средней'],
  ])('%s ends with 2', async (words, english, russian) => {
    for (const [language, expected] of [
      ['en', english],
      ['ru', russian],
    ] as const) {
      const { code, out, err } = await rungwise(`${words} --lang ${language}`);
      expect({ code, out }, err).toEqual({ code: 2, out: '' });
      expect(err).toContain(expected);
    }
  });

  it('is refused where the file describes another instrument', async () => {
    const tiers = [{ maxSz: '100', maintenanceRate: '0.01', leverageMax: 10 }];
    const fields = {
      ctVal: '1',
      lotSz: '1',
      minSz: '1',
      tickSz: '0.01',
      maxLimitSz: '100',
      maxMarketSz: '100',
      leverageMax: 10,
      tiers,
    };
    writeFileSync('other.json', JSON.stringify({ instId: 'PEPE-USDT-SWAP', ...fields }));
    const { code, err } = await rungwise('plan BTC-USDT-SWAP --instrument other.json');
    expect(code).toBe(2);
    expect(err).toContain('--instrument describes PEPE-USDT-SWAP, not BTC-USDT-SWAP');
  });
});
